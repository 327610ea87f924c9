/// How the classifier that judges is trained.
public struct ClassifierSettings: Sendable, Equatable {
  public var epochs = 50
  public var batchSize = 200
  public var learningRate = 1e-4
  /// Epochs without improvement before the learning rate falls.
  public var plateauPatience = 5
  public var plateauFactor = 0.5

  public init() {}

  static let section = RecipeSection(
    name: "classifier", meaning: "how the classifier that judges is trained (paper, Table 5)",
    settings: [
      .integer(
        "classifier.epochs", \.classifier.epochs, 1...1_000_000, "How often training sees every image.",
        source: "paper, Appendix C.3"),
      .integer(
        "classifier.batch-size", \.classifier.batchSize, 1...100_000, "Images in one optimiser step.",
        source: "paper, Appendix C.3"),
      .number(
        "classifier.learning-rate", \.classifier.learningRate, .between(0, 1), "Adam's learning rate.",
        source: "paper, Appendix C.3"),
      .integer(
        "classifier.plateau-patience", \.classifier.plateauPatience, 1...1_000_000,
        "After so many epochs without a better loss the learning rate falls.", source: "paper, Appendix C.3"),
      .number(
        "classifier.plateau-factor", \.classifier.plateauFactor, .between(0, 1),
        "Then the learning rate is multiplied by this.", source: "paper, Appendix C.3"),
    ])
}
