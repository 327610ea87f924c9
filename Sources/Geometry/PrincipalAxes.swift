import COpenBLAS

/// The two directions in which a set of points varies most.
///
/// Source: Pearson, "On lines and planes of closest fit to systems of points in space", 1901; by the eigenvectors of
/// the covariance matrix.
public struct PrincipalAxes: Sendable, Equatable {
  /// The mean of the points.
  public let centre: [Double]
  /// Two unit vectors, the direction of the largest variance first.
  public let axes: [[Double]]

  /// - Parameter points: `[point, dimension]`; nil is given for fewer than two points or dimensions.
  public init?(of points: Matrix) {
    let (count, dimension) = (points.rows, points.columns)
    guard count >= 2, dimension >= 2 else { return nil }
    let centre = points.columnMeans
    var covariance = [Double](repeating: 0, count: dimension * dimension)
    for row in 0..<count {
      for i in 0..<dimension {
        let first = points[row, i] - centre[i]
        for j in 0..<dimension { covariance[i * dimension + j] += first * (points[row, j] - centre[j]) / Double(count) }
      }
    }
    var order = Int32(dimension)
    var leading = Int32(dimension)
    var values = [Double](repeating: 0, count: dimension)
    var work = [Double](repeating: 0, count: 8 * dimension)
    var workSize = Int32(work.count)
    var info: Int32 = 0
    dsyev_("V", "U", &order, &covariance, &leading, &values, &work, &workSize, &info)
    guard info == 0 else { return nil }
    self.centre = centre
    // Eigenvalues ascend; LAPACK's columns are rows here. The largest component is made positive, so that the sign is
    // no matter of chance.
    axes = [dimension - 1, dimension - 2].map { index in
      let vector = Array(covariance[(index * dimension)..<((index + 1) * dimension)])
      let largest = vector.max { abs($0) < abs($1) } ?? 1
      return largest < 0 ? vector.map { -$0 } : vector
    }
  }

  /// The coordinates of each point along the two axes.
  public func project(_ points: Matrix) -> [(Double, Double)] {
    (0..<points.rows).map { row in
      let coordinates = axes.map { axis in
        axis.indices.reduce(0.0) { $0 + axis[$1] * (points[row, $1] - centre[$1]) }
      }
      return (coordinates[0], coordinates[1])
    }
  }
}
