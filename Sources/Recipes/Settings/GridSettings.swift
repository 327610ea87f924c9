import Samplers

/// Which ways of augmenting `manikin grid` compares: every combination.
public struct GridSettings: Sendable, Equatable {
  public var shares = GeneratorSharing.allCases
  public var renders: [SyntheticSettings.Render] = [.decode, .residual]
  public var methods: [SyntheticMethod] = [.manifold, .interpolation]
  public var augmentations: [AugmentationKind] = [.none]
  public var trainOn: [TrainingSet] = [.both]

  public init() {}

  static let section = RecipeSection(
    name: "grid", meaning: "which ways of augmenting 'manikin grid' compares: every combination",
    settings: [
      .choices("grid.shares", \.grid.shares, "Values of 'generator.share'."),
      .choices("grid.renders", \.grid.renders, "Values of 'synthetic.render'."),
      .choices(
        "grid.methods", \.grid.methods,
        "Values of 'synthetic.method'; transfer only goes with one model of all classes."),
      .choices(
        "grid.augmentations", \.grid.augmentations,
        "Values of 'evaluation.augmentation'; real images alone are tried with each as well."),
      .choices(
        "grid.train-on", \.grid.trainOn,
        "Values of 'evaluation.train-on'; synthetic images alone are repeated to as many as all others train on."),
    ])
}
