/// Height and width of an image in pixels.
public struct ImageSize: Codable, Sendable, Hashable, CustomStringConvertible {
  /// At least 1.
  public var height: Int
  /// At least 1.
  public var width: Int

  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// Reads `208x176` (height first) or `64` (square); nil for anything else, and for numbers not in 1...16384.
  public init?(_ text: String) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(parts.count), let height = parts[0], let width = parts[parts.count - 1] else { return nil }
    self.init(height: height, width: width)
    guard isUsable else { return nil }
  }

  package var isUsable: Bool { (1...16384).contains(height) && (1...16384).contains(width) }

  /// Height first, such as `208 x 176`.
  public var description: String { "\(height) x \(width)" }
}
