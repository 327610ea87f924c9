import Files
import Foundation
import ImageFiles
import ImageSets

/// What values a setting takes.
public enum SettingKind: Sendable, Equatable {
  /// A whole number in a range, or a word such as `auto`.
  case integer(ClosedRange<Int>, word: String? = nil)
  /// A number in a range, or a word such as `paper`.
  case number(NumberRange, word: String? = nil)
  /// One of some words.
  case choice([String])
  /// A list of some of these words, each at most once.
  case choices([String])
  /// `true` or `false`.
  case flag
  /// A list of names without commas, each at most once.
  case names
  /// `middle`, an index such as `90`, or a position such as `-12.5mm`.
  case slice
  /// `min-max`, percentiles such as `0.5%..99.5%`, or a window such as `-160..240`.
  case intensities
  /// A word that can be part of a file name.
  case name
  /// Any text but the empty one.
  case text
  /// A file or folder.
  case path

  /// What is accepted, to follow "must be".
  public var expectation: String {
    switch self {
    case .integer(let range, let word): Self.orWord(Self.describe(range), word)
    case .number(let range, let word): Self.orWord(range.description, word)
    case .choice(let words): words.count == 1 ? "'\(words[0])'" : "one of " + words.joined(separator: ", ")
    case .choices(let words): "a list of \(words.joined(separator: ", ")), each at most once"
    case .flag: "true or false"
    case .names: "a list of names without commas, each at most once"
    case .slice: "'middle', an index from 0 such as 90, or a position such as -12.5mm"
    case .intensities: "'min-max', percentiles such as 0.5%..99.5%, or a window such as -160..240, the lower end first"
    case .name: "a name of letters, digits, '.', '_' and '-' that begins with a letter or a digit"
    case .text: "text"
    case .path: "the path of a file or folder"
    }
  }

  /// The value that `text` stands for; nil when it is none of this kind.
  ///
  /// - Parameters:
  ///   - text: as written in a recipe or on a command line; a list has commas between its words, and brackets around them or not.
  ///   - folder: what a relative path is relative to.
  public func value(of text: String, relativeTo folder: URL) -> SettingValue? {
    switch self {
    case .integer(let range, let word):
      if let word, text == word { return .text(word) }
      return DecimalText.whole(text).flatMap { range.contains($0) ? .integer($0) : nil }
    case .number(let range, let word):
      if let word, text == word { return .text(word) }
      return DecimalText.number(text).flatMap { range.contains($0) ? .number($0) : nil }
    case .choice(let words):
      return words.contains(text) ? .text(text) : nil
    case .flag:
      return ["true", "false"].contains(text) ? .flag(text == "true") : nil
    case .choices, .names:
      let isBracketed = text.count >= 2 && text.hasPrefix("[") && text.hasSuffix("]")
      let words = isBracketed ? text.dropFirst().dropLast() : Substring(text)
      return value(of: words.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
    case .slice:
      return SlicePosition(text).map(\.settingValue)
    case .intensities:
      return IntensityLimits(text).map { .text($0.description) }
    case .name:
      let isName = text.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,99}/) != nil
      return isName ? .text(text) : nil
    case .text:
      return text.allSatisfy(\.isWhitespace) ? nil : .text(text)
    case .path:
      return Self.path(text, relativeTo: folder).map { .text($0) }
    }
  }

  /// The list that `words` stand for; nil when this kind is no list, a word is unknown, empty or there twice, or none is there.
  public func value(of words: [String]) -> SettingValue? {
    guard !words.isEmpty, Set(words).count == words.count else { return nil }
    switch self {
    case .choices(let known): return words.allSatisfy(known.contains) ? .list(words) : nil
    case .names:
      return words.allSatisfy { !$0.allSatisfy(\.isWhitespace) && !$0.contains(",") } ? .list(words) : nil
    default: return nil
    }
  }

  private static func path(_ text: String, relativeTo folder: URL) -> String? {
    guard !text.isEmpty, !text.contains("\0") else { return nil }
    let expanded = text.hasPrefix("~") ? NSString(string: text).expandingTildeInPath : text
    return URL(filePath: expanded, relativeTo: URL(filePath: folder.path, directoryHint: .isDirectory))
      .standardizedFileURL.path
  }

  private static func orWord(_ text: String, _ word: String?) -> String {
    word.map { "\(text), or '\($0)'" } ?? text
  }

  private static func describe(_ range: ClosedRange<Int>) -> String {
    range.upperBound == .max
      ? "a whole number of \(range.lowerBound) or more"
      : "a whole number from \(range.lowerBound) to \(range.upperBound)"
  }
}

/// A range of numbers.
public enum NumberRange: Sendable, Equatable, CustomStringConvertible {
  case above(Double)
  case atLeast(Double)
  case within(Double, Double)
  /// Between two numbers, neither included.
  case between(Double, Double)

  public func contains(_ value: Double) -> Bool {
    switch self {
    case .above(let lower): value > lower
    case .atLeast(let lower): value >= lower
    case .within(let lower, let upper): value >= lower && value <= upper
    case .between(let lower, let upper): value > lower && value < upper
    }
  }

  public var description: String {
    switch self {
    case .above(let lower): "a number above \(SettingValue.number(lower).plain)"
    case .atLeast(let lower): "a number of \(SettingValue.number(lower).plain) or more"
    case .within(let lower, let upper):
      "a number from \(SettingValue.number(lower).plain) to \(SettingValue.number(upper).plain)"
    case .between(let lower, let upper):
      "a number between \(SettingValue.number(lower).plain) and \(SettingValue.number(upper).plain)"
    }
  }
}
