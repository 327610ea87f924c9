import Generators
import Samplers

/// Which epoch's weights a training ends with.
public enum KeptEpoch: String, CaseIterable, Sendable {
  case best, last
}

/// Which classes one encoder and decoder serve.
public enum GeneratorSharing: String, CaseIterable, Sendable {
  /// One autoencoder for each class.
  case none
  /// One autoencoder for all classes; metric, codes and sampler stay each class's own.
  case all
}

/// What the convolutions of a training multiply.
public enum GeneratorPrecision: String, CaseIterable, Sendable {
  /// By architecture and processor; a run keeps to what it began with.
  case auto
  case float32, bfloat16
}

/// How long a training takes.
public enum TrainingLength: Sendable, Equatable {
  case epochs(Int)
  /// Optimiser steps, rounded up to whole epochs.
  case steps(Int)
  /// The number of steps that suits the architecture.
  case automatic
}

/// How generative models are trained: what a training takes, but for what depends on other settings, which stands here as it was
/// said.
@dynamicMemberLookup
public struct GeneratorSettings: Sendable, Equatable {
  /// Its length, precision, learning rate and kept epoch are those below, once they are known.
  public var configuration = GeneratorConfiguration()
  public var share = GeneratorSharing.all
  public var length = TrainingLength.automatic
  public var precision = GeneratorPrecision.auto
  /// Nil: by architecture.
  public var learningRate: Double?
  public var keep = KeptEpoch.best

  public init() {}

  public subscript<Value>(dynamicMember path: WritableKeyPath<GeneratorConfiguration, Value>) -> Value {
    get { configuration[keyPath: path] }
    set { configuration[keyPath: path] = newValue }
  }

  public var model: ModelKind {
    get { configuration.kind }
    set { configuration.kind = newValue }
  }

  public var epochs: Int? {
    get { if case .epochs(let count) = length { count } else { nil } }
    set { if let newValue { length = .epochs(newValue) } }
  }

  public var steps: Int? {
    get { if case .steps(let count) = length { count } else { nil } }
    set { if let newValue { length = .steps(newValue) } }
  }
}

extension GeneratorSettings {
  /// What follows from the model and was not said otherwise follows it.
  private static let modelSetting = Setting(
    "generator.model", .choice(ModelKind.allCases.map(\.rawValue)),
    "The model. " + ModelKind.allCases.map { "\($0.rawValue): \($0.description.meaning)" }.joined(separator: "; ")
      + ".",
    source: "paper, Tables 1, 3, 6 and 7",
    read: { .text($0.generator.model.rawValue) },
    write: { recipe, value in
      guard case .text(let word) = value, let kind = ModelKind(rawValue: word) else { return }
      let old = recipe.generator.model
      recipe.generator.model = kind
      if recipe.evaluation.methods == EvaluationMethod.usual(for: old) {
        recipe.evaluation.methods = EvaluationMethod.usual(for: kind)
      }
      if recipe.synthetic.method == SyntheticMethod.usual(for: old) {
        recipe.synthetic.method = SyntheticMethod.usual(for: kind)
      }
    })

  private static let epochsSetting = Setting(
    "generator.epochs", .integer(1...10_000_000), "How often training sees every image. Give this or 'steps'.",
    read: { $0.generator.epochs.map { .integer($0) } },
    write: { if case .integer(let count) = $1 { $0.generator.length = .epochs(count) } })

  private static let stepsSetting = Setting(
    "generator.steps", .integer(1...10_000_000, word: "auto"),
    "How many optimiser steps training takes, in whole epochs; auto is "
      + VAEArchitecture.Name.allCases.map {
        "\($0.usualSteps.formatted(.number.locale(.init(identifier: "en"))))"
          + " for \($0.rawValue)"
      }.joined(separator: ", ") + ". Give this or 'epochs'.",
    read: { recipe in
      switch recipe.generator.length {
      case .epochs: nil
      case .steps(let count): .integer(count)
      case .automatic: .text("auto")
      }
    },
    write: { recipe, value in
      if case .integer(let count) = value {
        recipe.generator.length = .steps(count)
      } else {
        recipe.generator.length = .automatic
      }
    })

