/// Disks and rings that Manikin draws itself, all of one class.
public struct ShapesSettings: Sendable, Equatable {
  public var count = 200
  /// Rows and columns, in pixels.
  public var size = 32
  public var seed = 0

  public init() {}

  private static func setting(
    _ name: String, _ path: WritableKeyPath<ShapesSettings, Int> & Sendable, _ range: ClosedRange<Int>,
    _ meaning: String, source: String? = nil
  ) -> Setting {
    Setting(
      "data.shapes.\(name)", .integer(range), meaning, source: source,
      read: { recipe in recipe.data.shapes.map { .integer($0[keyPath: path]) } },
      write: { recipe, value in
        guard case .integer(let number) = value else { return }
        var shapes = recipe.data.shapes ?? ShapesSettings()
        shapes[keyPath: path] = number
        recipe.data.shapes = shapes
      })
  }

  static let section = RecipeSection(
    name: "data.shapes", meaning: "disks and rings of one class, to look at a latent space",
    settings: [
      setting("count", \.count, 4...100_000, "Images; every other one is a ring.", source: "after the paper, Figure 1"),
      setting("size", \.size, 16...2048, "Rows and columns of an image."),
      setting("seed", \.seed, 0...Int.max, "Which shapes: another seed draws others."),
    ])
}
