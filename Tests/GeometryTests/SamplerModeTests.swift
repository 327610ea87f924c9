import Foundation
import Geometry
import Randomness
import Testing

/// What each mode draws, against the volume integrated over bins.
@Suite struct SamplerModeTests {
  private let stream = RandomStream(seed: 31, purpose: "test")

  private func calibrated(_ crossing: IslandCrossing = .none, mass: HMCMass = .islands) -> HMCConfiguration {
    var configuration = HMCConfiguration.defaults(of: .calibrated)
    configuration.crossing = crossing
    configuration.mass = mass
    return configuration
  }

  @Test(arguments: IslandCrossing.allCases, HMCMass.allCases)
  func calibratedChainsFollowTheVolume(crossing: IslandCrossing, mass: HMCMass) throws {
    for metric in [try metricOnALine(), try metricOnAPlane()] {
      let sampler = try ManifoldSampler(metric, configuration: calibrated(crossing, mass: mass))
      let samples = try sampler.sample(6000, stream: stream)
      let check = agreesWithVolume(samples.run.positions, metric)
      #expect(check.passes, "\(check) by \(samples.kernel), \(samples.steps) steps")
      #expect(samples.steps >= 20 && samples.steps <= HMCConfiguration.stepBudget)
      let acceptance = samples.run.acceptance.reduce(0, +) / 6000
      #expect(abs(acceptance - 0.8) < 0.1, "\(acceptance)")
      #expect((samples.run.crossings.reduce(0, +) > 6000) == (crossing == .islands))
    }
  }

  /// It is made for comparison; that it fails is what its warning says.
  @Test func thePublishedCodeSamplesAnotherDensity() throws {
    for metric in [try metricOnALine(), try metricOnAPlane()] {
      var configuration = HMCConfiguration.defaults(of: .publishedCode)
      (configuration.steps, configuration.stepSize) = (60, 0.2)
      let samples = try ManifoldSampler(metric, configuration: configuration).sample(3000, stream: stream)
      let check = agreesWithVolume(samples.run.positions, metric)
      #expect(!check.passes, "\(check)")
    }
  }

  /// Where the determinant underflows single precision, 0 / 0 is no number and the published code's chains freeze.
  @Test func thePublishedCodeFreezesFarFromTheData() throws {
    let metric = try RiemannianMetric(
      codes: Matrix((0..<2).map { row in (0..<32).map { _ in Double(row) * 100 } }),
      variances: Matrix(rows: 2, columns: 32, repeating: 1e6),
      configuration: MetricConfiguration(rho: .value(1), lambda: 1e-4), stream: stream)
    func moved(_ mode: HMCMode) throws -> [Double] {
      try ManifoldSampler(metric, configuration: .defaults(of: mode)).sample(5, stream: stream).run.displacement
    }
    #expect(try moved(.publishedCode) == [0, 0, 0, 0, 0])
    #expect(try moved(.paper).allSatisfy { $0 > 0 })
  }

  /// Points drawn from the density itself, by its integral along the line.
  private func exactDraws(_ count: Int, _ metric: RiemannianMetric) -> Matrix {
    let step = 0.001
    let grid = (-16_000..<16_000).map { (Double($0) + 0.5) * step }
    var sum = 0.0
    let cumulative = grid.map { point in
      sum += volume(metric, [point])
      return sum
    }
    var stream = stream.substream("exact")
    return Matrix(
      (0..<count).map { _ in
        let threshold = stream.uniform() * sum
        var (low, high) = (0, grid.count - 1)
        while low < high {
          let middle = (low + high) / 2
          if cumulative[middle] > threshold { high = middle } else { low = middle + 1 }
        }
        return [grid[low] + (stream.uniform() - 0.5) * step]
      })
  }

  enum Step: CaseIterable { case paper, jittered, crossing }

  /// Geweke's idea: what has the right distribution keeps it, however few transitions follow.
  @Test(arguments: Step.allCases) func aFewTransitionsLeaveTheDensityAsItIs(step: Step) throws {
    let metric = try metricOnALine()
    let density = VolumeDensity(metric)
    let starts = exactDraws(20_000, metric)
    let sampler = try HamiltonianMonteCarlo()
    let (kernel, crossing): (HMCKernel, IslandMixture?) =
      switch step {
      case .paper: (HMCKernel(stepSize: 0.01, leapfrogSteps: 10), nil)
      case .jittered: (HMCKernel(stepSize: 1.2, leapfrogSteps: 3, jitter: true, scales: [0.6]), nil)
      case .crossing: (HMCKernel(stepSize: 0.9, leapfrogSteps: 2, jitter: true), IslandMixture(density))
      }
    let run = sampler.run(density, kernel: kernel, steps: 5, starts: starts, crossing: crossing, stream: stream)
    let check = agreesWithVolume(run.positions, metric)
    #expect(check.passes, "\(check)")
  }

