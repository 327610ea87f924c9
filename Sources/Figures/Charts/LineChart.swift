/// Lines over a common horizontal axis.
package struct LineChart: Sendable, Equatable {
  /// One line; where a point is not finite, or not positive on a logarithmic axis, the line has a gap.
  package struct Series: Sendable, Equatable {
    package let style: Style
    package let points: [Point]
    /// Whether the value holds until the next point instead of changing gradually.
    package let isStepped: Bool

    package init(style: Style, points: [Point], isStepped: Bool = false) {
      self.style = style
      self.points = points
      self.isStepped = isStepped
    }
  }

  package struct Point: Sendable, Equatable {
    package let x: Double
    package let y: Double

    package init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  package enum Style: String, Sendable {
    case accent
    case neutral
  }

  package let frame: PlotFrame
  package let series: [Series]
  /// A value of the horizontal axis that a dashed line marks.
  package let markedX: Double?

  package init(frame: PlotFrame, series: [Series], markedX: Double? = nil) {
    self.frame = frame
    self.series = series
    self.markedX = markedX
  }

  /// The chart, described to those who cannot see it by `description`; `sizeClass` chooses its height.
  package func svg(description: String, sizeClass: String = "plot-tall") -> String {
    var paths = ""
    for line in series {
      let path = path(of: line)
      if !path.isEmpty { paths += HTMLText.element("path", [("class", line.style.rawValue), ("d", path)]) }
    }
    if let markedX, let fraction = frame.horizontal.fraction(of: markedX) {
      let x = PlotFrame.coordinate(fraction * 1000)
      paths += HTMLText.element("path", [("class", "marked"), ("d", "M\(x) 0V1000")])
    }
    let marks = HTMLText.element(
      "svg", [("class", "lines"), ("viewBox", "0 0 1000 1000"), ("preserveAspectRatio", "none")], paths)
    return frame.svg(marks: paths.isEmpty ? "" : marks, description: description, style: [("class", sizeClass)])
  }

  /// The path of a line in a box of 1000 by 1000 whose origin is the top left corner.
  package func path(of line: Series) -> String {
    var path = ""
    var previousY: String?
    for point in line.points {
      guard let across = frame.horizontal.fraction(of: point.x), let up = frame.vertical.fraction(of: point.y) else {
        previousY = nil
        continue
      }
      let (x, y) = (PlotFrame.coordinate(across * 1000), PlotFrame.coordinate((1 - up) * 1000))
      if previousY == nil {
        path += "M\(x) \(y)"
      } else if line.isStepped {
        path += previousY == y ? "H\(x)" : "H\(x)V\(y)"
      } else {
        path += "L\(x) \(y)"
      }
      previousY = y
    }
    return path
  }
}
