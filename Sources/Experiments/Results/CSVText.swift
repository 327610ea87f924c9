/// Fields of comma-separated tables. Source: RFC 4180.
package enum CSVText {
  /// A field, quoted where it must be.
  package static func field(_ text: String) -> String {
    text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
      ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }

  /// The fields of one line; nil if a quotation is not closed.
  package static func fields(_ line: Substring) -> [String]? {
    var fields: [String] = []
    var current = ""
    var isQuoted = false
    var index = line.startIndex
    while index < line.endIndex {
      let character = line[index]
      let next = line.index(after: index)
      if character == "\"" {
        if isQuoted, next < line.endIndex, line[next] == "\"" {
          current.append("\"")
          index = next
        } else {
          isQuoted.toggle()
        }
      } else if character == ",", !isQuoted {
        fields.append(current)
        current = ""
      } else {
        current.append(character)
      }
      index = line.index(after: index)
    }
    return isQuoted ? nil : fields + [current]
  }
}
