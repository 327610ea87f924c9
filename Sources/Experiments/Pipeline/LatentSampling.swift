import Foundation
import Generators
import Geometry
import Randomness
import Tensors

/// Synthetic images of one class by one method, before they are written or judged.
struct SyntheticSet: Sendable {
  let className: String
  let method: SyntheticMethod
  /// `[image, height, width, 1]`, values in (0, 1).
  let images: Tensor
  let draw: LatentDraw
  /// How the chains fared; nil for methods without chains.
  let chains: SamplerReport?
}

/// What is worth knowing of the chains of one class.
public struct SamplerReport: Codable, Sendable, Equatable {
  public var className: String
  public var chains: Int
  public var centroids: Int
  public var rho: Double
  public var lambda: Double
  public var tau: Double
  /// Mean acceptance probability over all transitions, in [0, 1].
  public var acceptance: Double
  public var divergences: Int
  /// Median distance from a chain's start to its end, in latent units.
  public var medianDisplacement: Double
  /// The share of chains that end nearest to another centroid than they began.
  public var changedCentroidShare: Double
  /// Distance moved by each chain.
  public var displacements: [Double]
  /// Log volume density at each chain's end, up to a constant.
  public var logDensities: [Double]

  init(className: String, metric: RiemannianMetric, samples: ManifoldSamples) {
    let run = samples.run
    let count = max(run.positions.rows, 1)
    self.className = className
    chains = run.positions.rows
    centroids = metric.centroids.rows
    (rho, lambda, tau) = (metric.rho, metric.lambda, metric.tau)
    acceptance = run.acceptance.reduce(0, +) / Double(count)
    divergences = run.divergences.reduce(0, +)
    let sorted = run.displacement.sorted()
    medianDisplacement = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    let changed = zip(samples.nearestAtStart, samples.nearestAtEnd).count { $0 != $1 }
    changedCentroidShare = Double(changed) / Double(count)
    displacements = run.displacement
    logDensities = run.logDensity
  }

  /// One line for the screen.
  public var summary: String {
    String(
      format: "%@: %d chains on %d centroids, acceptance %.3f, moved %.2f (%.2f rho), %.0f %% changed centroid",
      className, chains, centroids, acceptance, medianDisplacement, medianDisplacement / rho,
      100 * changedCentroidShare)
      + (divergences > 0 ? ", \(divergences) divergences" : "")
  }
}

extension TrainedModel {
  /// Draws and decodes `count` images.
  ///
  /// - Throws: `GeometryError` if the metric cannot be built.
  func generate(_ count: Int, by method: SyntheticMethod, recipe: Recipe) throws -> SyntheticSet {
    let stream = RandomStream(seed: UInt64(recipe.seed), purpose: "\(method.rawValue)/\(card.className)")
    var report: SamplerReport?
    let draw: LatentDraw
    switch method {
    case .manifold:
      let sampler = try UniformSampler(
        codes, metric: recipe.metricConfiguration, sampler: recipe.samplerConfiguration,
        stream: stream.substream("centroids"))
      let (points, samples) = try sampler.sample(count, stream: stream.substream("chains"))
      draw = points
      report = SamplerReport(className: card.className, metric: sampler.metric, samples: samples)
    case .prior:
      draw = PriorSampler(latentDimensions: card.latentDimensions).draw(count, stream: stream)
    case .gmm:
      let mixture = try GaussianMixture(
        fittedTo: codes.means,
        configuration: GaussianMixtureConfiguration(components: recipe.synthetic.gmmComponents),
        stream: stream.substream("fit"))
      draw = LatentDraw(points: mixture.sample(count, stream: stream.substream("draw")))
    case .posterior:
      draw = PosteriorSampler(codes).draw(count, stream: stream)
    }
    return SyntheticSet(
      className: card.className, method: method, images: vae.decode(draw.points), draw: draw, chains: report)
  }
}
