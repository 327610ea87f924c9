import Files

extension CohortInspection {
  /// The inspection as text for a terminal; no line is longer than 80 characters.
  ///
  /// A path or class name that is longer than a line is cut in pieces, in a table with `…`.
  ///
  /// - Parameter hasMore: whether something else was found that will hurt, which follows the text.
  public func text(hasMore: Bool = false) -> String {
    var lines: [String] = []
    let layout = isSplit ? "already split" : "not split"
    lines += Self.wrapped("Cohort: ", root)
    lines += Self.wrapped(
      "Images: ",
      "\(TextList.count(images, "image")) of \(TextList.count(subjects, "subject")) in "
        + "\(TextList.count(classes.count, "class")), \(layout)")
    lines += Self.wrapped("Subjects: ", subjectRule)
    lines += Self.wrapped("Classes: ", balance)
    lines.append("")
    lines += countTable() + intensityTable()
    lines.append("")
    for (title, values) in [
      ("Pixel size (mm): ", groups.flatMap(\.spacingsMillimetres)), ("Orientation: ", groups.flatMap(\.orientations)),
      ("Stored as: ", groups.flatMap(\.dataTypes)), ("Modality: ", modalities),
    ] where !values.isEmpty {
      lines += Self.wrapped(title, Self.summary(values))
    }
    if problems.isEmpty, warnings.isEmpty, !hasMore { lines += ["", "Nothing in it that will hurt was found."] }
    for (title, sentences) in [("Problems", problems), ("Warnings", warnings), ("Notes", notes)]
    where !sentences.isEmpty {
      lines += ["", "\(title):"] + sentences.flatMap { Self.wrapped("  - ", $0) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Counts and sizes.
  private func countTable() -> [String] {
    let rows = groups.map { group in
      let sizes = group.sizes.map(\.value)
      return [
        Self.cut(group.className, to: 16), group.split?.rawValue ?? "-", "\(group.images)", "\(group.subjects)",
        sizes.count < 2 ? sizes.first ?? "-" : "\(sizes[0]) and \(sizes.count - 1) more",
      ]
    }
    return Self.table([["class", "split", "images", "subjects", "size"]] + rows)
  }

  /// Intensities before preprocessing.
  private func intensityTable() -> [String] {
    let rows = groups.compactMap { group in
      group.intensity.map {
        [
          Self.cut(group.className, to: 16), group.split?.rawValue ?? "-", Self.number($0.lowestMinimum),
          Self.number($0.medianMinimum), Self.number($0.medianMaximum), Self.number($0.highestMaximum),
        ]
      }
    }
    guard !rows.isEmpty else { return [] }
    let header = ["class", "split", "least", "median least", "median greatest", "greatest"]
    return ["", "Intensities as stored, before preprocessing:"] + Self.table([header] + rows)
  }

  /// Columns two spaces apart; the first two aligned left, the others right.
  private static func table(_ rows: [[String]]) -> [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return column < 2 ? row[column] + space : space + row[column]
      }.joined(separator: "  ")
    }
  }

  /// At most seven characters, about three digits for what is no short whole number.
  static func number(_ value: Float) -> String {
    if value == value.rounded(), abs(value) < 100_000 { return "\(Int(value))" }
    guard value.isFinite else { return "\(value)" }
    var exponent = 0
    var mantissa = Double(abs(value))
    while mantissa >= 9.995 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 0.9995 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    let sign = value < 0 ? "-" : ""
    let digits = String(Int((mantissa * 100).rounded()))
    switch exponent {
    case 0...1: return sign + digits.prefix(exponent + 1) + "." + digits.dropFirst(exponent + 1)
    case 2...4: return sign + digits + String(repeating: "0", count: exponent - 2)
    case -2...(-1): return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits
    default: return sign + digits.prefix(1) + "." + digits.dropFirst(1).prefix(1) + "e\(exponent)"
    }
  }

  private static func summary(_ values: [Tally]) -> String {
    let merged = tally(values.flatMap { [String](repeating: $0.value, count: $0.count) })
    return merged.count == 1
      ? merged[0].value : TextList.firstFew(merged.map { "\($0.value) (\($0.count))" }, limit: 6)
  }

  private static func cut(_ text: String, to length: Int) -> String {
    text.count <= length ? text : text.prefix(length - 1) + "…"
  }

  /// The text after a title, broken at spaces into lines of at most 80 characters that are indented alike.
  static func wrapped(_ title: String, _ text: String) -> [String] {
    let width = 80 - title.count
    var lines = [""]
    for word in text.split(separator: " ") {
      var rest = Substring(word)
      while true {
        let last = lines[lines.count - 1]
        if last.count + (last.isEmpty ? 0 : 1) + rest.count <= width {
          lines[lines.count - 1] += (last.isEmpty ? "" : " ") + rest
          break
        }
        if last.isEmpty {
          lines[lines.count - 1] = String(rest.prefix(width))
          rest = rest.dropFirst(width)
        }
        lines.append("")
      }
    }
    if lines.count > 1, lines[lines.count - 1].isEmpty { lines.removeLast() }
    return lines.enumerated().map { ($0 == 0 ? title : String(repeating: " ", count: title.count)) + $1 }
  }
}
