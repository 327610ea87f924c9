import COpenBLAS

/// The directions in which points vary, the strongest first, as many as there are.
///
/// With fewer points than dimensions, as with images, the eigenvectors of the points' inner products give the same
/// directions as those of the covariance matrix at a fraction of the cost: where (X X^T) u = l u, the direction is
/// X^T u / sqrt(l).
///
/// Source: Turk and Pentland, "Eigenfaces for recognition", Journal of Cognitive Neuroscience 3, 1991, for that step.
public struct PrincipalComponents: Sendable, Equatable {
  /// The mean of the points.
  public let centre: [Double]
  /// Unit vectors, `[component, dimension]`, orthogonal to each other.
  public let axes: Matrix
  /// The variance along each axis (divisor: number of points), descending.
  public let variances: [Double]

  /// Directions whose variance is below this share of the largest are rounding.
  private static let smallestShare = 1e-10

  /// - Parameter points: `[point, dimension]`; nil is given when the points do not vary.
  public init?(of points: Matrix) {
    let (count, dimension) = (points.rows, points.columns)
    guard count >= 2, dimension >= 1 else { return nil }
    SingleThreadedBLAS.prepare()
    centre = points.columnMeans
    let centred = Self.centred(points, at: centre)
    let isWide = count <= dimension
    let order = min(count, dimension)
    var vectors = [Double](repeating: 0, count: order * order)
    cblas_dsyrk(
      CblasRowMajor, CblasUpper, isWide ? CblasNoTrans : CblasTrans, blasint(order), blasint(max(count, dimension)), 1,
      centred.values, blasint(dimension), 0, &vectors, blasint(order))
    var size = Int32(order)
    var leading = size
    var values = [Double](repeating: 0, count: order)
    var work = [Double](repeating: 0, count: 40 * order)
    var workSize = Int32(work.count)
    var info: Int32 = 0
    // The upper triangle of rows is LAPACK's lower one.
    dsyev_("V", "L", &size, &vectors, &leading, &values, &work, &workSize, &info)
    let largest = values.last ?? 0
    guard info == 0, largest > 0, largest.isFinite else { return nil }
    // Eigenvalues ascend; LAPACK's columns are rows here.
    let kept = (0..<order).reversed().filter { values[$0] > Self.smallestShare * largest }
    variances = kept.map { values[$0] / Double(count) }
    let directions = Matrix(rows: order, columns: order, values: vectors).selectingRows(kept)
    var axes = isWide ? directions.multiplied(by: centred) : directions
    for row in 0..<axes.rows {
      let range = row * dimension..<(row + 1) * dimension
      let length = axes.values[range].reduce(0) { $0 + $1 * $1 }.squareRoot()
      // The largest component is made positive, so that the sign is no matter of chance.
      let peak = axes.values[range].max { abs($0) < abs($1) } ?? 1
      for place in range { axes.values[place] /= peak < 0 ? -length : length }
    }
    self.axes = axes
  }

  /// The coordinates of points `[point, dimension]` along the axes, `[point, component]`.
  public func project(_ points: Matrix) -> Matrix {
    precondition(points.columns == centre.count, "\(points.columns) coordinates for \(centre.count) dimensions")
    var coordinates = Matrix(rows: points.rows, columns: axes.rows)
    guard points.rows > 0 else { return coordinates }
    SingleThreadedBLAS.prepare()
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, blasint(points.rows), blasint(axes.rows), blasint(points.columns), 1,
      Self.centred(points, at: centre).values, blasint(points.columns), axes.values, blasint(points.columns), 0,
      &coordinates.values, blasint(axes.rows))
    return coordinates
  }

  private static func centred(_ points: Matrix, at centre: [Double]) -> Matrix {
    var result = points
    for row in 0..<points.rows {
      for column in 0..<points.columns { result.values[row * points.columns + column] -= centre[column] }
    }
    return result
  }
}
