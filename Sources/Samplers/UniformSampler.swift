import Foundation
import Generators
import Geometry
import Randomness

/// Draws from the uniform distribution of the Riemannian metric that the posterior covariances define: the paper's
/// method, by Hamiltonian Monte Carlo.
///
/// Source: the paper, Algorithms 1 and 2.
public struct UniformSampler: LatentSampler {
  public let metric: RiemannianMetric
  private let sampler: ManifoldSampler

  /// - Parameter stream: where the choice of centroids starts, when only some are used.
  /// - Throws: `GeometryError`; `GeneratorError.noPosterior` for codes without posterior variances.
  public init(
    _ codes: Codes, metric: MetricConfiguration, sampler: HMCConfiguration, stream: RandomStream
  ) throws {
    let variances = try codes.variances(for: "the metric")
    self.metric = try RiemannianMetric(
      codes: codes.means, variances: variances, configuration: metric, stream: stream)
    self.sampler = try ManifoldSampler(self.metric, configuration: sampler)
  }

  public func draw(_ count: Int, stream: RandomStream) throws -> LatentDraw {
    try sample(count, stream: stream).draw
  }

  /// Draws with all that is known of the chains.
  public func sample(_ count: Int, stream: RandomStream) throws -> (draw: LatentDraw, samples: ManifoldSamples) {
    let samples = try sampler.sample(count, stream: stream)
    let draw = LatentDraw(
      points: samples.run.positions, sources: samples.startCentroids.map { metric.centroidIndices[$0] },
      acceptance: samples.run.acceptance)
    return (draw, samples)
  }

  /// Runs further chains only to tell how well they mix.
  ///
  /// - Parameter stream: the one that `sample` is given.
  public func diagnose(draws: Int, stream: RandomStream) throws -> ChainDiagnosis {
    try sampler.diagnose(draws: draws, stream: stream)
  }
}
