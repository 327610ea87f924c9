import Foundation
import Generators
import Geometry
import Randomness

/// Draws from the uniform distribution of the Riemannian metric that the posterior covariances define: the paper's
/// method, by Hamiltonian Monte Carlo.
///
/// Source: the paper, section 4.5, Algorithms 1 and 2.
public struct UniformSampler: LatentSampler {
  public let metric: RiemannianMetric
  private let sampler: ManifoldSampler

  /// Builds the metric; nothing is drawn yet.
  ///
  /// - Parameters:
  ///   - codes: of the training images of a class, with posterior variances.
  ///   - metric: how the metric is built from them.
  ///   - sampler: the chains; what it leaves open a pilot run finds at the first draw.
  ///   - stream: where the choice of centroids starts, when only some are used.
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
  /// - Parameters:
  ///   - draws: transitions of each of these chains, at least 4.
  ///   - stream: the one that `sample` is given, so that the step size is the same.
  /// - Throws: `GeometryError.option` for too few draws.
  public func diagnose(draws: Int, stream: RandomStream) throws -> ChainDiagnosis {
    try sampler.diagnose(draws: draws, stream: stream)
  }
}
