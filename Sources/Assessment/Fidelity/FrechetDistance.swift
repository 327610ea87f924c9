import COpenBLAS
import Geometry

/// The distance between two sets of points taken for samples of Gaussians:
/// |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)), covariances with divisor n - 1.
///
/// The trace of the root is the sum of the roots of the eigenvalues of A C2 A, where A is the symmetric root of C1; so it
/// also holds for covariances that are singular. It is biased upwards for small samples.
///
/// Where there are hundreds of features and fewer points, the same sum is taken from the points: with centred points X and
/// Y, C1 = X' X / (m - 1) and C2 = Y' Y / (n - 1), and the eigenvalues of C1 C2 other than 0 are those of
/// (X Y') (X Y')' / ((m - 1) (n - 1)).
///
/// Source: Dowson and Landau, "The Fréchet distance between multivariate normal distributions", 1982; Heusel et al.,
/// "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium", NeurIPS 2017, equation 6.
public enum FrechetDistance {
  /// - Parameters:
  ///   - first: `[m, d]`, at least two points.
  ///   - second: `[n, d]`, at least two points.
  public static func between(_ first: Matrix, _ second: Matrix) -> Double {
    precondition(
      first.columns == second.columns && first.rows > 1 && second.rows > 1,
      "a Fréchet distance between [\(first.rows), \(first.columns)] and [\(second.rows), \(second.columns)]")
    if first.columns >= manyFeatures, min(first.rows, second.rows) < first.columns {
      return betweenFewPoints(first, second)
    }
    let shift = zip(first.columnMeans, second.columnMeans).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let (one, two) = (covariance(first), covariance(second))
    let root = SymmetricEigenvectors(one).root
    let product = root.multiplied(by: two).multiplied(by: root)
    let crossed = SymmetricEigenvectors(product).values.reduce(0) { $0 + max(0, $1).squareRoot() }
    return max(0, shift + trace(one) + trace(two) - 2 * crossed)
  }

  /// From so many features on their covariances are worked around where they can be: a matrix of 2048 x 2048 takes ten
  /// seconds to decompose.
  private static let manyFeatures = 512

  private static func betweenFewPoints(_ first: Matrix, _ second: Matrix) -> Double {
    let shift = zip(first.columnMeans, second.columnMeans).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let (one, two) = (scaledDeviations(first), scaledDeviations(second))
    let crossed = one.rows < two.rows ? one.multiplied(by: two.transposed) : two.multiplied(by: one.transposed)
    let squares = SymmetricEigenvectors(crossed.multiplied(by: crossed.transposed)).values
    func square(_ points: Matrix) -> Double { points.values.reduce(0) { $0 + $1 * $1 } }
    return max(0, shift + square(one) + square(two) - 2 * squares.reduce(0) { $0 + max(0, $1).squareRoot() })
  }

  /// Points less their mean, divided by the root of their number less 1, so that their products are covariances.
  private static func scaledDeviations(_ points: Matrix) -> Matrix {
    let means = points.columnMeans
    let factor = 1 / Double(points.rows - 1).squareRoot()
    var result = points
    for row in 0..<points.rows {
      for column in 0..<points.columns { result[row, column] = (points[row, column] - means[column]) * factor }
    }
    return result
  }

  static func covariance(_ points: Matrix) -> Matrix {
    let means = points.columnMeans
    var centred = points
    for row in 0..<points.rows {
      for column in 0..<points.columns { centred[row, column] -= means[column] }
    }
    var result = centred.transposed.multiplied(by: centred)
    for row in 0..<result.rows {
      for column in 0..<result.columns { result[row, column] /= Double(points.rows - 1) }
    }
    return result
  }

  private static func trace(_ matrix: Matrix) -> Double { (0..<matrix.rows).reduce(0) { $0 + matrix[$1, $1] } }
}

/// Eigenvalues and eigenvectors of a symmetric matrix.
struct SymmetricEigenvectors {
  /// Ascending.
  let values: [Double]
  /// One in each row.
  let vectors: Matrix

  /// - Parameter matrix: `[d, d]` of finite numbers; one triangle is read.
  init(_ matrix: Matrix) {
    precondition(matrix.rows == matrix.columns, "eigenvectors of \(matrix.rows) x \(matrix.columns)")
    var entries = matrix.values
    var order = Int32(matrix.rows)
    var leading = max(1, order)
    var values = [Double](repeating: 0, count: matrix.rows)
    var work = [Double](repeating: 0, count: max(1, 34 * matrix.rows))
    var workSize = Int32(work.count)
    var info: Int32 = 0
    dsyev_("V", "U", &order, &entries, &leading, &values, &work, &workSize, &info)
    precondition(info == 0, "no eigenvectors of a matrix of order \(matrix.rows) (\(info)): are its entries finite?")
    self.values = values
    vectors = Matrix(rows: matrix.rows, columns: matrix.rows, values: entries)
  }

  /// The symmetric matrix whose square is the given one; negative eigenvalues, from rounding, count as 0.
  var root: Matrix {
    var scaled = vectors
    for row in 0..<scaled.rows {
      let factor = max(0, values[row]).squareRoot()
      for column in 0..<scaled.columns { scaled[row, column] *= factor }
    }
    return vectors.transposed.multiplied(by: scaled)
  }
}
