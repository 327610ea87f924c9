import Figures
import Foundation
import Geometry

/// The plane of a latent space that a map shows: the space itself if it has two dimensions, else the plane through the
/// mean of the codes along the two directions in which they vary most.
struct LatentPlane {
  let horizontalLabel: String
  let verticalLabel: String
  /// What a density over the plane is, for its key.
  let densityName: String
  private let origin: [Double]
  private let axes: [[Double]]

  /// - Parameter codes: `[image, dimension]`; nil is given for fewer than two images or dimensions.
  init?(of codes: Matrix) {
    if codes.columns == 2 {
      (origin, axes) = ([0, 0], [[1, 0], [0, 1]])
      (horizontalLabel, verticalLabel) = ("first latent dimension", "second latent dimension")
      densityName = "log √det G"
    } else {
      guard let principal = PrincipalAxes(of: codes) else { return nil }
      (origin, axes) = (principal.centre, principal.axes)
      (horizontalLabel, verticalLabel) = ("first principal axis of the codes", "second principal axis")
      densityName = "log √det G on the plane through the mean code"
    }
  }

  /// Where each point, `[point, dimension]`, falls on the plane.
  func project(_ points: Matrix) -> [LatentMap.Point] {
    (0..<points.rows).map { row in
      let coordinates = axes.map { axis in
        axis.indices.reduce(0.0) { $0 + axis[$1] * (points[row, $1] - origin[$1]) }
      }
      return LatentMap.Point(x: coordinates[0], y: coordinates[1])
    }
  }

  /// log sqrt(det G) on a grid over a region of the plane.
  func density(of metric: RiemannianMetric, over region: LatentMap.Region) -> LatentMap.Density {
    let (width, height) = (
      region.horizontal.upperBound - region.horizontal.lowerBound,
      region.vertical.upperBound - region.vertical.lowerBound
    )
    let longest = 200.0
    let columns = max(1, Int((longest * min(1, width / height)).rounded()))
    let rows = max(1, Int((longest * min(1, height / width)).rounded()))
    let volume = VolumeDensity(metric)
    // A row at a time: all at once would take the weights of every cell at every centroid.
    let values = (0..<rows).flatMap { row in
      let y = region.vertical.upperBound - (Double(row) + 0.5) / Double(rows) * height
      let points = Matrix(
        (0..<columns).map { column in
          let x = region.horizontal.lowerBound + (Double(column) + 0.5) / Double(columns) * width
          return origin.indices.map { origin[$0] + x * axes[0][$0] + y * axes[1][$0] }
        })
      return volume.evaluation(at: points).logDensity
    }
    return LatentMap.Density(name: densityName, columns: columns, rows: rows, values: values)
  }
}
