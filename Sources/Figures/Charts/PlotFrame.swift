import Foundation

/// Axes with grid lines and labels around a plot.
///
/// The drawing is placed in percent of the plot's box, so that it takes any width while its text keeps the page's
/// size; tick labels lie outside the box, in the margin that the style sheet leaves.
package struct PlotFrame: Sendable, Equatable {
  package let horizontal: Scale
  package let vertical: Scale

  package init(horizontal: Scale, vertical: Scale) {
    self.horizontal = horizontal
    self.vertical = vertical
  }

  /// The plot with `marks` (markup) over its grid and `background` beneath, described to those who cannot see it by
  /// `description`.
  package func svg(
    marks: String, background: String = "", description: String, style: [(String, String)]
  ) -> String {
    var content = background
    for tick in vertical.ticks {
      guard let fraction = vertical.fraction(of: tick.value) else { continue }
      let y = Self.percent(1 - fraction)
      content += HTMLText.element("line", [("class", "grid"), ("x1", "0"), ("x2", "100%"), ("y1", y), ("y2", y)])
      content += HTMLText.element(
        "text", [("x", "-8"), ("y", y), ("dy", "0.32em"), ("text-anchor", "end")], HTMLText.escape(tick.label))
    }
    for tick in horizontal.ticks {
      guard let fraction = horizontal.fraction(of: tick.value) else { continue }
      let x = Self.percent(fraction)
      content += HTMLText.element(
        "line", [("class", "tick"), ("x1", x), ("x2", x), ("y1", "98%"), ("y2", "100%")])
      content += HTMLText.element(
        "text", [("x", x), ("y", "100%"), ("dy", "1.5em"), ("text-anchor", "middle")], HTMLText.escape(tick.label))
    }
    content += HTMLText.element(
      "line", [("class", "axis"), ("x1", "0"), ("x2", "100%"), ("y1", "100%"), ("y2", "100%")])
    return HTMLText.element("svg", [("role", "img"), ("aria-label", description)] + style, content + marks)
  }

  /// A fraction as a percentage for an attribute, with two decimals at most.
  static func percent(_ fraction: Double) -> String { coordinate(fraction * 100) + "%" }

  /// A coordinate with two decimals at most.
  package static func coordinate(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() ? String(Int(rounded)) : "\(rounded)"
  }
}
