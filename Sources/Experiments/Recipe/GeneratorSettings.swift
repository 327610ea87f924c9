/// A network of the variational autoencoder.
public enum GeneratorArchitecture: String, CaseIterable, Sendable {
  case compact, oasis, mnist
}

/// Which epoch's weights a training ends with.
public enum KeptEpoch: String, CaseIterable, Sendable {
  case best, last
}

/// How long a training takes.
public enum TrainingLength: Sendable, Equatable {
  case epochs(Int)
  /// Optimiser steps, rounded up to whole epochs.
  case steps(Int)
}

/// How the variational autoencoders are trained.
public struct GeneratorSettings: Sendable, Equatable {
  public var architecture = GeneratorArchitecture.compact
  public var latentDimensions = 16
  public var length = TrainingLength.steps(3000)
  public var batchSize = 20
  public var learningRate = 1e-3
  /// The weight of the Kullback-Leibler term; nil: `beta(height:width:)` of the images.
  public var beta: Double?
  /// Epochs without improvement before the learning rate falls.
  public var plateauPatience = 20
  public var plateauFactor = 0.5
  public var keep = KeptEpoch.best

  public init() {}

  public var epochs: Int? {
    get { if case .epochs(let count) = length { count } else { nil } }
    set { if let newValue { length = .epochs(newValue) } }
  }

  public var steps: Int? {
    get { if case .steps(let count) = length { count } else { nil } }
    set { if let newValue { length = .steps(newValue) } }
  }

  /// The weight of the Kullback-Leibler term for images of this many pixels.
  ///
  /// The squared error is a sum over pixels, so that the paper's 1 at 208 x 176 is 1 scaled by pixels / 36,608.
  public func beta(height: Int, width: Int) -> Double {
    beta ?? Double(height * width) / 36_608
  }
}

extension GeneratorSettings {
  private static func length(
    _ name: String, _ path: WritableKeyPath<GeneratorSettings, Int?> & Sendable, _ meaning: String
  ) -> Setting {
    Setting(
      "generator.\(name)", .integer(1...10_000_000), meaning,
      read: { recipe in recipe.generator[keyPath: path].map { .integer($0) } },
      write: { recipe, value in
        if case .integer(let count) = value { recipe.generator[keyPath: path] = count }
      })
  }

  static let section = RecipeSection(
    name: "generator", meaning: "how the variational autoencoder of each class is trained",
    settings: [
      .choice(
        "generator.architecture", \.generator.architecture,
        "The network: compact fits any size from 16 x 16 and trains in minutes; oasis is the paper's for 208 x 176, "
          + "a night on a workstation; mnist is the paper's for 32 x 32.",
        source: "paper, Appendix D; compact is Manikin's own"),
      .integer(
        "generator.latent-dimensions", \.generator.latentDimensions, 1...1024, "Dimensions of the latent space.",
        source: "paper, Appendix D"),
      length("epochs", \.epochs, "How often training sees every image. Give this or 'steps'."),
      length("steps", \.steps, "How many optimiser steps training takes, in whole epochs. Give this or 'epochs'."),
      .integer("generator.batch-size", \.generator.batchSize, 1...100_000, "Images in one optimiser step."),
      .number("generator.learning-rate", \.generator.learningRate, .between(0, 1), "Adam's learning rate."),
      .number(
        "generator.beta", \.generator.beta, .atLeast(0), or: "auto",
        "The weight of the Kullback-Leibler term against the squared error summed over pixels; auto is 1 scaled by "
          + "pixels / 36,608, which is 1 for the paper's 208 x 176.",
        source: "paper, Eq. 3"),
      .integer(
        "generator.plateau-patience", \.generator.plateauPatience, 1...1_000_000,
        "After so many epochs without a better loss the learning rate falls.", source: "the authors' train_vae.py"),
      .number(
        "generator.plateau-factor", \.generator.plateauFactor, .between(0, 1),
        "Then the learning rate is multiplied by this.",
        source: "the authors' train_vae.py"),
      .choice(
        "generator.keep", \.generator.keep,
        "Which epoch's weights stay: the one with the best loss on validation images (on training images when there "
          + "are none), or the last.",
        source: "paper, section 5.1"),
    ])
}
