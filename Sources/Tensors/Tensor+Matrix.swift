import COpenBLAS

extension Tensor {
  /// The matrix product of two matrices, either of them transposed first, plus `bias` on every row.
  ///
  /// - Parameters:
  ///   - other: `[inner, columns]`, or `[columns, inner]` when transposed.
  ///   - transposed: whether this matrix is `[inner, rows]` instead of `[rows, inner]`.
  ///   - otherTransposed: whether `other` is `[columns, inner]` instead of `[inner, columns]`.
  ///   - bias: `[columns]`; nil for none.
  /// - Returns: `[rows, columns]`.
  public func product(
    _ other: Tensor, transposed: Bool = false, otherTransposed: Bool = false, bias: Tensor? = nil
  ) -> Tensor {
    precondition(shape.count == 2 && other.shape.count == 2, "matrices, not \(shape) and \(other.shape)")
    let (rows, inner) = transposed ? (shape[1], shape[0]) : (shape[0], shape[1])
    let (otherInner, columns) = otherTransposed ? (other.shape[1], other.shape[0]) : (other.shape[0], other.shape[1])
    precondition(
      inner == otherInner,
      "\(shape)\(transposed ? " transposed" : "") times \(other.shape)\(otherTransposed ? " transposed" : "")")
    precondition(bias.map { $0.shape == [columns] } ?? true, "a bias of \(columns) values")
    ComputeThreads.prepareBLAS()
    return Tensor([rows, columns]) { target in
      if let bias {
        for row in 0..<rows { (target.baseAddress! + row * columns).update(from: bias.pointer, count: columns) }
      }
      cblas_sgemm(
        CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, otherTransposed ? CblasTrans : CblasNoTrans,
        Int32(rows), Int32(columns), Int32(inner), 1, pointer, Int32(shape[1]), other.pointer, Int32(other.shape[1]),
        bias == nil ? 0 : 1, target.baseAddress!, Int32(columns))
    }
  }

  /// Channels first to channels last and back: `[batch, a, b]` to `[batch, b, a]`.
  public func swappingLastAxes() -> Tensor {
    precondition(shape.count == 3, "three axes, not \(shape)")
    let (batch, rows, columns) = (shape[0], shape[1], shape[2])
    return Tensor([batch, columns, rows]) { target in
      for item in 0..<batch {
        let source = storage.pointer + item * rows * columns
        let result = target.baseAddress! + item * rows * columns
        for row in 0..<rows {
          for column in 0..<columns { result[column * rows + row] = source[row * columns + column] }
        }
      }
    }
  }
}
