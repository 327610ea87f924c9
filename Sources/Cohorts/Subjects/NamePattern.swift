import Files
import Foundation

/// A regular expression over names of files, with a group that holds the answer.
public struct NamePattern: Sendable, Equatable {
  /// As it was written.
  public let text: String
  private let expression: NSRegularExpression
  let groupCount: Int

  /// Seconds that one name may take: some expressions, such as `(a+)+b`, take years for a name of 50 letters.
  private static let limit = 1.0

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

  /// The same for an expression that a user wrote.
  ///
  /// - Throws: `ImagingError` for an expression that takes longer than a second.
  func firstGroupInTime(in name: String) throws -> String? {
    var range: NSRange?
    var isTooSlow = false
    let start = ContinuousClock.now
    expression.enumerateMatches(
      in: name, options: .reportProgress, range: NSRange(name.startIndex..., in: name)
    ) { match, _, stop in
      if let match {
        range = match.range(at: 1)
        stop.pointee = true
      } else if ContinuousClock.now - start > .seconds(Self.limit) {
        isTooSlow = true
        stop.pointee = true
      }
    }
    guard !isTooSlow else {
      throw ImagingError.invalid(
        what: "the subject pattern '\(text)' takes more than a second for \(name)",
        remedy: "write it without a repetition inside a repetition")
    }
    return range.flatMap { Range($0, in: name) }.map { String(name[$0]) }
  }

  public static func == (a: NamePattern, b: NamePattern) -> Bool { a.text == b.text }
}
