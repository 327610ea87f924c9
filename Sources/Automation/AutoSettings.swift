import Recipes

/// What a search for the way that suits some images is told beside a recipe.
public struct AutoSettings: Sendable, Equatable {
  /// Minutes that it may take in all, at least `leastMinutes`.
  public var minutes = 30.0
  /// Divisions of the subjects on which the whole procedure is tried; images that came split have one.
  public var divisions = 5
  /// Whether only ways are tried whose images could be given away.
  public var isPrivate = false
  /// Whether every way is scored on every division after the answer, whatever time that takes.
  public var looksBack = false

  public static let leastMinutes = 0.1

  public init() {}

  /// - Throws: `ExperimentsError.option`.
  public func check() throws {
    guard minutes >= Self.leastMinutes, minutes.isFinite, minutes <= 100_000 else {
      throw ExperimentsError.option(
        name: "--minutes",
        problem: "give a number of minutes from \(Self.leastMinutes) to 100000; 30 suit a few hundred small images")
    }
    guard (2...100).contains(divisions) else {
      throw ExperimentsError.option(
        name: "--divisions", problem: "give a number from 2 to 100: one division says nothing of others")
    }
  }
}
