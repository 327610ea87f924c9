/// A setting that is varied to see how much is enough.
public struct SweepSettings: Sendable, Equatable {
  /// What can be varied.
  public enum Key: String, CaseIterable, Sendable {
    case syntheticPerClass = "evaluation.synthetic-per-class"
    case minority = "data.minority"

    /// The values in words, for an axis.
    package var meaning: String {
      switch self {
      case .syntheticPerClass: "synthetic images of each class"
      case .minority: "real training subjects of the smallest class"
      }
    }
  }

  /// Nil: nothing is varied.
  public var key: Key?
  /// In the order of the curve, as a recipe writes them.
  public var values: [String] = []

  public init() {}

  static let section = RecipeSection(
    name: "sweep", meaning: "one setting that is varied: the whole evaluation for each value, and a curve",
    settings: [
      .choice(
        "sweep.key", \.sweep.key, "The setting. Each value has a run folder of its own in the run's folder.",
        source: "paper, Figures 4 and 11"),
      .names("sweep.values", \.sweep.values, "Its values, ascending whole numbers."),
    ])
}
