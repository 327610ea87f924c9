import Generators
import Samplers

/// Which models and ways of drawing `manikin compare` compares, and how often.
public struct CompareSettings: Sendable, Equatable {
  public var models: [ModelKind] = [.ae, .wae, .vae, .vamp, .hvae, .rhvae, .raeGP, .raeL2, .raeSN, .rae]
  public var methods: [SyntheticMethod] = [.prior, .gmm, .manifold, .vamp, .rhvae, .twoStage]
  /// Trainings of each model, at least 1.
  public var seeds = 1
  /// Settings tried of each model, at least 1.
  public var settings = 1
  /// Numbers of training images, and `all`, as a recipe writes them, ascending.
  public var sizes = [all]
  /// Images drawn each time; nil: as many as there are test images, at most `mostSamples`.
  public var samples: Int?
  /// Whether everything is made small, to see what comes out.
  public var quick = false

  public init() {}

  /// The size that leaves no training image out.
  package static let all = "all"
  /// The paper's number of images, Appendix D.
  package static let mostSamples = 10_000

  /// How many test images are compared with: the paper takes the first 10,000.
  package static let mostTestImages = 10_000

  static let section = RecipeSection(
    name: "compare", meaning: "which models and ways of drawing 'manikin compare' compares",
    settings: [
      .choices(
        "compare.models", \.compare.models,
        "Values of 'generator.model'; each is trained on the images of all classes.",
        source: "paper, Tables 1, 3, 6 and 7"),
      .choices(
        "compare.methods", \.compare.methods,
        "Values of 'synthetic.method'; a method that a model does not support is left out, and the table says so.",
        source: "paper, Tables 1, 6 and 7"),
      .integer(
        "compare.seeds", \.compare.seeds, 1...1000,
        "Trainings of each model, each from a seed of its own; 2 or more give intervals.", source: "paper: 1"),
      .integer(
        "compare.settings", \.compare.settings, 1...1000,
        "Settings tried of each model: the recipe's own first, then some of the paper's ranges. The one whose images "
          + "have the lowest Fréchet distance from the validation images stays.",
        source: "paper, Appendices C.4 and G: 10"),
      .names(
        "compare.sizes", \.compare.sizes,
        "Numbers of training images, ascending, and all; smaller sets lie in larger ones. With fewer than all, a "
          + "fifth as many validation images are used.",
        source: "paper, section 5.2 and Figure 4: [1000, 5000, 10000, all]"),
      .integer(
        "compare.samples", \.compare.samples, 2...1_000_000, or: "auto",
        "Images drawn of each model and method; auto is the number of test images, at most 10,000.",
        source: "paper, Appendix D: 10,000"),
      .flag(
        "compare.quick", \.compare.quick,
        "Whether to take a quick look, in minutes: 32 x 32 pixels, the architecture compact, 300 steps, at most 1,000 "
          + "training images, 300 samples, 3 settings and 1 seed. The numbers mean little."),
    ])
}
