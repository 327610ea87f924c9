import Foundation

/// Points in a plane with the same scale along both axes, over a density and under lines where these are given.
package struct ScatterMap: Sendable, Equatable {
  package let map: LatentMap
  package let frame: PlotFrame
  /// The width of the plot over its height, which makes a unit as long across as up.
  package let aspectRatio: Double

  /// Frames the map's region, or all its points.
  package init(_ map: LatentMap) {
    self.map = map
    let region =
      map.region ?? LatentMap.Region(around: map.groups.flatMap(\.points) + map.curves.flatMap(\.points))
    frame = PlotFrame(
      horizontal: .linear(
        covering: [region.horizontal.lowerBound, region.horizontal.upperBound], reachesTicks: false),
      vertical: .linear(covering: [region.vertical.lowerBound, region.vertical.upperBound], reachesTicks: false))
    aspectRatio = region.aspectRatio
  }

  /// The chart, described to those who cannot see it by `description`.
  ///
  /// - Throws: `ReportsError.picture` when the density cannot be encoded.
  package func svg(description: String) throws -> String {
    let ratio = "aspect-ratio: \(PlotFrame.coordinate(aspectRatio))"
    return frame.svg(
      marks: marks, background: try background(), description: description,
      style: [("class", "plot-map"), ("style", ratio)])
  }

  /// Points and lines in a box that is 1000 wide; empty when there are none.
  package var marks: String {
    var paths = ""
    for (index, group) in map.groups.enumerated() {
      paths += Self.paths(markClass(ofGroup: index), path(of: group), hasHalo: map.density != nil)
    }
    for (index, curve) in map.curves.enumerated() {
      paths += Self.paths(Self.curveClass(index), path(of: curve), hasHalo: true)
    }
    guard !paths.isEmpty else { return "" }
    // Marks beyond the region are cut off, which only a map with a region of its own has.
    return HTMLText.element(
      "svg",
      [
        ("class", "points" + (map.region == nil ? "" : " clipped") + (map.density == nil ? "" : " over")),
        ("viewBox", "0 0 1000 \(PlotFrame.coordinate(1000 / aspectRatio))"),
      ], paths)
  }

  /// The density as a picture over the whole plot; empty when there is none.
  package func background() throws -> String {
    guard let density = map.density else { return "" }
    let picture = density.picture
    let data: Data
    do {
      data = try picture.pngData()
    } catch {
      throw ReportsError.picture(name: "of the density of \(map.title)", reason: "\(error)")
    }
    return HTMLText.element(
      "image",
      [
        ("class", "density"), ("width", "100%"), ("height", "100%"), ("preserveAspectRatio", "none"),
        ("href", "data:image/png;base64," + data.base64EncodedString()),
      ])
  }

  /// A path with a halo beneath it, which keeps it apart from a density and from other marks.
  private static func paths(_ markClass: String, _ path: String, hasHalo: Bool) -> String {
    guard !path.isEmpty else { return "" }
    return (hasHalo ? HTMLText.element("path", [("class", "halo \(markClass)"), ("d", path)]) : "")
      + HTMLText.element("path", [("class", markClass), ("d", path)])
  }

  /// The style class of a line by its number.
  package static func curveClass(_ index: Int) -> String { "curve curve-\(index % 3 + 1)" }

  /// The style classes of a group's marks: its kind, and a hue when several groups are of one kind.
  package func markClass(ofGroup index: Int) -> String {
    let group = map.groups[index]
    let peers = map.groups.indices.filter { map.groups[$0].kind == group.kind }
    let hue = peers.count > 1 ? " hue-\((peers.firstIndex(of: index) ?? 0) % 6 + 1)" : ""
    return "mark-\(group.kind)" + hue
  }

  /// The marks of a group in a box that is 1000 wide: dots, triangles, crosses or circles.
  package func path(of group: LatentMap.Group) -> String {
    group.points.compactMap(place).map { Self.mark(group.kind, x: $0.x, y: $0.y) }.joined()
  }

  /// A line in a box that is 1000 wide; points that are not finite are left out.
  package func path(of curve: LatentMap.Curve) -> String {
    curve.points.compactMap(place).enumerated().map { index, place in
      "\(index == 0 ? "M" : "L")\(PlotFrame.coordinate(place.x)) \(PlotFrame.coordinate(place.y))"
    }.joined()
  }

  private func place(_ point: LatentMap.Point) -> (x: Double, y: Double)? {
    guard point.isFinite, let across = frame.horizontal.fraction(of: point.x),
      let up = frame.vertical.fraction(of: point.y)
    else { return nil }
    return (across * 1000, (1 - up) * 1000 / aspectRatio)
  }

  /// One mark at a position, as path commands.
  package static func mark(_ kind: LatentMap.Kind, x: Double, y: Double) -> String {
    let c = PlotFrame.coordinate
    switch kind {
    case .real: return "M\(c(x)) \(c(y))h0"
    case .synthetic: return "M\(c(x)) \(c(y - 9))l8.5 15h-17z"
    case .centroid: return "M\(c(x - 8)) \(c(y))h16m-8 -8v16"
    case .open: return "M\(c(x - 7)) \(c(y))a7 7 0 1 0 14 0a7 7 0 1 0 -14 0z"
    }
  }
}