  /// The architectures of which something is true, in words.
  private static func names(_ isMeant: (VAEArchitecture.Name) -> Bool) -> String {
    let names = VAEArchitecture.Name.allCases.filter(isMeant).map(\.rawValue)
    return names.dropLast().joined(separator: ", ") + " and \(names[names.count - 1])"
  }

  static let section = RecipeSection(
    name: "generator", meaning: "how the variational autoencoders are trained",
    settings: [
      modelSetting,
      .choice(
        "generator.architecture", \.generator.configuration.architecture,
        "The network: "
          + VAEArchitecture.Name.allCases.map { "\($0.rawValue) \($0.meaning)" }.joined(separator: "; ") + ".",
        source: "paper, Tables 3 and 4; compact is Manikin's own"),
      .choice(
        "generator.share", \.generator.share,
        "none: one autoencoder for each class, as in the paper. all: one encoder and decoder learn all classes, each "
          + "shown as often as the largest, and every class keeps a metric of its own; then no decoder is the mark of "
          + "a class.",
        source: "paper, Appendices C.3 and D: one for each class"),
      .integer(
        "generator.latent-dimensions", \.generator.configuration.latentDimensions, 1...1024,
        "Dimensions of the latent space.",
        source: "paper, Table 4"),
      epochsSetting, stepsSetting,
      .integer(
        "generator.batch-size", \.generator.configuration.batchSize, 1...100_000, "Images in one optimiser step."),
      .integer(
        "generator.images-at-once", \.generator.configuration.imagesAtOnce, 1...100_000, or: "all",
        "The most images of a step in memory at once; a larger batch is processed in parts, with the same result to "
          + "rounding (batch normalisation, of mnist, cifar10 and celeba, takes its statistics from each part)."),
      .choice(
        "generator.precision", \.generator.precision,
        "What convolutions multiply while a model trains: float32, or bfloat16 numbers of 8 binary digits, added up in "
          + "float32, with weights, loss and optimiser in float32. auto is bfloat16 for "
          + names { $0.usualPrecision(multipliesBFloat16: true) == .bfloat16 }
          + " where the processor has instructions for it, which nearly halves the time, and float32 for the others, "
          + "so that a small run gives the same numbers on every such machine. Trained models are always applied in "
          + "float32."),
      .number(
        "generator.learning-rate", \.generator.learningRate, .between(0, 1), or: "auto",
        "Adam's learning rate; auto is 0.0002 for " + names { $0.usualLearningRate < 1e-3 }
          + ", whose wide layers overshoot with more, and 0.001 for the others."
      ),
      .number(
        "generator.beta", \.generator.configuration.beta, .atLeast(0), or: "auto",
        "The weight of the Kullback-Leibler term against the squared error summed over pixels; auto is 1 scaled by "
          + "pixels / 36,608 (and by 3 for colour), which is 1 for the paper's 208 x 176.",
        source: "paper, Eq. 3"),
      .integer(
        "generator.plateau-patience", \.generator.configuration.plateauPatience, 1...1_000_000,
        "After so many epochs without a better loss the learning rate falls.", source: "the authors' train_vae.py"),
      .number(
        "generator.plateau-factor", \.generator.configuration.plateauFactor, .between(0, 1),
        "Then the learning rate is multiplied by this.",
        source: "the authors' train_vae.py"),
      .choice(
        "generator.keep", \.generator.keep,
        "Which epoch's weights stay: the one with the best loss on validation images (on training images when there "
          + "are none), or the last.",
        source: "paper, Appendix D: best"),
      .integer(
        "generator.early-stop", \.generator.configuration.earlyStopSteps, 1...10_000_000, or: "never",
        "With 'steps' and validation images: training ends after so many steps without a better loss on them."),
    ] + modelSettings)
}
