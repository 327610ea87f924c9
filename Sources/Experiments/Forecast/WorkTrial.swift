import Classification
import Datasets
import Foundation
import Generators
import Geometry
import ImageFiles
import ImageSets
import Networks
import Randomness
import Recipes
import Tensors

/// A second or so of the real work on this machine, as it is now: steps of the models and classifiers that are to be trained, as
/// many side by side as will be, on the images that they will see. Nothing that is measured here goes into the experiment.
struct WorkTrial: Sendable {
  /// With the seed of the split.
  let recipe: Recipe
  let data: ExperimentData

  /// What a generative model takes.
  struct Model: Sendable {
    var training: StepTime
    /// Judging a validation image, in seconds.
    var validation: Double
    /// Decoding an image, in seconds.
    var decoding: Double
    /// Bytes of its weights on disk.
    var bytes: Int
  }

  /// What a classifier takes.
  struct Judge: Sendable {
    /// A training step, by what is done to its images.
    var training: [AugmentationKind: StepTime]
    /// Judging an image, in seconds.
    var judging: Double
  }

  private var stream: RandomStream { RandomStream(seed: 0, purpose: "trial") }
  private var training: [Int] { data.indices(in: .train) }

  /// Rows of some images, from the first on, again and again where more are asked for than there are.
  private func rows(_ indices: [Int], _ count: Int) -> TensorRows {
    data.rows((0..<count).map { indices[$0 % indices.count] })
  }

  /// - Parameters:
  ///   - models: trained one after the other or side by side, as `ModelTraining` does.
  ///   - budget: seconds for the steps of training, about.
  func model(models: Int, budget: Double) throws -> Model {
    let configuration = recipe.generatorConfiguration
    let jobs = min(models, recipe.threadCount)
    let least = configuration.kind.description.lossIsSumOverImages ? 1 : 2
    let found = try sideBySide(jobs) { _ -> Model in
      let size = data.set.size
      let model = try configuration.model(
        height: size.height, width: size.width, channels: data.set.channels, stream: stream.substream("weights"))
      model.begin(on: rows(training, min(training.count, max(configuration.batchSize, 2))))
      let step = GeneratorTrainingStep(
        model, learningRate: configuration.learningRate, imagesAtOnce: configuration.imagesAtOnce,
        precision: configuration.precision)
      var random = stream.substream("noise")
      let whole = max(least, configuration.batchSize)
      let seconds = try StepTime.measure(images: whole, least: max(2, least), budget: budget) { count in
        _ = try step(rows(training, count).rows(0..<count), random: &random)
      }
      let few = max(2, min(whole, 8))
      let pass = CoderNetworks.Pass(training: false, precision: configuration.precision)
      let noise = model.noise(few, &random)
      let images = rows(training, few).rows(0..<few)
      let judged = try StepTime.measure(images: few, least: few, budget: budget / 4) { _ in
        _ = try Recording.off { try model.loss(images, noise: noise, pass) }
      }
      let points = Matrix(rows: few, columns: configuration.latentDimensions, repeating: 0.1)
      let decoded = StepTime.measure(images: few, least: few, budget: budget / 4) { _ in _ = model.decode(points) }
      return Model(
        training: seconds, validation: judged.seconds(images: few) / Double(few),
        decoding: decoded.seconds(images: few) / Double(few), bytes: 4 * model.parameterCount)
    }
    ComputeMemory.release()
    return Model(
      training: Self.mean(found.map(\.training)), validation: Self.mean(found.map(\.validation)),
      decoding: Self.mean(found.map(\.decoding)), bytes: found[0].bytes)
  }

  /// - Parameters:
  ///   - jobs: classifiers that are to be trained.
  ///   - methods: theirs.
  ///   - budget: seconds for each kind of training, about.
  func judge(jobs: Int, methods: [EvaluationMethod], budget: Double) throws -> Judge {
    let kinds = Set(methods.filter { $0 != .linear && $0 != .covariates }.map { recipe.evaluation.kind(of: $0) })
    let size = data.set.size
    let labels = training.map { data.label(data.set.images[$0].className) }
    let found = try sideBySide(min(jobs, recipe.threadCount)) { _ -> Judge in
      let classifier = try Classifier(
        height: size.height, width: size.width, channels: data.set.channels, classes: data.classes.count,
        stream: stream.substream("classifier"))
      var configuration = recipe.classifier
      configuration.epochs = 1
      let set = LabelledImages(images: data.rows(training), labels: labels)
      func step(_ count: Int, _ kind: AugmentationKind) throws {
        try classifier.train(
          set.selecting((0..<count).map { $0 % labels.count }), validation: nil, configuration: configuration,
          augmentation: recipe.evaluation.training(kind), stream: stream.substream("training"))
      }
      var times: [AugmentationKind: StepTime] = [:]
      for kind in AugmentationKind.allCases where kinds.contains(kind) {
        times[kind] = try StepTime.measure(images: configuration.batchSize, least: 2, budget: budget) {
          try step($0, kind)
        }
      }
      let few = min(training.count, 32)
      let images = rows(training, few)
      let judged = StepTime.measure(images: few, least: few, budget: budget / 2) { _ in
        _ = classifier.probabilities(images)
      }
      return Judge(training: times, judging: judged.seconds(images: few) / Double(few))
    }
    ComputeMemory.release()
    return Judge(
      training: found[0].training.reduce(into: [:]) { result, entry in
        result[entry.key] = Self.mean(found.map { $0.training[entry.key]! })
      }, judging: Self.mean(found.map(\.judging)))
  }

  /// Seconds of all registrations that the method `deformation` makes, on all threads.
  func registrations(_ counts: [Int], budget: Double) -> Double {
    let count = max(2, recipe.threadCount)
    let images = rows(training, count).rows(0..<count)
    let steps = 2
    let round = StepTime.measure(images: count, least: count, budget: budget) { _ in
      _ = ShapeSpace([TensorRows(images)], steps: steps)
    }
    // The template takes two rounds over the largest class with half the steps each.
    let each = round.seconds(images: count) / Double(2 * count * steps)
    return each * Double(ShapeSpace.usualSteps * (counts.reduce(0, +) + (counts.max() ?? 0)))
  }

  /// What each of some workers finds, each with its share of the threads.
  private func sideBySide<Value: Sendable>(
    _ jobs: Int, _ body: @Sendable (Int) throws -> Value
  ) throws -> [Value] {
    let found = Readings<Value>()
    try ComputeThreads.sideBySide(jobs: jobs, workers: recipe.threadCount) { found.add(try body($0)) }
    return found.values
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  private static func mean(_ times: [StepTime]) -> StepTime {
    StepTime(fixed: mean(times.map(\.fixed)), perImage: mean(times.map(\.perImage)))
  }
}

/// What several workers find, in no order.
private final class Readings<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var found: [Value] = []

  var values: [Value] { lock.withLock { found } }

  func add(_ value: Value) { lock.withLock { found.append(value) } }
}

extension EvaluationSettings {
  /// What is done to the training images of a method each time that they are seen.
  func kind(of method: EvaluationMethod) -> AugmentationKind {
    method.synthetic == nil ? method.change ?? .none : augmentation
  }
}
