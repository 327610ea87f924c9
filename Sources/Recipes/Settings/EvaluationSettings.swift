import Classification
import Generators

/// How the images are divided for an evaluation.
public enum EvaluationProtocol: String, CaseIterable, Sendable {
  /// Several random splits, each with generative models of its own.
  case repeated
  /// One split and several trainings of the classifier, as in the paper.
  case paper
}

/// Whether synthetic images replace real ones or join them.
public enum TrainingSet: String, CaseIterable, Sendable {
  case synthetic, both
}

/// What is done to the images of a training set each time that they are seen.
public enum AugmentationKind: String, CaseIterable, Sendable {
  case none, classical, mixup, elastic
}

/// Which classifiers are compared, and how often.
public struct EvaluationSettings: Sendable, Equatable {
  public var `protocol` = EvaluationProtocol.repeated
  /// Splits under the protocol `repeated`.
  public var splits = 5
  /// Trainings of each method's classifier on each split; nil: as many as suit the protocol.
  public var chosenRuns: Int?
  public var methods = EvaluationMethod.usual(for: .vae)
  public var trainOn = TrainingSet.both
  public var syntheticPerClass = 500
  /// With synthetic methods.
  public var augmentation = AugmentationKind.none
  /// Whether classical augmentation may turn left into right.
  public var flip = false
  /// How far `classical`, `elastic` and `mixup` change an image: 1 for their usual bounds, in (0, 4].
  public var strength = 1.0

  public init() {}

  /// Trainings of each method's classifier on each split.
  public var runs: Int {
    get { chosenRuns ?? Self.usualRuns(self.protocol) }
    set { chosenRuns = newValue }
  }

  /// What `runs: auto` stands for.
  package static func usualRuns(_ evaluationProtocol: EvaluationProtocol) -> Int {
    evaluationProtocol == .paper ? 5 : 2
  }

  /// How a classifier's training does it.
  package func training(_ kind: AugmentationKind) -> TrainingAugmentation {
    switch kind {
    case .none: .none
    case .classical: .classical(ClassicalAugmentation(flips: flip, strength: strength))
    case .mixup: .mixup(Mixup(strength: strength))
    case .elastic: .elastic(ElasticAugmentation(strength: strength))
    }
  }

  static let section = RecipeSection(
    name: "evaluation", meaning: "which training sets are compared, and how often",
    settings: [
      .choice(
        "evaluation.protocol", \.evaluation.protocol,
        "repeated draws several stratified splits of the subjects, and trains generative models and classifiers anew "
          + "inside each, so that the answer covers more people than those of one test set; paper takes one split. "
          + "Images that come already split are evaluated on that split, whatever you set here.",
        source: "paper, Appendix C.3; Nadeau and Bengio 2003 for repeated"),
      .integer("evaluation.splits", \.evaluation.splits, 2...1000, "How many splits 'repeated' draws."),
      .integer(
        "evaluation.runs", \.evaluation.chosenRuns, 0...10_000, or: "auto",
        "Classifiers trained for each method on each split, each from its own random start; auto is "
          + "\(usualRuns(.repeated)) for 'repeated' and \(usualRuns(.paper)) for 'paper'; the paper takes 20. With 0 "
          + "models are trained on all images, and the report shows what they make of them, without scores."),
      .choices(
        "evaluation.methods", \.evaluation.methods,
        "What classifiers are trained on. Real images: original, as they are; original-resampled, each class repeated "
          + "to the largest; original-matched, balanced and repeated to as many images as the synthetic sets have; "
          + "original-weighted, all images repeated to as many, with classes weighted in the loss; classical, as "
          + "original-matched with each image turned, shifted, scaled, dimmed and roughened a little, anew in every "
          + "epoch; mixup, as original-matched with every image and its class mixed with another; elastic, as "
          + "original-matched with each image deformed smoothly at random, anew in every epoch. Synthetic images: as "
          + "in 'synthetic.method'. covariates is no network but a logistic regression on 'data.covariates' alone; it "
          + "joins by itself when these are given.",
        source: "paper, Table 2; mixup: Zhang et al. 2018; elastic: Simard et al. 2003; the others but manifold are "
          + "controls"),
      .choice(
        "evaluation.train-on", \.evaluation.trainOn,
        "With synthetic methods: synthetic images only, or both: real ones, small classes repeated to the largest, and "
          + "synthetic ones. original-matched always has as many images and optimiser steps.",
        source: "paper, Appendix C.3: synthetic only"),
      .integer(
        "evaluation.synthetic-per-class", \.evaluation.syntheticPerClass, 1...10_000_000,
        "Synthetic images that a method trains on for each class; the paper takes 2,000."),
      .choice(
        "evaluation.augmentation", \.evaluation.augmentation,
        "With synthetic methods: whether all images, real and synthetic, are changed besides as the methods classical, "
          + "mixup or elastic do. Then compare with these methods, which show what the change alone is worth."),
      .flag(
        "evaluation.flip", \.evaluation.flip,
        "Whether classical augmentation also turns left into right, for anatomy whose sides mean nothing."),
      .number(
        "evaluation.strength", \.evaluation.strength, .between(0, 4),
        "How far classical, elastic and mixup change an image: their bounds, displacements and alpha are multiplied by it."
      ),
    ])
}
