import COpenBLAS
import Foundation

/// The lower triangular factor L of a symmetric positive definite matrix A = L L^T.
public struct CholeskyFactor: Sendable, Equatable {
  /// L, `[n, n]`, zeros above the diagonal.
  public let lower: Matrix

  /// Factors a symmetric matrix `[n, n]`; only its lower triangle is read.
  ///
  /// - Throws: `GeometryError.notPositiveDefinite`, naming `what` the matrix is.
  public init(_ matrix: Matrix, what: String) throws {
    precondition(matrix.rows == matrix.columns, "Cholesky of \(matrix.rows) x \(matrix.columns)")
    var order = Int32(matrix.rows)
    var leading = max(1, order)
    var information: Int32 = 0
    var lower = matrix
    // LAPACK counts columns first, where the lower triangle of rows is the upper triangle.
    SingleThreadedBLAS.prepare()
    lower.values.withUnsafeMutableBufferPointer {
      if let base = $0.baseAddress { dpotrf_("U", &order, base, &leading, &information) }
    }
    guard information == 0 else {
      throw GeometryError.notPositiveDefinite(what: what, order: Int(abs(information)))
    }
    for row in 0..<matrix.rows {
      for column in row + 1..<max(row + 1, matrix.columns) { lower[row, column] = 0 }
    }
    self.lower = lower
  }

  /// The logarithm of the determinant of A.
  public var logDeterminant: Double {
    (0..<lower.rows).reduce(0) { $0 + 2 * log(lower[$1, $1]) }
  }

  /// L^-1 x for each row x of `rows` `[point, n]`: uncorrelated and of unit variance when x has covariance A.
  public func whitened(_ rows: Matrix) -> Matrix {
    precondition(rows.columns == lower.rows, "\(rows.columns) coordinates for a factor of order \(lower.rows)")
    var result = rows
    guard rows.rows > 0 && rows.columns > 0 else { return result }
    SingleThreadedBLAS.prepare()
    lower.values.withUnsafeBufferPointer { lower in
      result.values.withUnsafeMutableBufferPointer {
        cblas_dtrsm(
          CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, blasint(rows.rows), blasint(rows.columns),
          1, lower.baseAddress!, blasint(rows.columns), $0.baseAddress!, blasint(rows.columns))
      }
    }
    return result
  }

  /// L x: a vector of covariance A from one that is uncorrelated and of unit variance.
  public func correlated(_ vector: [Double]) -> [Double] {
    precondition(vector.count == lower.rows, "\(vector.count) coordinates for a factor of order \(lower.rows)")
    return (0..<lower.rows).map { row in (0...row).reduce(0) { $0 + lower[row, $1] * vector[$1] } }
  }
}
