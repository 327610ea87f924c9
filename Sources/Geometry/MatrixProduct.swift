import COpenBLAS

extension Matrix {
  /// The matrix product of `self` `[n, k]` and `other` `[k, m]`, `[n, m]`, on one thread.
  public func multiplied(by other: Matrix) -> Matrix {
    precondition(columns == other.rows, "product of \(rows) x \(columns) and \(other.rows) x \(other.columns)")
    var product = Matrix(rows: rows, columns: other.columns)
    guard rows > 0, columns > 0, other.columns > 0 else { return product }
    values.withUnsafeBufferPointer { left in
      other.values.withUnsafeBufferPointer { right in
        product.values.withUnsafeMutableBufferPointer { result in
          multiply(
            left.baseAddress!, right.baseAddress!, into: result.baseAddress!,
            rows: rows, inner: columns, columns: other.columns)
        }
      }
    }
    return product
  }
}

/// Writes the product of `left` `[rows, inner]` and `right` `[inner, columns]` into `result` `[rows, columns]`.
///
/// `result` overlaps neither operand.
func multiply(
  _ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>,
  rows: Int, inner: Int, columns: Int
) {
  SingleThreadedBLAS.prepare()
  cblas_dgemm(
    CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(columns), blasint(inner), 1, left,
    blasint(inner), right, blasint(columns), 0, result, blasint(columns))
}
