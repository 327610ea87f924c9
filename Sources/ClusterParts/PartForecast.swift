import Classification
import Datasets
import Experiments
import Forecasts
import Generators
import ImageFiles
import ImageSets
import Networks
import Recipes
import Training

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

  /// What is to be done in all.
  struct Scope {
    /// Images that every part reads, and their sides.
    var images: Int
    var size: ImageSize
    var channels: Int
    /// Training images by class, in the order of the classes.
    var counts: [Int]
    var classes: [String]
    var splits = 1
    /// Trainings of each method, and the methods.
    var runs = 0
    var methods: [EvaluationMethod] = []
    /// That are drawn in one `draw`.
    var syntheticImages = 0

    init(_ data: ExperimentData) {
      images = data.set.images.count
      (size, channels, classes) = (data.set.size, data.set.channels, data.classes)
      counts = data.classes.map { data.indices(of: $0, in: .train).count }
    }

    init(_ inputs: ExperimentInputs) {
      self.init(inputs.data)
      (splits, runs, methods) = (inputs.plan.splits, inputs.plan.runs, inputs.plan.methods)
      syntheticImages =
        inputs.methods.count * inputs.recipe.evaluation.syntheticPerClass * classes.count
    }
  }

  private let recipe: Recipe
  private let scope: Scope
  private let threads: Int
  private let memory: MemoryPlan
  /// Of one image in a training step.
  private let generator: Double
  private let classifier: Double

  private var amounts: WorkAmounts { WorkAmounts(recipe, counts: scope.counts) }

  init(_ recipe: Recipe, _ scope: Scope, threads: Int) throws {
    (self.recipe, self.scope, self.threads) = (recipe, scope, threads)
    let size = scope.size
    let shape = [size.height, size.width, scope.channels]
    let layers = try VAEArchitecture(
      recipe.generatorConfiguration.architecture, height: size.height, width: size.width,
      channels: scope.channels)
    generator =
      LayerArithmetic.count(
        .init(input: shape, encoder: layers.encoder, decoder: layers.decoder),
        latentDimensions: recipe.generatorConfiguration.latentDimensions
      ).training * Self.passes(recipe.generatorConfiguration)
    classifier =
      scope.classes.count < 2
      ? 0
      : LayerArithmetic.count(
        ClassifierArchitecture(height: size.height, width: size.width, classes: scope.classes.count)
          .layers,
        input: shape,
        inputNeedsGradient: false
      ).0.training
    var own = recipe
    own.threads = threads
    memory = try MemoryPlan(
      own, size: size, channels: scope.channels, images: scope.images,
      largestClass: scope.counts.max() ?? 1,
      classes: scope.classes.count)
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
    let begin = 0.05 + Self.read * Double(scope.images)
    let seconds: Double
    var bytes = memory.base
    switch kind {
    case .train:
      seconds = trainingSeconds(className)
      bytes += memory.model
    case .draw:
      let images = Double(scope.syntheticImages)
      seconds = images * (Self.image + generator / 3 / Self.rate)
    case .judge:
      seconds = classifierSeconds(images: amounts.trainingImages) + Double(scope.syntheticImages) * Self.image / 2
      bytes += memory.classifier
    case .classify:
      let jobs = runs * scope.methods.count
      let sideBySide = Double(min(threads, max(jobs, 1)))
      seconds = Double(runs) * scope.methods.reduce(0) { $0 + methodSeconds($1) } / sideBySide
      bytes += memory.classifier * min(threads, max(jobs, 1))
    case .gather:
      seconds =
        2 + Self.table * Double(scope.splits * scope.runs * scope.methods.count) + Double(
          scope.syntheticImages) * 0.002
    }
    return Cost(seconds: begin + seconds, mebibytes: (bytes >> 20) + 64)
  }

  private func trainingSeconds(_ className: String?) -> Double {
    let training = amounts.training(className.map { scope.classes.firstIndex(of: $0)! })
    let speed = Self.rate * (1 + Self.gain * Double(threads - 1))
    return Double(training.epochs) * (Double(training.rows) * generator / speed + Double(training.steps) * Self.step)
  }

  private func methodSeconds(_ method: EvaluationMethod) -> Double {
    amounts.images(of: method).map { classifierSeconds(images: $0) } ?? 1
  }

  private func classifierSeconds(images: Int) -> Double {
    let judge = recipe.classifier
    let steps = WorkAmounts.steps(images, judge.batchSize)
    return Double(judge.epochs) * (Double(images) * classifier / Self.classifierRate + Double(steps) * Self.step)
  }
}