  /// The same check finds a wrong velocity and jumps without their correction.
  @Test func aFewWrongTransitionsAreFound() throws {
    let metric = try metricOnALine()
    let density = VolumeDensity(metric)
    let starts = exactDraws(20_000, metric)
    var half = try HamiltonianMonteCarlo()
    half.velocityDeviation = 0.5
    var uncorrected = try HamiltonianMonteCarlo()
    uncorrected.correctsCrossing = false
    let kernel = HMCKernel(stepSize: 0.3, leapfrogSteps: 5, jitter: true)
    for (sampler, crossing) in [(half, nil), (uncorrected, IslandMixture(density))] {
      let run = sampler.run(density, kernel: kernel, steps: 5, starts: starts, crossing: crossing, stream: stream)
      let check = agreesWithVolume(run.positions, metric)
      #expect(!check.passes, "\(check)")
    }
  }

  @Test func jumpsWithoutTheirCorrectionAreFoundOnAPlane() throws {
    let metric = try metricOnAPlane()
    let density = VolumeDensity(metric)
    let starts = metric.centroids.selectingRows((0..<6000).map { $0 % 4 })
    for corrects in [true, false] {
      var sampler = try HamiltonianMonteCarlo()
      sampler.correctsCrossing = corrects
      let run = sampler.run(
        density, kernel: HMCKernel(stepSize: 0.3, leapfrogSteps: 5), steps: 40, starts: starts,
        crossing: IslandMixture(density), stream: stream)
      let check = agreesWithVolume(run.positions, metric)
      #expect(check.passes == corrects, "\(check)")
    }
  }

  /// Far apart, islands have equal masses whatever their shapes, as the derivation in `IslandMixture` says.
  @Test func islandsFarApartHaveEqualShares() throws {
    let metric = try RiemannianMetric(
      codes: Matrix([[0, 0], [30, 0], [0, 40]]), variances: Matrix([[0.1, 2], [1, 1], [0.5, 0.03]]),
      configuration: MetricConfiguration(rho: .value(1), lambda: 0), stream: stream)
    let mixture = IslandMixture(VolumeDensity(metric))
    for share in mixture.shares { #expect(abs(share - 1.0 / 3) < 1e-9) }
    // Where one component counts, density and mixture differ by a constant: the mixture is exact.
    let points = Matrix([[0.1, 0.5], [30.5, -1], [0.3, 40.1]])
    let difference = zip(VolumeDensity(metric).evaluation(at: points).logDensity, mixture.logDensities(at: points))
      .map { $0 - $1 }
    for value in difference { #expect(abs(value - difference[0]) < 1e-6) }
  }

  @Test func dispersedStartsUseEveryCentroidBeforeAnyTwice() throws {
    let metric = try randomMetric(centroids: 20, dimension: 3, deviation: 0.2)
    let samples = try ManifoldSampler(metric, configuration: .defaults(of: .calibrated)).sample(50, stream: stream)
    for round in [0..<20, 20..<40] { #expect(Set(samples.startCentroids[round]).count == 20) }
    #expect(Set(samples.startCentroids[40...]).count == 10)
  }

  @Test func singleSettingsOverrideTheMode() throws {
    var configuration = HMCConfiguration.defaults(of: .calibrated)
    (configuration.steps, configuration.stepSize) = (7, 0.25)
    let samples = try ManifoldSampler(try metricOnAPlane(), configuration: configuration).sample(40, stream: stream)
    #expect(samples.steps == 7 && samples.kernel.stepSize == 0.25)
    #expect(samples.kernel.leapfrogSteps == Int((Double.pi / 2 / 0.25).rounded()))
    let again = try JSONDecoder().decode(HMCConfiguration.self, from: Data(#"{"mode": "calibrated"}"#.utf8))
    #expect(again == .defaults(of: .calibrated))
  }

  @Test func tauAndRhoFollowTheirRules() throws {
    func metric(_ configuration: MetricConfiguration) throws -> RiemannianMetric {
      try RiemannianMetric(
        codes: Matrix([[3, 4], [0, 1], [1, 1]]), variances: Matrix([[1, 4], [0.25, 1], [1, 1]]),
        configuration: configuration, stream: stream)
    }
    let followed = try metric(MetricConfiguration(tau: 9, tauFollowsRadius: true))
    #expect(followed.tau == 1.0 / 25 && followed.dataRadius == 5)
    #expect(try metric(MetricConfiguration(rhoFactor: 0.5)).rho == 0.5 * 13.0.squareRoot())
    // From (3, 4): to (1, 1) 4/1 + 9/4; from (0, 1): to (1, 1) 1/0.25; from (1, 1): 1.
    #expect(try metric(MetricConfiguration(rhoDistance: .mahalanobis)).rho == 6.25.squareRoot())
    #expect(throws: GeometryError.self) { try metric(MetricConfiguration(rhoFactor: 0)) }
  }
}
