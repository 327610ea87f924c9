extension Recipe {
  /// The resolved recipe as YAML: every setting with its value, defaults included. Reading it gives the same recipe,
  /// except for `out`, which a run folder does not repeat.
  ///
  /// - Parameters:
  ///   - explained: puts what each setting means above it, as a template to start from.
  ///   - wanted: the sections to write, by the first words of their keys, such as `data`, with those inside them; nil
  ///     for all. What stands at the top is not one of them.
  public func yaml(explained: Bool = false, sections wanted: [String]? = nil) -> String {
    var lines: [String] = []
    var open: [Substring] = []
    for section in Recipe.sections {
      let parts = section.name.split(separator: ".")
      if let wanted, !wanted.contains(String(parts.first ?? "")) { continue }
      let rows = section.settings.compactMap { setting in setting.value(in: self).map { (setting, $0) } }
        .filter(\.0.isRecorded)
      guard !rows.isEmpty else { continue }
      let shared = zip(open, parts).prefix { $0 == $1 }.count
      for depth in shared..<max(parts.count, shared) {
        lines.append(String(repeating: "  ", count: depth) + "\(parts[depth]):")
      }
      open = parts
      let indent = String(repeating: "  ", count: parts.count)
      for (setting, value) in rows {
        if explained {
          let text = "\(setting.meaning) (\(setting.kind.expectation))"
          lines += TextWrap.lines(text, width: 78 - indent.count).map { "\(indent)# \($0)" }
        }
        let line = "\(indent)\(setting.name): \(value.yaml)"
        if case .list(let words) = value, line.count > 80 {
          lines.append("\(indent)\(setting.name):")
          lines += words.map { "\(indent)  - \(SettingValue.text($0).yaml)" }
        } else {
          lines.append(line)
        }
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
