import Foundation

/// A regular expression over names of files, with a group that holds the answer.
public struct NamePattern: Sendable, Equatable {
  /// As it was written.
  public let text: String
  private let expression: NSRegularExpression
  let groupCount: Int

  /// - Throws: what Foundation says of a text that is no regular expression.
  init(_ text: String) throws {
    self.text = text
    expression = try NSRegularExpression(pattern: text)
    groupCount = expression.numberOfCaptureGroups
  }

  /// What the first group of the first match holds; nil without a match, or if the group took no part in it.
  func firstGroup(in name: String) -> String? {
    guard let match = expression.firstMatch(in: name, range: NSRange(name.startIndex..., in: name)),
      let range = Range(match.range(at: 1), in: name)
    else { return nil }
    return String(name[range])
  }

  public static func == (a: NamePattern, b: NamePattern) -> Bool { a.text == b.text }
}
