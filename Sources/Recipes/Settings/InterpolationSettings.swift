/// The curves between two training images that the report draws.
public struct InterpolationSettings: Sendable, Equatable {
  /// Training images by path or file name, or number; nil: no curves are drawn.
  public var from: String?
  public var to: String?
  /// Decoded pictures on each curve, both ends included.
  public var steps = 9

  public init() {}

  static let section = RecipeSection(
    name: "interpolation", meaning: "curves between two training images that the report draws",
    settings: [
      .text(
        "interpolation.from", \.interpolation.from,
        "The training image where they begin, by path, file name or number; without it, no curves are drawn.",
        source: "paper, Figure 1"),
      .text("interpolation.to", \.interpolation.to, "The training image of the same class where they end."),
      .integer(
        "interpolation.steps", \.interpolation.steps, 2...999, "Decoded pictures on each curve, both ends included."),
    ])
}
