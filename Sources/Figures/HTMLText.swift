/// Makes any text safe to stand between tags and inside quoted attributes of HTML and XML.
package enum HTMLText {
  /// Replaces `& < > " '` by references, and characters that XML forbids by U+FFFD.
  ///
  /// It works on Unicode scalars: a quote followed by a combining accent is one `Character` in Swift, but still ends
  /// an attribute in HTML.
  package static func escape(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
      case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
      case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
      case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
      case "\t", "\n", "\r": escaped.append(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
        escaped.append("\u{FFFD}")
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }

  /// An element with attributes in the order given and `content`, which is markup already.
  package static func element(_ name: String, _ attributes: [(String, String)], _ content: String = "") -> String {
    let written = attributes.map { " \($0.0)=\"\(escape($0.1))\"" }.joined()
    return content.isEmpty ? "<\(name)\(written)/>" : "<\(name)\(written)>\(content)</\(name)>"
  }
}
