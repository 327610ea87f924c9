import Classification
import Generators
import Imaging
import Networks

/// What each part of an experiment will take, before anything is done.
///
/// Seconds are operations by the plain formulas over a stated rate of one core, the same for every machine, plus a fixed
/// time for each step, image and process. They are rough: on machines of this decade within a factor of three for training,
/// and worse for drawing, whose chains follow what the model learned. Memory is `MemoryPlan`'s, with the part's own share
/// of what is trained side by side.
struct PartForecast: Sendable {
  struct Cost: Sendable, Equatable {
    var seconds: Double
    var mebibytes: Int
  }

  /// Operations a second of one core, as measured: `compact` (AVX-512) in training, and the small layers of the classifier.
  static let rate = 90e9
  static let classifierRate = 25e9
  /// How much of another thread's rate comes on top, in one training.
  static let gain = 0.6
  /// Seconds that each step takes whatever its images.
  static let step = 0.002
  /// Seconds to draw, write and judge an image, on top of decoding it; chains, fits and files.
  static let image = 0.004
  /// Seconds to read and weigh the predictions of a classifier.
  static let table = 0.002
  /// Seconds to begin, for each image to read.
  static let read = 0.001

  private let inputs: ExperimentInputs
  private let threads: Int
  private let memory: MemoryPlan
  private let amounts: WorkAmounts
  /// Of one image in a training step.
  private let generator: Double
  private let classifier: Double

  init(_ inputs: ExperimentInputs, threads: Int) throws {
    self.inputs = inputs
    self.threads = threads
    let (recipe, data) = (inputs.recipe, inputs.data)
    amounts = WorkAmounts(recipe, data: data, methods: inputs.plan.methods, synthetic: inputs.methods)
    let size = data.set.size
    let shape = [size.height, size.width, data.set.channels]
    let layers = try VAEArchitecture(
      recipe.generatorConfiguration.architecture, height: size.height, width: size.width, channels: data.set.channels)
    generator =
      LayerArithmetic.count(
        .init(input: shape, encoder: layers.encoder, decoder: layers.decoder),
        latentDimensions: recipe.generatorConfiguration.latentDimensions
      ).training * Self.passes(recipe.generatorConfiguration)
    classifier =
      data.classes.count < 2
      ? 0
      : LayerArithmetic.count(
        ClassifierArchitecture(height: size.height, width: size.width, classes: data.classes.count).layers,
        input: shape,
        inputNeedsGradient: false
      ).0.training
    var own = recipe
    own.threads = threads
    memory = try MemoryPlan(
      own, size: size, channels: data.set.channels, images: data.set.images.count,
      largestClass: amounts.counts.max() ?? 1, classes: data.classes.count)
  }

  /// How many times the work of a plain variational autoencoder a step of some models is.
  private static func passes(_ configuration: GeneratorConfiguration) -> Double {
    switch configuration.kind {
    case .hvae, .rhvae: 6
    case .vaegan: 3.5
    case .iwae: 3.5
    default: 1.2
    }
  }

  /// - Parameters:
  ///   - runs: trainings of each method, for classifiers.
  ///   - className: the class that a model is trained for; nil for all of them.
  func cost(of kind: Part.Kind, runs: Int, className: String?) -> Cost {
    let begin = 0.05 + Self.read * Double(inputs.data.set.images.count)
    let seconds: Double
    var bytes = memory.base
    switch kind {
    case .train:
      seconds = trainingSeconds(className)
      bytes += memory.model
    case .draw:
      let images = Double(amounts.syntheticImages)
      seconds = images * (Self.image + generator / 3 / Self.rate)
    case .judge:
      seconds = classifierSeconds(images: amounts.trainingImages) + Double(amounts.syntheticImages) * Self.image / 2
      bytes += memory.classifier
    case .classify:
      let jobs = runs * inputs.plan.methods.count
      let sideBySide = Double(min(threads, max(jobs, 1)))
      seconds = Double(runs) * inputs.plan.methods.reduce(0) { $0 + methodSeconds($1) } / sideBySide
      bytes += memory.classifier * min(threads, max(jobs, 1))
    case .gather:
      seconds =
        2 + Self.table * Double(inputs.plan.splits * inputs.plan.runs * inputs.plan.methods.count) + Double(
          amounts.syntheticImages) * 0.002
    }
    return Cost(seconds: begin + seconds, mebibytes: (bytes >> 20) + 64)
  }

  private func trainingSeconds(_ className: String?) -> Double {
    let training = amounts.training(className.map { inputs.data.label($0) })
    let speed = Self.rate * (1 + Self.gain * Double(threads - 1))
    return Double(training.epochs)
      * (Double(training.rows) * generator / speed + Double(training.steps) * Self.step)
  }

  private func methodSeconds(_ method: EvaluationMethod) -> Double {
    amounts.images(of: method).map { classifierSeconds(images: $0) } ?? 1
  }

  private func classifierSeconds(images: Int) -> Double {
    let judge = inputs.recipe.classifier
    let steps = WorkAmounts.steps(images, judge.batchSize)
    return Double(judge.epochs) * (Double(images) * classifier / Self.classifierRate + Double(steps) * Self.step)
  }
}
