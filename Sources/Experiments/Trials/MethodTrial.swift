import Classification
import Datasets
import Evaluations
import Foundation
import Generators
import Geometry
import Judgement
import Networks
import Randomness
import Recipes
import Runs
import Samplers
import Synthesis
import Tensors
import Training

/// One evaluation method of a recipe on one division of the images, without a run folder: what it draws, and the classifiers
/// that are trained on it, as an evaluation trains them. Only training images are learned from; validation images choose epochs.
package struct MethodTrial: Sendable {
  package let recipe: Recipe
  package let method: EvaluationMethod
  package let data: ExperimentData
  private let sets: EvaluationSets
  private let pool: LabelledImages

  /// Synthetic images of every class.
  package struct Drawn: Sendable {
    let sets: [SyntheticSet]
    /// Of each class, where a network took part.
    let models: [TrainedModel]

    /// The share of images that came out as near copies of training images and were drawn anew.
    package var redrawnShare: Double {
      Double(sets.reduce(0) { $0 + $1.redrawn }) / Double(max(1, sets.reduce(0) { $0 + $1.images.shape[0] }))
    }
  }

  /// A classifier that was trained.
  package enum Trained: Sendable {
    case network(Classifier)
    case linear(LinearClassifier)
    /// A linear classifier that was read from its file.
    case map(LinearMap)

    /// The probability of each class for each image: `[image, class]`.
    ///
    /// - Parameter images: `[height, width, channel]` each, at least one.
    package func probabilities(_ images: TensorRows) -> Tensor {
      switch self {
      case .network(let classifier): classifier.probabilities(images)
      case .linear(let classifier): classifier.probabilities(images)
      case .map(let map): map.probabilities(images)
      }
    }

    /// Its weights by name, for a SafeTensors file.
    package var entries: [(name: String, entry: SafeTensors.Entry)] {
      switch self {
      case .network(let classifier): classifier.entries
      case .linear(let classifier): classifier.entries
      case .map(let map): map.entries
      }
    }
  }

  /// - Parameter drawn: what the method draws; nil for one that draws nothing.
  package init(_ recipe: Recipe, _ method: EvaluationMethod, data: ExperimentData, drawn: Drawn?) {
    precondition((method.synthetic == nil) == (drawn == nil), "\(method.rawValue) with or without synthetic images")
    (self.recipe, self.method, self.data) = (recipe, method, data)
    let synthetic = method.synthetic.flatMap { way in drawn.map { [way: $0.sets] } } ?? [:]
    sets = EvaluationSets(recipe: recipe, data: data, synthetic: synthetic)
    pool = sets.pool(of: method)
  }

  /// Trains one classifier.
  ///
  /// - Parameter run: methods of one run and recipe seed start from the same weights.
  /// - Throws: `ClassificationError`, `GeometryError`.
  package func train(run: Int, onEpoch: () -> Void = {}) throws -> Trained {
    guard method == .linear else {
      return .network(
        try sets.train(method, run: run, pool: pool, validation: sets.labelled(.validation), onEpoch: onEpoch))
    }
    let train = sets.labelled(.train)!
    return .linear(
      try LinearClassifier(
        images: train.images, labels: train.labels,
        subjects: data.indices(in: .train).map { data.set.images[$0].subject }, classes: data.classes.count,
        stream: RandomStream(seed: UInt64(recipe.seed), purpose: "linear")))
  }

  /// How many images a training sees, epochs counted.
  package var imagesSeen: Int {
    method == .linear ? 0 : sets.training(method, run: 0, pool: pool).images.count * recipe.classifier.epochs
  }
}

extension MethodTrial {
  /// Trains the models of a division; without a folder that lasts.
  ///
  /// - Parameter folder: a place of this process's own, that is empty or was filled by the same call.
  package static func models(
    _ recipe: Recipe, data: ExperimentData, in folder: URL
  ) throws -> [TrainedModel] {
    try ModelTraining(recipe: recipe, data: data, progress: .silent, saysMemory: false).run(
      in: RunFolder(unshared: folder))
  }

  /// The training images of a division, with their shapes once these are asked for.
  package final class Source: Sendable {
    let training: TrainingImages
    package init(_ data: ExperimentData) { training = TrainingImages(data, progress: .silent) }
  }

  /// Draws `evaluation.synthetic-per-class` images of every class.
  ///
  /// - Parameter models: of every class; none for `deformation`, which takes no network.
  /// - Throws: `GeometryError`, `ExperimentsError.settings`.
  package static func draw(
    _ recipe: Recipe, _ method: SyntheticMethod, data: ExperimentData, models: [TrainedModel], from source: Source
  ) throws -> Drawn {
    let count = recipe.evaluation.syntheticPerClass
    if method == .deformation {
      let shapes = try source.training.shapes()
      let sets = data.classes.enumerated().map { index, name in
        SyntheticSet.deformed(
          shapes.draw(
            class: index, count: count,
            stream: RandomStream(seed: UInt64(recipe.seed), purpose: "\(method.rawValue)/\(name)")), className: name)
      }
      return Drawn(sets: sets, models: [])
    }
    return Drawn(
      sets: try models.map {
        try $0.generate(count, by: method, recipe: recipe, among: models, training: source.training)
      }, models: models)
  }

  /// What synthetic images give away of the training images of a division; its test images are held out.
  package static func audit(_ drawn: Drawn, data: ExperimentData) -> PrivacyAudit {
    let cards = Dictionary(uniqueKeysWithValues: drawn.models.map { ($0.card.className, $0.card) })
    return PrivacyAudit(
      synthetic: .init(
        drawn.sets.map { set in
          (
            set.className, (1...set.images.shape[0]).map { "\(set.className)/\($0)" },
            TensorRows(cards[set.className]?.prepared(set.images) ?? set.images)
          )
        }), training: .init(data.set.selecting(data.indices(in: .train))),
      heldOut: .init(data.set.selecting(data.indices(in: .test))))
  }
}

extension SyntheticSet {
  /// Images of the method `deformation` without a network: they have no codes.
  fileprivate static func deformed(_ drawn: ShapeSpace.Draw, className: String) -> SyntheticSet {
    SyntheticSet(
      className: className, method: .deformation, images: drawn.images,
      draw: LatentDraw(
        points: Matrix(rows: drawn.sources.count, columns: 1, values: drawn.sources.map { _ in 0 }),
        sources: drawn.sources), render: .residual, origins: drawn.sources, chains: nil)
  }
}
