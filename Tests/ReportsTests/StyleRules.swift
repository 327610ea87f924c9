import Foundation

/// The colours that the style sheet gives to text and to what lies behind it.
struct StyleRules {
  /// Names of colours that text has, such as `--ink`.
  let text: Set<String>
  /// Names of colours that lie behind text.
  let ground: Set<String>
  /// Declarations that the check of contrast cannot follow: a colour of text or ground that is no name, or text that is
  /// made translucent.
  let unclear: [String]

  /// Classes that stand for marks in a key, on which there is no text.
  private static let marks = [".key-", ".density", "img"]

  init(_ sheet: String) {
    var (text, ground, unclear): (Set<String>, Set<String>, [String]) = ([], [], [])
    for rule in sheet.matches(of: /([^{}]+)\{([^{}]*)\}/) {
      let selector = rule.1.trimmingCharacters(in: .whitespacesAndNewlines)
      let isMark = Self.marks.contains { selector.hasPrefix($0) }
      for declaration in rule.2.split(separator: ";") {
        let parts = declaration.split(separator: ":", maxSplits: 1).map {
          $0.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        guard parts.count == 2, !parts[0].hasPrefix("--") else { continue }
        let name = parts[1].firstMatch(of: /^var\((--[a-z0-9-]+)\)$/).map { String($0.1) }
        switch parts[0] {
        case "color": if let name { text.insert(name) } else { unclear.append("\(selector): \(declaration)") }
        case "fill" where selector.contains("text"):
          if let name { text.insert(name) } else { unclear.append("\(selector): \(declaration)") }
        case "background" where !isMark, "background-color" where !isMark:
          if let name { ground.insert(name) } else { unclear.append("\(selector): \(declaration)") }
        case "opacity" where !isMark: unclear.append("\(selector): \(declaration)")
        default: continue
        }
      }
    }
    (self.text, self.ground, self.unclear) = (text, ground, unclear)
  }

  /// Pairs of text and ground whose contrast is below 4.5 in a theme, with their ratios.
  func tooFaint(in declarations: String) -> [String] {
    let theme = colours(in: declarations)
    return text.sorted().flatMap { text in
      ground.sorted().compactMap { ground -> String? in
        guard let first = theme[text], let second = theme[ground] else { return "\(text) or \(ground) is no colour" }
        let ratio = contrast(first, second)
        return ratio >= 4.5 ? nil : "\(text) on \(ground): \(ratio)"
      }
    }
  }
}
