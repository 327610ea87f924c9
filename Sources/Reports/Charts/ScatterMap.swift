/// Points in a plane with the same scale along both axes.
package struct ScatterMap: Sendable, Equatable {
  package let map: LatentMap
  package let frame: PlotFrame
  /// The width of the plot over its height, which makes a unit as long across as up.
  package let aspectRatio: Double

  /// Frames all points; a map that is much longer one way is widened until its sides are about 2 to 1.
  package init(_ map: LatentMap) {
    self.map = map
    let points = map.groups.flatMap(\.points).filter(\.isFinite)
    let horizontal = Scale.linear(covering: points.map(\.x), reachesTicks: false)
    let vertical = Scale.linear(covering: points.map(\.y), reachesTicks: false)
    let (width, height) = (horizontal.upper - horizontal.lower, vertical.upper - vertical.lower)
    let margin = 0.04 * max(width, height)
    let addedWidth = margin + max(0, height / 2 - width) / 2
    let addedHeight = margin + max(0, width / 2 - height) / 2
    frame = PlotFrame(
      horizontal: .linear(
        covering: [horizontal.lower - addedWidth, horizontal.upper + addedWidth], reachesTicks: false),
      vertical: .linear(covering: [vertical.lower - addedHeight, vertical.upper + addedHeight], reachesTicks: false))
    aspectRatio = (width + 2 * addedWidth) / (height + 2 * addedHeight)
  }

  /// The chart, described to those who cannot see it by `description`.
  package func svg(description: String) -> String {
    let height = 1000 / aspectRatio
    var paths = ""
    for (index, group) in map.groups.enumerated() {
      let path = path(of: group)
      guard !path.isEmpty else { continue }
      paths += HTMLText.element("path", [("class", markClass(ofGroup: index)), ("d", path)])
    }
    let marks = HTMLText.element(
      "svg", [("class", "points"), ("viewBox", "0 0 1000 \(PlotFrame.coordinate(height))")], paths)
    let ratio = "aspect-ratio: \(PlotFrame.coordinate(aspectRatio))"
    return frame.svg(
      marks: paths.isEmpty ? "" : marks, description: description, style: [("class", "plot-map"), ("style", ratio)])
  }

  /// The style classes of a group's marks: its kind, and a hue when several groups are of one kind.
  package func markClass(ofGroup index: Int) -> String {
    let group = map.groups[index]
    let peers = map.groups.indices.filter { map.groups[$0].kind == group.kind }
    let hue = peers.count > 1 ? " hue-\((peers.firstIndex(of: index) ?? 0) % 6 + 1)" : ""
    return "mark-\(group.kind)" + hue
  }

  /// The marks of a group in a box that is 1000 wide: dots, triangles or crosses.
  package func path(of group: LatentMap.Group) -> String {
    var path = ""
    for point in group.points {
      guard point.isFinite, let across = frame.horizontal.fraction(of: point.x),
        let up = frame.vertical.fraction(of: point.y)
      else { continue }
      path += Self.mark(group.kind, x: across * 1000, y: (1 - up) * 1000 / aspectRatio)
    }
    return path
  }

  /// One mark at a position, as path commands.
  static func mark(_ kind: LatentMap.Kind, x: Double, y: Double) -> String {
    let c = PlotFrame.coordinate
    switch kind {
    case .real: return "M\(c(x)) \(c(y))h0"
    case .synthetic: return "M\(c(x)) \(c(y - 9))l8.5 15h-17z"
    case .centroid: return "M\(c(x - 8)) \(c(y))h16m-8 -8v16"
    }
  }
}
