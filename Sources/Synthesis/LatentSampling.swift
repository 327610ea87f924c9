import Foundation
import Generators
import Geometry
import Randomness
import Recipes
import Samplers
import Tensors
import Training

/// Synthetic images of one class by one method, before they are written or judged.
package struct SyntheticSet: Sendable {
  package let className: String
  package let method: SyntheticMethod
  /// `[image, height, width, channel]`, values in (0, 1).
  package private(set) var images: Tensor
  package private(set) var draw: LatentDraw
  package let render: SyntheticSettings.Render
  /// The training image, by its row in the codes, that each image began at or is nearest to in latent space: the one
  /// whose residual it has with `residual`.
  package private(set) var origins: [Int]
  /// How many images came out as copies of training images, or nearly, and were drawn anew.
  package private(set) var redrawn = 0
  /// How the chains fared; nil for methods without chains.
  package let chains: SamplerReport?

  package init(
    className: String, method: SyntheticMethod, images: Tensor, draw: LatentDraw, render: SyntheticSettings.Render,
    origins: [Int], chains: SamplerReport?
  ) {
    self.className = className
    self.method = method
    self.images = images
    self.draw = draw
    self.render = render
    self.origins = origins
    self.chains = chains
  }

  /// Puts the first images of another draw at some places of this one.
  mutating func replace(_ places: [Int], by other: SyntheticSet) {
    let sources = places.enumerated().reduce(into: [Int: Int]()) { $0[$1.element] = $1.offset }
    func mixed<Entry>(_ own: [Entry], _ others: [Entry]) -> [Entry] {
      own.indices.map { place in sources[place].map { others[$0] } ?? own[place] }
    }
    let (before, points) = (images, draw.points)
    images = Tensor(before.shape) { target in
      let length = before.count / before.shape[0]
      for place in 0..<before.shape[0] {
        let row = sources[place].map { other.images.row($0) } ?? before.row(place)
        _ = target[(place * length)...].update(fromContentsOf: row)
      }
    }
    draw = LatentDraw(
      points: Matrix(
        rows: points.rows, columns: points.columns,
        values: mixed(
          (0..<points.rows).map { points.row($0) }, (0..<other.draw.points.rows).map { other.draw.points.row($0) }
        ).flatMap { $0 }),
      sources: mixed(draw.sources, other.draw.sources), acceptance: mixed(draw.acceptance, other.draw.acceptance),
      ends: mixed(draw.ends, other.draw.ends))
    origins = mixed(origins, other.origins)
    redrawn += places.count
  }
}

extension TrainedModel {
  /// Draws and renders `count` images, those that are near copies anew where the recipe wants it.
  ///
  /// - Parameters:
  ///   - models: of all classes, this one among them.
  ///   - training: the images of all classes, each class's in the order of its codes; needed to render residuals.
  /// - Throws: `GeometryError` if the metric cannot be built; `ExperimentsError.settings` if rendering lacks something.
  package func generate(
    _ count: Int, by method: SyntheticMethod, recipe: Recipe, among models: [TrainedModel],
    training: TrainingImages
  ) throws -> SyntheticSet {
    let stream = RandomStream(seed: UInt64(recipe.seed), purpose: "\(method.rawValue)/\(card.className)")
    let set = try generate(count, by: method, recipe: recipe, among: models, training: training, stream: stream)
    guard recipe.synthetic.nearCopies == .redraw else { return set }
    return try withoutCopies(set, training: training[card.className]) { count, round in
      try generate(
        count, by: method, recipe: recipe, among: models, training: training,
        stream: stream.substream("redraw", index: round))
    }
  }

  private func generate(
    _ count: Int, by method: SyntheticMethod, recipe: Recipe, among models: [TrainedModel],
    training: TrainingImages, stream: RandomStream
  ) throws -> SyntheticSet {
    if method == .deformation { return try deform(count, training, stream: stream) }
    guard let (sampler, own) = try method.sampler(context(of: method, recipe, among: models, stream: stream)) else {
      preconditionFailure("no sampler for \(method.rawValue)")
    }
    let draw: LatentDraw
    var report: SamplerReport?
    // Chains may jump to another island: then the image where they ended is what theirs is like.
    var origins: [Int?]?
    if let sampler = sampler as? UniformSampler {
      let (points, samples) = try sampler.sample(count, stream: own)
      draw = points
      origins = points.sources.indices.map { chain in
        samples.nearestAtStart[chain] == samples.nearestAtEnd[chain]
          ? points.sources[chain] : sampler.metric.centroidIndices[samples.nearestAtEnd[chain]]
      }
      let diagnosis =
        recipe.sampler.diagnosticDraws > 0
        ? try sampler.diagnose(draws: recipe.sampler.diagnosticDraws, stream: own) : nil
      report = SamplerReport(
        className: card.className, mode: recipe.sampler.mode, metric: sampler.metric, samples: samples,
        diagnosis: diagnosis)
    } else {
      draw = try sampler.draw(count, stream: own)
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
  /// What samplers of this model are made from.
  ///
  /// - Throws: `ExperimentsError.settings` if the method lacks something.
  private func context(
    of method: SyntheticMethod, _ recipe: Recipe, among models: [TrainedModel], stream: RandomStream
  ) throws -> SamplerContext {
    if let problem = method.refusal(of: card.modelKind) { throw ExperimentsError.settings(problem: problem) }
    let others = card.sharedAmong == nil ? [] : models.filter { $0.card.className != card.className }
    if method.description.needs.contains(.otherClasses), others.isEmpty {
      throw ExperimentsError.settings(
        problem:
          "the method \(method.rawValue) needs one model of all classes, and class '\(card.className)' has one of "
          + "its own; train with generator.share all, or take interpolation")
    }
    return SamplerContext(
      model: generator, settings: card.settings ?? ModelSettings(), codes: codes, others: others.map(\.codes.means),
      metric: recipe.metricConfiguration, sampler: recipe.samplerConfiguration,
      path: recipe.synthetic.path == .geodesic ? .geodesic : .straight,
      interpolationSteps: recipe.synthetic.interpolationSteps,
      interpolationLeapfrogSteps: recipe.sampler.leapfrogSteps ?? 10,
      interpolationStepSize: recipe.sampler.stepSize ?? 0.01, mixtureComponents: recipe.synthetic.gmmComponents,
      stream: stream)
  }

  /// Training images in other shapes. They keep their source's fine detail, as residuals do; their codes are the encoder's.
  private func deform(_ count: Int, _ training: TrainingImages, stream: RandomStream) throws -> SyntheticSet {
    guard let index = training.classes.firstIndex(of: card.className) else {
      preconditionFailure("\(card.className) is none of \(training.classes)")
    }
    let drawn = try training.shapes().draw(class: index, count: count, stream: stream)
    return SyntheticSet(
      className: card.className, method: .deformation, images: drawn.images,
      draw: LatentDraw(points: generator.encode(drawn.images).means, sources: drawn.sources), render: .residual,
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
