import ImageFiles

/// How the axes of a file run, as three letters for i, j, k: `LAS` runs to the left, the front and the top.
public struct AxisLetters: Sendable, Equatable, CustomStringConvertible {
  public let description: String
  let orientation: Orientation

  /// Three of R or L, A or P, S or I, each pair once, in any order and case; nil for anything else.
  public init?(_ text: String) {
    let letters = Array(text.uppercased())
    guard letters.count == 3 else { return nil }
    let pairs: [[Character]] = [["R", "L"], ["A", "P"], ["S", "I"]]
    let world = letters.compactMap { letter in pairs.firstIndex { $0.contains(letter) } }
    guard Set(world).count == 3 else { return nil }
    orientation = Orientation(world: world, positive: letters.map { "RAS".contains($0) })
    description = text.uppercased()
  }
}
