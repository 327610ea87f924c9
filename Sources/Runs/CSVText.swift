/// Fields of comma-separated tables. Source: RFC 4180.
package enum CSVText {
  /// A field, quoted where it must be.
  package static func field(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return text }
    return "\"" + text.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }

  /// A quote that stays open, or that text follows, in the record that begins on this line.
  package struct BrokenQuote: Error {
    package var line: Int
  }

  /// The records of a text, each with the line on which it begins, counted from 1.
  package static func records(_ text: String) throws(BrokenQuote) -> [(line: Int, fields: [String])] {
    var records: [(line: Int, fields: [String])] = []
    var fields: [String] = []
    var field = String.UnicodeScalarView()
    var state = State.start
    var line = 1
    var firstLine = 1
    func endField() {
      fields.append(String(field))
      (field, state) = (String.UnicodeScalarView(), .start)
    }
    // By scalars: a sign that combines with a comma or a quote must not hide it.
    for scalar in text.unicodeScalars {
      switch (state, scalar) {
      case (.quoted, "\""): state = .closed
      case (.quoted, _): field.append(scalar)
      case (.closed, "\""):
        state = .quoted
        field.append(scalar)
      case (.start, "\""): state = .quoted
      case (_, ","): endField()
      case (_, "\r"): break
      case (_, "\n"):
        endField()
        records.append((firstLine, fields))
        (fields, firstLine) = ([], line + 1)
      case (.closed, _): throw BrokenQuote(line: firstLine)
      default:
        field.append(scalar)
        state = .plain
      }
      if scalar == "\n" { line += 1 }
    }
    guard state != .quoted else { throw BrokenQuote(line: firstLine) }
    if !fields.isEmpty || state != .start {
      endField()
      records.append((firstLine, fields))
    }
    return records
  }

  private enum State { case start, plain, quoted, closed }
}
