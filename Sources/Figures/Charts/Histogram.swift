/// Counts of values in equal bins, as bars that stand on zero.
package struct Histogram: Sendable, Equatable {
  package let frame: PlotFrame
  package let counts: [Int]
  package let binWidth: Double

  /// Counts the finite, non-negative `values` in `bins` bins from 0 to `upper`; a value at or above `upper` counts in
  /// the last bin.
  package init(values: [Double], upper: Double, bins: Int) {
    precondition(upper > 0 && bins > 0, "a histogram needs a bin and a range, not \(bins) bins up to \(upper)")
    binWidth = upper / Double(bins)
    var counts = [Int](repeating: 0, count: bins)
    for value in values where value.isFinite && value >= 0 {
      counts[min(bins - 1, Int(min(Double(bins), value / binWidth)))] += 1
    }
    self.counts = counts
    frame = PlotFrame(
      horizontal: .linear(covering: [0, upper], tickCount: 4, reachesTicks: false),
      vertical: .linear(covering: [0, Double(max(4, counts.max() ?? 0))], tickCount: 4))
  }

  /// The chart, described to those who cannot see it by `description`.
  package func svg(description: String) -> String {
    var marks = ""
    for (index, count) in counts.enumerated() where count > 0 {
      guard let left = frame.horizontal.fraction(of: Double(index) * binWidth),
        let right = frame.horizontal.fraction(of: Double(index + 1) * binWidth),
        let top = frame.vertical.fraction(of: Double(count))
      else { continue }
      marks += HTMLText.element(
        "rect",
        [
          ("class", "bin"), ("x", PlotFrame.percent(left)), ("y", PlotFrame.percent(1 - top)),
          ("width", PlotFrame.percent(right - left)), ("height", PlotFrame.percent(top)),
        ])
    }
    return frame.svg(marks: marks, description: description, style: [("class", "plot-low")])
  }
}
