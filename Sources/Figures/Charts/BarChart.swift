/// Horizontal bars from 0 to 100 %, one at a time, so that each can stand in its row of a table.
///
/// A bar ends at the mean; a whisker spans the standard deviation or the interval; a dot under it marks every run;
/// a dashed line marks chance.
package struct BarChart: Sendable, Equatable {
  /// What the whiskers span.
  package enum Whisker: Sendable, Equatable {
    case standardDeviation
    case interval
  }

  package let whisker: Whisker
  /// The score, in 0...1, of a classifier that guesses.
  package let chance: Double?

  package init(whisker: Whisker, chance: Double?) {
    self.whisker = whisker
    self.chance = chance
  }

  /// The bar of one score, described by its numbers.
  package func bar(_ score: Score, isHighlighted: Bool) -> String {
    var marks = ""
    if let mean = score.mean, mean.isFinite {
      let end = PlotFrame.percent(clamped(mean))
      marks += HTMLText.element(
        "rect", [("class", "bar"), ("x", "0"), ("y", "5"), ("width", end), ("height", "11")])
      marks += HTMLText.element("line", [("class", "mean"), ("x1", end), ("x2", end), ("y1", "3"), ("y2", "18")])
    }
    marks += chanceLine(from: "0", to: "100%")
    for (index, value) in score.definedValues.enumerated() {
      marks += HTMLText.element(
        "circle",
        [
          ("class", "run"), ("cx", PlotFrame.percent(clamped(value))),
          ("cy", PlotFrame.coordinate(25 + Self.spread(index))), ("r", "1.75"),
        ])
    }
    if let span = whiskerSpan(score) {
      let (low, high) = (PlotFrame.percent(clamped(span.lowerBound)), PlotFrame.percent(clamped(span.upperBound)))
      let ends = [(low, low, "7", "14"), (high, high, "7", "14"), (low, high, "10.5", "10.5")]
      for (x1, x2, y1, y2) in ends {
        marks += HTMLText.element(
          "line", [("class", "whisker"), ("x1", x1), ("x2", x2), ("y1", y1), ("y2", y2)])
      }
    }
    return HTMLText.element(
      "svg",
      [
        ("role", "img"), ("aria-label", description(of: score)),
        ("class", isHighlighted ? "bar-row chosen" : "bar-row"),
      ], marks)
  }

  /// The scale that stands above the bars.
  package func axis() -> String {
    var marks = ""
    for tick in [0, 0.25, 0.5, 0.75, 1] {
      let anchor = tick == 0 ? "start" : tick == 1 ? "end" : "middle"
      marks += HTMLText.element(
        "text", [("x", PlotFrame.percent(tick)), ("y", "11"), ("text-anchor", anchor)],
        NumberText.percent(tick, decimals: 0))
      marks += HTMLText.element(
        "line",
        [
          ("class", "tick"), ("x1", PlotFrame.percent(tick)), ("x2", PlotFrame.percent(tick)), ("y1", "16"),
          ("y2", "20"),
        ])
    }
    let chanceText = chance.map { ", chance at \(NumberText.percent($0)) %" } ?? ""
    return HTMLText.element(
      "svg",
      [("role", "img"), ("aria-label", "Scale from 0 to 100 %\(chanceText)"), ("class", "bar-axis")], marks)
  }

  /// The ends of the whisker, or nil when they are not known.
  package func whiskerSpan(_ score: Score) -> ClosedRange<Double>? {
    switch whisker {
    case .interval: return score.interval
    case .standardDeviation:
      guard let mean = score.mean, let deviation = score.standardDeviation, mean.isFinite, deviation.isFinite
      else { return nil }
      return (mean - abs(deviation))...(mean + abs(deviation))
    }
  }

  private func chanceLine(from: String, to: String) -> String {
    guard let chance else { return "" }
    let x = PlotFrame.percent(chance)
    return HTMLText.element("line", [("class", "chance"), ("x1", x), ("x2", x), ("y1", from), ("y2", to)])
  }

  private func description(of score: Score) -> String {
    guard let mean = score.mean, mean.isFinite else { return "undefined" }
    var text = "\(NumberText.percent(mean)) %"
    if let deviation = score.standardDeviation { text += ", standard deviation \(NumberText.percent(deviation))" }
    if let interval = score.interval {
      text += ", interval \(NumberText.percent(interval.lowerBound)) to \(NumberText.percent(interval.upperBound))"
    }
    let values = score.definedValues
    if let least = values.min(), let most = values.max(), values.count > 1 {
      text += ", \(values.count) runs from \(NumberText.percent(least)) to \(NumberText.percent(most))"
    }
    return text
  }

  private func clamped(_ value: Double) -> Double { min(1, max(0, value)) }

  /// A fixed scatter, in pixels, that keeps the dots of like runs apart.
  private static func spread(_ index: Int) -> Double {
    let turn = Double(index) * 0.618_033_988_749_895
    return (turn - turn.rounded(.down) - 0.5) * 7
  }
}
