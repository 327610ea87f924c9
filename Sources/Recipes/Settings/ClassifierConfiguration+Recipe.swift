import Classification

extension ClassifierConfiguration {
  static let section = RecipeSection(
    name: "classifier", meaning: "how the classifier that judges is trained (paper, Table 5)",
    settings: [
      .integer(
        "classifier.epochs", \.classifier.epochs, 1...1_000_000, "How often training sees every image.",
        source: "paper, Appendix D"),
      .integer(
        "classifier.batch-size", \.classifier.batchSize, 2...100_000, "Images in one optimiser step.",
        source: "paper, Appendix D"),
      .integer(
        "classifier.images-at-once", \.classifier.imagesAtOnce, 2...100_000, or: "all",
        "The most images of a step in memory at once; a larger batch is processed in parts, and batch normalisation "
          + "takes its statistics from each part."),
      .number(
        "classifier.learning-rate", \.classifier.learningRate, .between(0, 1), "Adam's learning rate.",
        source: "paper, Appendix D"),
      .integer(
        "classifier.plateau-patience", \.classifier.plateauPatience, 1...1_000_000,
        "After so many epochs without a better loss the learning rate falls.", source: "paper, Appendix D"),
      .number(
        "classifier.plateau-factor", \.classifier.plateauFactor, .between(0, 1),
        "Then the learning rate is multiplied by this.", source: "paper, Appendix D"),
      .choice(
        "classifier.keep", \.classifier.keep,
        "Which epoch's weights are scored: the one with the best balanced accuracy on validation images, or the "
          + "last, when few images have been learned by heart. A few dozen validation images make only a rough choice.",
        source: "paper, Appendix D: best"),
    ])
}
