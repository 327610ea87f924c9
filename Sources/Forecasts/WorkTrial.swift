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
package struct WorkTrial: Sendable {
  /// With the seed of the split.
  let recipe: Recipe
  let data: ExperimentData

  package init(recipe: Recipe, data: ExperimentData) { (self.recipe, self.data) = (recipe, data) }

  /// What a generative model takes.
  package struct Model: Sendable {
    var training: StepTime
    /// Judging a validation image, in seconds.
    var validation: Double
    /// Decoding an image, in seconds.
    package var decoding: Double
    /// Bytes of its weights on disk.
    package var bytes: Int

    /// Encoding and decoding an image, in seconds.
    package var reconstructing: Double { validation }
  }

  /// What a classifier takes.
  package struct Judge: Sendable {
    /// A training step, by what is done to its images.
    package var training: [AugmentationKind: StepTime]
    /// Judging an image, in seconds.
    package var judging: Double
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
  package func model(models: Int, budget: Double) throws -> Model {
    let found = try sideBySide(min(models, recipe.threadCount)) { _ in try measuredModel(budget) }
    ComputeMemory.release()
    return Self.mean(found)
  }

  /// Of several, each on one thread beside others; nil for one whose model cannot be made.
  ///
  /// - Parameter workers: how many at a time; where there are fewer trials, each is made again until there are so many.
  package static func models(_ trials: [WorkTrial], workers: Int, budget: Double) throws -> [Model?] {
    let found = try ComputeThreads.map(jobs: max(trials.count, workers), workers: workers) { job -> Model? in
      do {
        return try ComputeThreads.with(1) { try trials[job % trials.count].measuredModel(budget) }
      } catch is GeneratorError {
        return nil
      }
    }
    ComputeMemory.release()
    return trials.indices.map { trial in
      let own = stride(from: trial, to: found.count, by: trials.count).compactMap { found[$0] }
      return own.isEmpty ? nil : mean(own)
    }
  }

  private static func mean(_ models: [Model]) -> Model {
    Model(
      training: mean(models.map(\.training)), validation: mean(models.map(\.validation)),
      decoding: mean(models.map(\.decoding)), bytes: models[0].bytes)
  }

  private func measuredModel(_ budget: Double) throws -> Model {
    let configuration = recipe.generatorConfiguration
    let least = configuration.kind.description.lossIsSumOverImages ? 1 : 2
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

  /// - Parameters:
  ///   - jobs: classifiers that are to be trained.
  ///   - kinds: what is done to their images.
  ///   - budget: seconds for each kind of training, about.
  package func judge(jobs: Int, kinds: Set<AugmentationKind>, budget: Double) throws -> Judge {
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

  /// Seconds to decode an image.
  package static func decoding(_ model: any GenerativeModel, latentDimensions: Int, budget: Double) -> Double {
    let few = 8
    let points = Matrix(rows: few, columns: latentDimensions, repeating: 0.1)
    return StepTime.measure(images: few, least: few, budget: budget) { _ in _ = model.decode(points) }
      .seconds(images: few) / Double(few)
  }

  /// Seconds of all registrations that the method `deformation` makes, on all threads.
  package func registrations(_ counts: [Int], budget: Double) -> Double {
    let count = max(2, recipe.threadCount)
    return Self.registrations(counts, images: rows(training, count).rows(0..<count), budget: budget)
  }

  /// - Parameter images: of the cohort or like them, as many as there are threads.
  package static func registrations(_ counts: [Int], images: Tensor, budget: Double) -> Double {
    let count = images.shape[0]
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
    try ComputeThreads.map(jobs: jobs, workers: recipe.threadCount, body)
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  private static func mean(_ times: [StepTime]) -> StepTime {
    StepTime(fixed: mean(times.map(\.fixed)), perImage: mean(times.map(\.perImage)))
  }
}

extension EvaluationSettings {
  /// What is done to the training images of a method each time that they are seen.
  func kind(of method: EvaluationMethod) -> AugmentationKind {
    method.synthetic == nil ? method.change ?? .none : augmentation
  }
}
