import COpenBLAS

extension Matrix {
  /// The matrix product of `self` `[n, k]` and `other` `[k, m]`, `[n, m]`, on one thread.
  public func multiplied(by other: Matrix) -> Matrix {
    var product = Matrix(rows: rows, columns: other.columns)
    multiply(by: other, into: &product)
    return product
  }

  /// Writes that product into a matrix of its shape.
  func multiply(by other: Matrix, into product: inout Matrix) {
    precondition(
      columns == other.rows && product.rows == rows && product.columns == other.columns,
      "product of \(rows) x \(columns) and \(other.rows) x \(other.columns)")
    guard rows > 0, columns > 0, other.columns > 0 else { return }
    SingleThreadedBLAS.prepare()
    values.withUnsafeBufferPointer { left in
      other.values.withUnsafeBufferPointer { right in
        product.values.withUnsafeMutableBufferPointer { result in
          cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(other.columns), blasint(columns), 1,
            left.baseAddress!, blasint(columns), right.baseAddress!, blasint(other.columns), 0, result.baseAddress!,
            blasint(other.columns))
        }
      }
    }
  }
}
