import Foundation
import Generators
import Geometry
import Randomness
import Tensors

/// Synthetic images of one class by one method, before they are written or judged.
struct SyntheticSet: Sendable {
  let className: String
  let method: SyntheticMethod
  /// `[image, height, width, channel]`, values in (0, 1).
  let images: Tensor
  let draw: LatentDraw
  let render: SyntheticSettings.Render
  /// The training image, by its row in the codes, that each image began at or is nearest to in latent space: the one
  /// whose residual it has with `residual`.
  let origins: [Int]
  /// How the chains fared; nil for methods without chains.
  let chains: SamplerReport?
}

extension TrainedModel {
  /// Draws and renders `count` images.
  ///
  /// - Parameters:
  ///   - models: of all classes, this one among them.
  ///   - training: the images of all classes, each class's in the order of its codes; needed to render residuals.
  /// - Throws: `GeometryError` if the metric cannot be built; `ExperimentsError.settings` if rendering lacks something.
  func generate(
    _ count: Int, by method: SyntheticMethod, recipe: Recipe, among models: [TrainedModel],
    training: TrainingImages
  ) throws -> SyntheticSet {
    let stream = RandomStream(seed: UInt64(recipe.seed), purpose: "\(method.rawValue)/\(card.className)")
    var report: SamplerReport?
    // Chains may jump to another island: then the image where they ended is what theirs is like.
    var origins: [Int?]?
    let draw: LatentDraw
    switch method {
    case .manifold:
      let sampler = try UniformSampler(
        codes, metric: recipe.metricConfiguration, sampler: recipe.samplerConfiguration,
        stream: stream.substream("centroids"))
      let chains = stream.substream("chains")
      let (points, samples) = try sampler.sample(count, stream: chains)
      draw = points
      origins = points.sources.indices.map { chain in
        samples.nearestAtStart[chain] == samples.nearestAtEnd[chain]
          ? points.sources[chain] : sampler.metric.centroidIndices[samples.nearestAtEnd[chain]]
      }
      let diagnosis =
        recipe.sampler.diagnosticDraws > 0
        ? try sampler.diagnose(draws: recipe.sampler.diagnosticDraws, stream: chains) : nil
      report = SamplerReport(
        className: card.className, mode: recipe.sampler.mode, metric: sampler.metric, samples: samples,
        diagnosis: diagnosis)
    case .interpolation:
      draw = try InterpolationSampler(
        codes, metric: recipe.metricConfiguration, path: recipe.synthetic.path == .geodesic ? .geodesic : .straight,
        steps: recipe.synthetic.interpolationSteps, leapfrogSteps: recipe.sampler.leapfrogSteps ?? 10,
        stepSize: recipe.sampler.stepSize ?? 0.01, stream: stream.substream("centroids")
      ).draw(count, stream: stream.substream("points"))
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
    case .transfer:
      let others = models.filter { $0.card.className != card.className }.map(\.codes.means)
      guard card.sharedAmong != nil, !others.isEmpty else {
        throw ExperimentsError.settings(
          problem: "the method transfer needs one model of all classes, and class '\(card.className)' has one of its "
            + "own; train with generator.share all, or take interpolation")
      }
      draw = TransferSampler(codes: codes.means, others: others).draw(count, stream: stream)
    case .deformation: return try deform(count, training, stream: stream)
    }
    let nearest = RowDistances(to: codes.means).nearest(to: draw.points)
    let found = nearest.indices.map { (origins ?? draw.origins)[$0] ?? nearest[$0] }
    return SyntheticSet(
      className: card.className, method: method,
      images: try render(
        draw.points, recipe.synthetic.render, origins: found, training: training[card.className],
        spectrum: recipe.synthetic.render == .observe ? residualSpectrum(among: models) : nil,
        stream: stream.substream("render")),
      draw: draw, render: recipe.synthetic.render, origins: found, chains: report)
  }
}

extension TrainedModel {
  /// Training images in other shapes. They keep their source's fine detail, as residuals do; their codes are the encoder's.
  private func deform(_ count: Int, _ training: TrainingImages, stream: RandomStream) throws -> SyntheticSet {
    guard let index = training.classes.firstIndex(of: card.className) else {
      preconditionFailure("\(card.className) is none of \(training.classes)")
    }
    let drawn = try training.shapes().draw(class: index, count: count, stream: stream)
    return SyntheticSet(
      className: card.className, method: .deformation, images: drawn.images,
      draw: LatentDraw(points: vae.encode(drawn.images).means, sources: drawn.sources), render: .residual,
      origins: drawn.sources, chains: nil)
  }
}

extension LatentDraw {
  /// The training image that each point began at, the nearer one of two; nil where there is none.
  fileprivate var origins: [Int?] {
    zip(sources, ends).map { source, end in
      if let end, end.position > 0.5 { end.source } else { source }
    }
  }
}
