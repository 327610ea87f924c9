extension Recipe {
  /// What every key means, what it takes, its default and its source, within 80 columns.
  public static var explanation: String {
    var lines = TextWrap.lines(
      "A recipe is a YAML file that says a whole experiment. A key that is left out keeps its default; a key that is "
        + "not listed here is an error. A relative path is relative to the recipe's own folder. Options on the command "
        + "line override the recipe.", width: 80)
    for section in sections {
      if !section.name.isEmpty {
        lines += [""] + TextWrap.lines("\(section.name): \(section.meaning)", width: 80)
      }
      let indent = section.name.isEmpty ? "" : "  "
      for setting in section.settings {
        let facts =
          [capitalized(setting.kind.expectation) + ".", "Default: \(defaultText(of: setting))."]
          + (setting.source.map { ["Source: \($0)."] } ?? [])
        lines += ["", indent + setting.name]
        for text in [setting.meaning, facts.joined(separator: " ")] {
          lines += TextWrap.lines(text, width: 76 - indent.count).map { "\(indent)    \($0)" }
        }
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The default of a setting, in words.
  static func defaultText(of setting: Setting) -> String {
    var recipe = Recipe()
    if setting.section == "data.phantom" { recipe.data.phantom = PhantomSettings() }
    if setting.section == "data.shapes" { recipe.data.shapes = ShapesSettings() }
    guard let value = setting.value(in: recipe) else { return "none" }
    if case .list(let words) = value { return words.joined(separator: ", ") }
    return value.plain
  }

  private static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
