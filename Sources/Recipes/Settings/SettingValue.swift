import Files
import Foundation
import ImageFiles

/// The value of one setting, as a recipe writes it.
public enum SettingValue: Sendable, Equatable {
  case integer(Int)
  case number(Double)
  case text(String)
  case list([String])
  case flag(Bool)

  /// The value as one line of YAML, which reads back as the same value.
  public var yaml: String {
    switch self {
    case .integer(let value): "\(value)"
    case .number(let value): DecimalText.shortest(value)
    case .text(let value): Self.quoted(value)
    case .list(let values): "[" + values.map(Self.quoted).joined(separator: ", ") + "]"
    case .flag(let value): "\(value)"
    }
  }

  /// The value as a person reads it, and as an option takes it.
  public var plain: String {
    switch self {
    case .integer(let value): "\(value)"
    case .number(let value): DecimalText.shortest(value)
    case .text(let value): value
    case .list(let values): values.joined(separator: ",")
    case .flag(let value): "\(value)"
    }
  }

  /// Text between quotes unless every YAML reader takes it as text without them.
  private static func quoted(_ text: String) -> String {
    let safe = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-")
    let words: Set = ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "~"]
    let isPlain =
      text.unicodeScalars.allSatisfy { safe.contains($0) }
      && text.first.map { $0.isLetter || $0 == "/" } == true && !words.contains(text.lowercased())
    if isPlain { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _
      where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || scalar.value == 0xFEFF
        || scalar.value == 0x2028 || scalar.value == 0x2029:
        result += "\\u" + String(scalar.value + 0x1_0000, radix: 16).suffix(4)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension SlicePosition {
  /// An index as a number, the rest as text.
  var settingValue: SettingValue {
    if case .index(let index) = self { return .integer(index) }
    return .text(description)
  }
}
