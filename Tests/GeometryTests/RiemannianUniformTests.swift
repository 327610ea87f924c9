import Geometry
import Randomness
import Testing

/// Chains on the volume density against its integral over bins, and the same check on samplers with a mistake in them.
@Suite struct RiemannianUniformTests {
  private let stream = RandomStream(seed: 21, purpose: "test")

  enum Mistake: CaseIterable {
    case halfMomentum, clampedDeterminant, lambdaPerCentroid, missingHalf, missingHalfInAcceptStep
  }

  /// The last positions of independent chains that started at the centroids in turn.
  private func samples(
    _ makeMetric: (Double) throws -> RiemannianMetric, _ mistake: Mistake? = nil
  ) throws -> (samples: Matrix, metric: RiemannianMetric) {
    let metric = try makeMetric(1)
    var sampler = try HamiltonianMonteCarlo(HMCConfiguration(steps: 60, leapfrogSteps: 8, stepSize: 0.2))
    let starts = metric.centroids.selectingRows(
      (0..<(mistake == nil ? 12_000 : 3_000)).map { $0 % metric.centroids.rows })
    func run(_ target: some LogDensity) -> Matrix { sampler.run(target, starts: starts, stream: stream).positions }
    let density = VolumeDensity(metric)
    let samples: Matrix
    switch mistake {
    case nil: samples = run(density)
    case .halfMomentum:
      sampler.velocityDeviation = 0.5
      samples = run(density)
    case .clampedDeterminant: samples = run(BrokenVolumeDensity(base: density, mistake: .clampedDeterminant))
    case .missingHalf: samples = run(BrokenVolumeDensity(base: density, mistake: .missingHalf))
    case .missingHalfInAcceptStep:
      samples = run(BrokenVolumeDensity(base: density, mistake: .missingHalfInAcceptStep))
    case .lambdaPerCentroid: samples = run(VolumeDensity(try makeMetric(Double(metric.centroids.rows))))
    }
    return (samples, metric)
  }

  @Test func onALineChainsFollowTheVolume() throws {
    let (samples, metric) = try samples(metricOnALine)
    let check = agreesWithVolume(samples, metric)
    #expect(check.passes, "\(check)")
  }

  @Test func onAPlaneChainsFollowTheVolume() throws {
    let (samples, metric) = try samples(metricOnAPlane)
    let check = agreesWithVolume(samples, metric)
    #expect(check.passes, "\(check)")
  }

  @Test(arguments: Mistake.allCases) func onALineAMistakeIsFound(mistake: Mistake) throws {
    let (samples, metric) = try samples(metricOnALine, mistake)
    let check = agreesWithVolume(samples, metric)
    #expect(!check.passes, "\(check)")
  }

  @Test(arguments: Mistake.allCases) func onAPlaneAMistakeIsFound(mistake: Mistake) throws {
    let (samples, metric) = try samples(metricOnAPlane, mistake)
    let check = agreesWithVolume(samples, metric)
    #expect(!check.passes, "\(check)")
  }

  @Test func centroidsAreDrawnEvenlyAndRemembered() throws {
    let metric = try randomMetric(centroids: 20, dimension: 6, deviation: 0.2)
    let sampler = try ManifoldSampler(metric, configuration: HMCConfiguration(steps: 5))
    let samples = try sampler.sample(4000, stream: stream)
    var counts = [Int](repeating: 0, count: 20)
    for start in samples.startCentroids { counts[start] += 1 }
    let even = ChiSquared(counts: counts, probabilities: [Double](repeating: 1 / 20, count: 20))
    #expect(even.passes, "\(even)")
    #expect(samples.run.starts == metric.centroids.selectingRows(samples.startCentroids))
    #expect(samples.nearestAtStart == samples.startCentroids)
    #expect(samples.nearestAtEnd == RowDistances(to: metric.centroids).nearest(to: samples.run.positions))
    #expect(samples.run.displacement.allSatisfy { $0 > 0 && $0 < 2 })
    #expect(samples.run.acceptance.allSatisfy { $0 > 0.99 })
    #expect(throws: GeometryError.self) { try sampler.sample(-1, stream: stream) }
  }
}
