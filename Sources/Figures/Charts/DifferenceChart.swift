/// Differences about zero with their intervals, one at a time, so that each can stand in its row of a table.
package struct DifferenceChart: Sendable, Equatable {
  /// In points.
  package let scale: Scale

  package init(_ rows: [ComparisonTable.Row]) {
    let ends = rows.flatMap { row in
      [row.difference, row.interval?.lowerBound, row.interval?.upperBound].compactMap { $0 }
    }
    scale = .linear(covering: [0] + ends.map { 100 * $0 })
  }

  /// The width of the axis, in pixels, on a page of 320 pixels.
  package static let narrowWidth = 120.0

  /// The mark of one row, described by its numbers.
  package func mark(_ row: ComparisonTable.Row) -> String {
    var marks = zeroLine("chance")
    if let interval = row.interval, let low = place(interval.lowerBound), let high = place(interval.upperBound) {
      for (x1, x2, y1, y2) in [(low, low, "12", "20"), (high, high, "12", "20"), (low, high, "16", "16")] {
        marks += HTMLText.element(
          "line", [("class", "whisker"), ("x1", x1), ("x2", x2), ("y1", y1), ("y2", y2)])
      }
    }
    if let difference = row.difference, let x = place(difference) {
      marks += HTMLText.element("circle", [("class", "gain"), ("cx", x), ("cy", "16"), ("r", "4")])
    }
    return HTMLText.element(
      "svg",
      [
        ("role", "img"), ("aria-label", description(of: row)),
        ("class", row.isHighlighted ? "bar-row chosen" : "bar-row"),
      ], marks)
  }

  /// The scale that stands above the marks.
  package func axis() -> String {
    var marks = ""
    let labels = scale.ticks.compactMap { tick in
      scale.fraction(of: tick.value).map { TickLabels.Label(text: tick.label, fraction: $0) }
    }
    let zero = scale.ticks.firstIndex { $0.value == 0 } ?? 0
    let kept = TickLabels(labels).fitting(width: Self.narrowWidth, keeping: zero)
    for (index, label) in labels.enumerated() {
      let x = PlotFrame.percent(label.fraction)
      // The style sheet hides spare labels on a narrow page.
      let style = kept.contains(index) ? [] : [("class", "spare")]
      marks += HTMLText.element(
        "text", [("x", x), ("y", "11"), ("text-anchor", label.anchor)] + style, HTMLText.escape(label.text))
      marks += HTMLText.element("line", [("class", "tick"), ("x1", x), ("x2", x), ("y1", "16"), ("y2", "20")])
    }
    let range = "\(NumberText.significant(scale.lower)) to \(NumberText.significant(scale.upper))"
    return HTMLText.element(
      "svg", [("role", "img"), ("aria-label", "Scale from \(range) points"), ("class", "bar-axis")], marks)
  }

  private func zeroLine(_ style: String) -> String {
    guard let x = place(0) else { return "" }
    return HTMLText.element("line", [("class", style), ("x1", x), ("x2", x), ("y1", "0"), ("y2", "100%")])
  }

  private func place(_ difference: Double) -> String? {
    scale.fraction(of: 100 * difference).map { PlotFrame.percent(min(1, max(0, $0))) }
  }

  private func description(of row: ComparisonTable.Row) -> String {
    guard let difference = row.difference else { return "undefined" }
    let interval = row.interval.map {
      ", 95 % interval \(NumberText.percent($0.lowerBound)) to \(NumberText.percent($0.upperBound))"
    }
    return "\(NumberText.percent(difference)) points\(interval ?? "")"
  }
}
