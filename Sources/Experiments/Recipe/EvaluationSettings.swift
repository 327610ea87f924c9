/// What a classifier is trained on: a row of the results.
public enum EvaluationMethod: String, CaseIterable, Sendable, Codable {
  /// The real images as they are.
  case original
  /// The real images, each class repeated to the size of the largest.
  case originalResampled = "original-resampled"
  /// Balanced, and repeated to as many images as the synthetic sets have: as many optimiser steps.
  case originalMatched = "original-matched"
  case posterior, prior, gmm, manifold, interpolation

  /// The way its synthetic images are drawn; nil when there are none.
  public var synthetic: SyntheticMethod? { SyntheticMethod(rawValue: rawValue) }
}

/// Whether synthetic images replace real ones or join them.
public enum TrainingSet: String, CaseIterable, Sendable {
  case synthetic, both
}

/// Which classifiers are compared, and how often.
public struct EvaluationSettings: Sendable, Equatable {
  public var runs = 5
  public var methods: [EvaluationMethod] = [
    .original, .originalResampled, .originalMatched, .posterior, .prior, .gmm, .manifold,
  ]
  public var trainOn = TrainingSet.both
  public var syntheticPerClass = 500

  public init() {}

  static let section = RecipeSection(
    name: "evaluation", meaning: "which training sets are compared, and how often",
    settings: [
      .integer(
        "evaluation.runs", \.evaluation.runs, 0...10_000,
        "Classifiers trained for each method, each from its own random start; the paper takes 20. With 0 models are "
          + "trained on all images, and the report shows what they make of them, without scores."),
      .choices(
        "evaluation.methods", \.evaluation.methods,
        "What classifiers are trained on: original, the real images; original-resampled, each class repeated to the "
          + "largest; original-matched, repeated to as many images as the synthetic sets have; the others as in "
          + "'synthetic.method'.",
        source: "paper, Table 2; posterior and original-matched are Manikin's controls"),
      .choice(
        "evaluation.train-on", \.evaluation.trainOn,
        "With synthetic methods: synthetic images only, or both: real ones, small classes repeated to the largest, and "
          + "synthetic ones. original-matched always has as many images and optimiser steps.",
        source: "paper, Appendix C.3: synthetic only"),
      .integer(
        "evaluation.synthetic-per-class", \.evaluation.syntheticPerClass, 1...10_000_000,
        "Synthetic images that a method trains on for each class; the paper takes 2,000."),
    ])
}
