/// Numbers as people write them in recipes, options and tables: decimal, so neither `0x1p3` nor `inf`.
package enum DecimalText {
  /// A whole number; nil for anything else, or one that an `Int` cannot hold.
  package static func whole(_ text: some StringProtocol) -> Int? {
    Substring(text).wholeMatch(of: /[-+]?[0-9]+/) == nil ? nil : Int(text)
  }

  /// A finite number, with an exponent or without; nil for anything else.
  package static func number(_ text: some StringProtocol) -> Double? {
    let pattern = /[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?/
    guard Substring(text).wholeMatch(of: pattern) != nil else { return nil }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }

  /// The shortest text that reads back as the same number, without ".0".
  package static func shortest(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
