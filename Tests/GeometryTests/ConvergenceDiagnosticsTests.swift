import Foundation
import Geometry
import Randomness
import Testing

@Suite struct ConvergenceDiagnosticsTests {
  /// Chains of y <- phi y + u with u uniform on [-1/2, 1/2) from a linear congruential generator, chain c raised by c
  /// times `shift`.
  private func chains(_ count: Int, _ draws: Int, phi: Double, shift: Double) -> [[Double]] {
    (0..<count).map { chain in
      var state = 12345 + chain * 1000
      var value = 0.0
      return (0..<draws).map { _ in
        state = (1_103_515_245 * state + 12345) % 0x8000_0000
        value = phi * value + Double(state) / 0x1p31 - 0.5
        return value + shift * Double(chain)
      }
    }
  }

  struct Reference: Sendable {
    let chains: Int
    let draws: Int
    let phi: Double
    let shift: Double
    let rHat: Double
    let bulk: Double
    let tail: Double
  }

  /// Computed with ArviZ 0.19: rhat(method="rank"), ess(method="bulk"), ess(method="tail").
  static let references = [
    Reference(
      chains: 4, draws: 200, phi: 0, shift: 0, rHat: 1.0023683415428852, bulk: 859.9788512592667,
      tail: 814.2043049691172),
    Reference(
      chains: 4, draws: 200, phi: 0.6, shift: 0, rHat: 1.0158933177975447, bulk: 236.77777338185751,
      tail: 408.7715414689072),
    Reference(
      chains: 4, draws: 200, phi: 0.9, shift: 0, rHat: 1.088010677171777, bulk: 45.835263161282974,
      tail: 112.22196693210952),
    Reference(
      chains: 4, draws: 201, phi: 0.3, shift: 0.2, rHat: 1.2814449027022512, bulk: 11.954246992521183,
      tail: 71.53863822506244),
    Reference(
      chains: 2, draws: 100, phi: -0.5, shift: 0, rHat: 1.034696122628954, bulk: 460.2059991327962,
      tail: 198.84405233685487),
  ]

  @Test(arguments: references) func meetArviZ(reference: Reference) throws {
    let chains = chains(reference.chains, reference.draws, phi: reference.phi, shift: reference.shift)
    #expect(abs(try #require(RHat.rankNormalised(chains)) - reference.rHat) < 1e-9)
    #expect(abs(try #require(EffectiveSampleSize.bulk(chains)) / reference.bulk - 1) < 1e-9)
    #expect(abs(try #require(EffectiveSampleSize.tail(chains)) / reference.tail - 1) < 1e-9)
  }

  /// An autoregression of order one is worth (1 - phi) / (1 + phi) of its draws.
  @Test(arguments: [0.0, 0.5, 0.8]) func autoregressionIsWorthWhatTheorySays(phi: Double) throws {
    let chains = (0..<4).map { chain in
      var stream = RandomStream(seed: 4, purpose: "autoregression", index: chain)
      var value = stream.normal()
      return (0..<20_000).map { _ in
        value = phi * value + (1 - phi * phi).squareRoot() * stream.normal()
        return value
      }
    }
    let expected = 80_000 * (1 - phi) / (1 + phi)
    #expect(abs(try #require(EffectiveSampleSize.bulk(chains)) / expected - 1) < 0.1)
    #expect(try #require(RHat.rankNormalised(chains)) < 1.002)
  }

  @Test func chainsThatDoNotMoveAreSeen() {
    #expect(RHat.rankNormalised([[1, 1, 1, 1], [2, 2, 2, 2]]) == .infinity)
    // Equal draws agree perfectly and tell nothing.
    let equal = [[1.0, 1, 1, 1], [1, 1, 1, 1]]
    #expect(RHat.rankNormalised(equal) == nil)
    #expect(EffectiveSampleSize.bulk(equal) == nil && EffectiveSampleSize.tail(equal) == nil)
    // One of two chains stays where it is: they disagree.
    let one = chains(2, 100, phi: 0, shift: 0)
    #expect(RHat.rankNormalised([one[0], Array(repeating: 0.3, count: 100)]).map { $0 > 1.05 } == true)
  }

  /// A sampler that accepts nothing: all figures of how it mixes are not known, and the warning says so.
  @Test func aSamplerThatNeverMovedTellsNothing() throws {
    let stream = RandomStream(seed: 5, purpose: "test")
    let metric = try RiemannianMetric(
      codes: Matrix([[0, 0], [3, 0], [0, 3], [3, 3]]), variances: Matrix(rows: 4, columns: 2, repeating: 0.2),
      configuration: MetricConfiguration(rho: .value(1), lambda: 1e-6), stream: stream)
    var configuration = HMCConfiguration.defaults(of: .paper)
    configuration.stepSize = 1e9
    let frozen = try ManifoldSampler(metric, configuration: configuration).diagnose(stream: stream)
    #expect(frozen.isFrozen && frozen.frozenChains == 4 && frozen.rHatText == "cannot be told", "\(frozen)")
    #expect(frozen.largestRHat == nil && frozen.bulkEffectiveSamples == nil && frozen.energyFraction == nil)
    #expect(frozen.warnings.contains { $0.contains("none of 4 chains moved") && $0.contains("cannot be told") })
  }

  /// (4 + 1 + 9 + 1) / (4 + 0 + 1 + 4 + 1).
  @Test func energyFractionIsAsByHand() {
    #expect(EnergyFraction.of([1, 3, 2, 5, 4]).map { abs($0 - 1.5) < 1e-15 } == true)
    #expect(EnergyFraction.of([2, 2]) == nil)
  }

  /// Islands that overlap mix; islands far apart do not, which R-hat says, until chains may jump.
  @Test func aDiagnosticRunTellsIslandsApart() throws {
    let stream = RandomStream(seed: 5, purpose: "test")
    func diagnosis(_ distance: Double, _ crossing: IslandCrossing) throws -> ChainDiagnosis {
      let metric = try RiemannianMetric(
        codes: Matrix([[0, 0], [distance, 0], [0, distance], [distance, distance]]),
        variances: Matrix(rows: 4, columns: 2, repeating: 0.2),
        configuration: MetricConfiguration(rho: .value(1), lambda: 1e-6, tauFollowsRadius: true), stream: stream)
      var configuration = HMCConfiguration.defaults(of: .calibrated)
      configuration.crossing = crossing
      return try ManifoldSampler(metric, configuration: configuration).diagnose(stream: stream)
    }
    let near = try diagnosis(0.6, .none)
    #expect(near.warnings.isEmpty, "\(near)")
    #expect(near.chains == 4 && near.draws == 1000 && near.divergences == 0)
    let apart = try diagnosis(20, .none)
    #expect((apart.largestRHat ?? .infinity) > 1.5)
    #expect(try #require(apart.bulkEffectiveSamples) < 100)
    #expect(apart.warnings.contains { $0.contains("R-hat") } && apart.warnings.contains { $0.contains("effective") })
    let crossed = try diagnosis(20, .islands)
    #expect(crossed.warnings.isEmpty, "\(crossed)")
  }
}
