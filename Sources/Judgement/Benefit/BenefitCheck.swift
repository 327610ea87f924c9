import Datasets
import Foundation
import ImageSets
import Randomness
import Recipes
import Runs
import Synthesis
import Tensors
import Training

/// Whether synthetic images, put beside the real ones as `augment` is about to do, help a classifier: the cheap check.
public struct BenefitCheck: Sendable {
  package let recipe: Recipe
  package let progress: ProgressReporter

  package init(recipe: Recipe, progress: ProgressReporter) {
    self.recipe = recipe
    self.progress = progress
  }

  /// What the check came to.
  public struct Outcome: Codable, Sendable, Equatable {
    /// Balanced accuracy in [0, 1] of each repeat, on real images alone and with synthetic ones.
    public var real: [Double]
    public var augmented: [Double]
    /// Held-out images that were scored.
    public var images: Int
    /// Whether they were the cohort's own validation images; otherwise a part of the cohort was held out for the check.
    public var usedValidationImages: Bool
    /// Whether the mean gain is above 0 by at least twice its standard error over the repeats.
    public var isHelpful: Bool
    /// The result with its numbers.
    public var sentence: String

    package init(real: [Double], augmented: [Double], images: Int, usedValidationImages: Bool) {
      (self.real, self.augmented, self.images) = (real, augmented, images)
      self.usedValidationImages = usedValidationImages
      let gains = zip(augmented, real).map { 100 * ($0 - $1) }
      let mean = gains.reduce(0, +) / Double(gains.count)
      let squares = gains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let error = gains.count > 1 ? (squares / Double(gains.count - 1) / Double(gains.count)).squareRoot() : .infinity
      isHelpful = mean > 0 && mean >= 2 * error
      let verdict =
        isHelpful ? "they help" : mean < 0 && -mean >= 2 * error ? "they hurt" : "no evidence that they help"
      sentence = String(
        format: "synthetic images beside real ones change balanced accuracy on %d %@ images from %.1f to %.1f %%: "
          + "%+.1f points, standard error %.1f over %d paired repeats: %@", images,
        usedValidationImages ? "validation" : "held-out", 100 * real.reduce(0, +) / Double(real.count),
        100 * augmented.reduce(0, +) / Double(augmented.count), mean, error, gains.count, verdict)
    }
  }

  /// Repeats of the check at least.
  static let fewestRepeats = 5

  /// Trains classifiers with and without synthetic images, `evaluation.runs` of each and at least 5.
  ///
  /// - Parameters:
  ///   - models: of the training images of `data` alone.
  ///   - sides: what is scored.
  package func run(_ models: [TrainedModel], data: ExperimentData, sides: [Split], usesOwnValidation: Bool) throws
    -> Outcome
  {
    let sizes = Dictionary(uniqueKeysWithValues: data.classes.map { ($0, data.indices(of: $0, in: .train).count) })
    let counts = sizes.mapValues { recipe.synthetic.perClass ?? sizes.values.max()! - $0 }
    let training = TrainingImages(data, progress: progress)
    let sets = try models.filter { counts[$0.card.className]! > 0 }.map { model in
      try model.generate(
        counts[model.card.className]!, by: recipe.synthetic.method, recipe: recipe, among: models,
        training: training)
    }
    let arms = [
      BenefitTrial.Arm(name: "real", sets: [], counts: counts),
      BenefitTrial.Arm(name: "augmented", sets: sets, counts: counts),
    ]
    let trial = BenefitTrial(recipe: recipe, data: data)
    let repeats = max(recipe.evaluation.runs, Self.fewestRepeats)
    let bar = progress.stage(
      "Checking whether they help", total: 2 * repeats * recipe.classifier.epochs, unit: "epochs")
    let means = try ComputeThreads.map(jobs: 2 * repeats, workers: recipe.threadCount) { job -> Double in
      let scores = try trial.scores(arms[job % 2], run: job / 2, sides: sides) { bar.advance() }
      let weights = sides.map { Double(data.indices(in: $0).count) }
      return zip(sides, weights).reduce(0) { $0 + scores[$1.0]! * $1.1 } / weights.reduce(0, +)
    }
    bar.finish()
    return Outcome(
      real: means.enumerated().filter { $0.offset % 2 == 0 }.map(\.element),
      augmented: means.enumerated().filter { $0.offset % 2 == 1 }.map(\.element),
      images: sides.reduce(0) { $0 + data.indices(in: $1).count }, usedValidationImages: usesOwnValidation)
  }
}
