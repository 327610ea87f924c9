/// Breaks text into lines.
package enum TextWrap {
  /// The words of `text` in lines of at most `width` characters; a longer word has a line of its own. A number and its
  /// "%" are one word.
  package static func lines(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    let words = text.split(separator: " ").reduce(into: [String]()) { words, word in
      if word.first == "%", !words.isEmpty { words[words.count - 1] += " " + word } else { words.append(String(word)) }
    }
    for word in words {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return line.isEmpty ? lines : lines + [line]
  }
}
