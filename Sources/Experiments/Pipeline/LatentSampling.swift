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
      let chains = stream.substream("chains")
      let (points, samples) = try sampler.sample(count, stream: chains)
      draw = points
      let diagnosis =
        recipe.sampler.diagnosticDraws > 0
        ? try sampler.diagnose(draws: recipe.sampler.diagnosticDraws, stream: chains) : nil
      report = SamplerReport(
        className: card.className, mode: recipe.sampler.mode, metric: sampler.metric, samples: samples,
        diagnosis: diagnosis)
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
    case .smote:
      draw = SMOTESampler(codes: codes.means).draw(count, stream: stream)
    }
    return SyntheticSet(
      className: card.className, method: method, images: vae.decode(draw.points), draw: draw, chains: report)
  }
}
