/// Lists and counts as they read in a sentence.
package enum TextList {
  /// The first few of the items and how many more there are: `a, b, c and 12 more`.
  package static func firstFew(_ items: [String], limit: Int = 3) -> String {
    guard items.count > limit else { return joined(items) }
    return items.prefix(limit).joined(separator: ", ") + " and \(items.count - limit) more"
  }

  /// `a`, `a and b`, `a, b and c`.
  package static func joined(_ items: [String]) -> String {
    guard items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " and " + items[items.count - 1]
  }

  /// `1 image`, `2 images`.
  package static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : noun.hasSuffix("s") ? "es" : "s")"
  }

  /// A name out of a file, fit for a line: 60 characters at most, `?` for those that cannot be printed.
  package static func printable(_ name: String) -> String {
    let shown = name.unicodeScalars.prefix(60).map { scalar in
      scalar.properties.generalCategory == .control || scalar.properties.isWhitespace && scalar != " "
        || scalar.properties.isBidiControl ? "?" : String(scalar)
    }
    return shown.joined() + (name.unicodeScalars.count > 60 ? "..." : "")
  }
}

extension String {
  /// Order by bytes, the same on every machine and in every language.
  package func precedesBytewise(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}

extension Sequence where Element == String {
  package func sortedBytewise() -> [String] { sorted { $0.precedesBytewise($1) } }
}
