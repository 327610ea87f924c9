import Figures

/// A map of latent codes as an SVG file of its own, for a paper or a slide.
public enum LatentMapFile {
  private static let (left, top, right, bottom) = (64.0, 84.0, 24.0, 56.0)
  private static let plotWidth = 720.0

  /// The file's text: the map with title, axis labels and a key, dark on white.
  ///
  /// - Throws: `ReportsError.picture` when the density cannot be encoded.
  public static func svg(_ map: LatentMap) throws -> String {
    let scatter = ScatterMap(map)
    let plotHeight = plotWidth / scatter.aspectRatio
    let (width, height) = (left + plotWidth + right, top + plotHeight + bottom + 22 * Double((keyCount(map) + 1) / 2))
    let c = PlotFrame.coordinate
    func text(_ content: String, _ x: Double, _ y: Double, _ style: String) -> String {
      HTMLText.element("text", [("x", c(x)), ("y", c(y)), ("class", style)], HTMLText.escape(content))
    }
    let chart = scatter.frame.svg(
      marks: scatter.marks, background: try scatter.background(), description: map.title,
      style: [("x", c(left)), ("y", c(top)), ("width", c(plotWidth)), ("height", c(plotHeight)), ("class", "plot-map")])
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(c(width)) \(c(height))" width="\(c(width))" \
      height="\(c(height))">
      <style>
      svg { \(StyleSheet.lightColours) overflow: visible; }
      text { font: 13px system-ui, sans-serif; fill: var(--muted); }
      .title { font-size: 17px; font-weight: 600; fill: var(--ink); }
      \(StyleSheet.mapMarks)
      </style>
      <rect width="100%" height="100%" fill="#ffffff"/>
      \(text(map.title, left, 32, "title"))
      \(text(map.verticalLabel, left, top - 14, "label"))
      \(chart)
      \(HTMLText.element(
        "text", [("x", c(left + plotWidth)), ("y", c(top + plotHeight + 44)), ("text-anchor", "end")],
        HTMLText.escape(map.horizontalLabel)))
      \(key(scatter, top: top + plotHeight + bottom))
      </svg>

      """
  }

  private static func keyCount(_ map: LatentMap) -> Int {
    map.groups.count + map.curves.count + (map.density == nil ? 0 : 1)
  }

  /// Marks with their meanings, two in a row.
  private static func key(_ scatter: ScatterMap, top: Double) -> String {
    let map = scatter.map
    var entries = map.groups.indices.map { index in
      (
        mark: keyMark(
          scatter.markClass(ofGroup: index), ScatterMap.mark(map.groups[index].kind, x: 10, y: 10),
          isOver: map.density != nil),
        meaning: "\(map.groups[index].points.filter(\.isFinite).count) \(map.groups[index].name)"
      )
    }
    entries += map.curves.enumerated().map { index, curve in
      (keyMark(ScatterMap.curveClass(index), "M0 10H20", isOver: false), curve.name)
    }
    if let density = map.density, let meaning = LatentMapSection.meaning(of: density) {
      // Four steps stand for the shades: white to the darkest.
      let steps = (0..<4).map { step in
        let grey = 255 - step * 185 / 3
        return HTMLText.element(
          "rect",
          [
            ("class", "density"), ("x", "\(step * 5)"), ("y", "4"), ("width", "5"), ("height", "12"),
            ("fill", "rgb(\(grey),\(grey),\(grey))"),
          ])
      }
      let outline = HTMLText.element(
        "rect", [("y", "4"), ("width", "20"), ("height", "12"), ("fill", "none"), ("stroke", "#7b858f")])
      entries.append((HTMLText.element("svg", [("viewBox", "0 0 20 20")], steps.joined() + outline), meaning))
    }
    return entries.enumerated().map { index, entry in
      let x = left + Double(index % 2) * plotWidth / 2
      let y = top + 22 * Double(index / 2)
      return HTMLText.element(
        "svg",
        [
          ("x", PlotFrame.coordinate(x)), ("y", PlotFrame.coordinate(y)), ("width", "20"), ("height", "20"),
          ("class", "key"),
        ], entry.mark)
        + HTMLText.element(
          "text", [("x", PlotFrame.coordinate(x + 28)), ("y", PlotFrame.coordinate(y + 14))],
          HTMLText.escape(entry.meaning))
    }.joined(separator: "\n")
  }

  private static func keyMark(_ markClass: String, _ path: String, isOver: Bool) -> String {
    HTMLText.element(
      "svg", [("class", isOver ? "points over" : "points"), ("viewBox", "0 0 20 20")],
      HTMLText.element("path", [("class", markClass), ("d", path)]))
  }
}
