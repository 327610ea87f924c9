/// A line with a band about it.
package struct BandChart: Sendable, Equatable {
  package let frame: PlotFrame

  package init(frame: PlotFrame) { self.frame = frame }

  /// The chart of one line, in percent, described to those who cannot see it by `description`.
  package func svg(_ line: SweepCurve.Line, description: String) -> String {
    let style = line.isHighlighted ? "accent" : "neutral"
    var paths = ""
    let banded = line.points.filter { $0.interval != nil }
    if banded.count > 1 {
      let upper = banded.compactMap { place($0.value, $0.interval!.upperBound) }
      let lower = banded.reversed().compactMap { place($0.value, $0.interval!.lowerBound) }
      paths += HTMLText.element(
        "path", [("class", "band \(style)"), ("d", "M" + (upper + lower).joined(separator: "L") + "Z")])
    }
    let places = line.points.compactMap { place($0.value, $0.mean) }
    if places.count > 1 {
      paths += HTMLText.element("path", [("class", style), ("d", "M" + places.joined(separator: "L"))])
    }
    let marks = HTMLText.element(
      "svg", [("class", "lines"), ("viewBox", "0 0 1000 1000"), ("preserveAspectRatio", "none")], paths)
    var dots = ""
    for point in line.points {
      guard let across = frame.horizontal.fraction(of: point.value),
        let up = frame.vertical.fraction(of: 100 * point.mean)
      else { continue }
      dots += HTMLText.element(
        "circle",
        [("class", "dot \(style)"), ("cx", PlotFrame.percent(across)), ("cy", PlotFrame.percent(1 - up)), ("r", "3")])
    }
    return frame.svg(marks: marks + dots, description: description, style: [("class", "plot-tall")])
  }

  private func place(_ value: Double, _ score: Double) -> String? {
    guard let across = frame.horizontal.fraction(of: value), let up = frame.vertical.fraction(of: 100 * score) else {
      return nil
    }
    return "\(PlotFrame.coordinate(across * 1000)) \(PlotFrame.coordinate((1 - up) * 1000))"
  }
}
