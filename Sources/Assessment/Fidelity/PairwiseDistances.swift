import COpenBLAS
import Geometry
import Parallelism

/// Euclidean distances between the rows of two tables.
public enum PairwiseDistances {
  /// `[a.rows, b.rows]`. Rows that are equal are at distance 0 exactly.
  ///
  /// Squares come from matrix products about the mean of `b`; where the two norms cancel to less than a millionth, the
  /// differences are summed one by one.
  ///
  /// - Parameters:
  ///   - a: `[m, d]`.
  ///   - b: `[n, d]`.
  public static func between(_ a: Matrix, _ b: Matrix) -> Matrix {
    precondition(a.columns == b.columns, "distances between \(a.columns) and \(b.columns) columns")
    guard a.rows > 0, b.rows > 0, a.columns > 0 else { return Matrix(rows: a.rows, columns: b.rows) }
    let centre = b.columnMeans
    let (left, right) = (centred(a, centre), centred(b, centre))
    let (leftNorms, rightNorms) = (squaredNorms(left), squaredNorms(right))
    let transposed = right.transposed
    let blockRows = 16
    let blocks = concurrentMap((a.rows + blockRows - 1) / blockRows) { block -> [Double] in
      let rows = Array(block * blockRows..<min(a.rows, (block + 1) * blockRows))
      var distances = left.selectingRows(rows).multiplied(by: transposed).values
      for (position, row) in rows.enumerated() {
        for column in 0..<b.rows {
          let norms = leftNorms[row] + rightNorms[column]
          var square = norms - 2 * distances[position * b.rows + column]
          if square < 1e-6 * norms { square = directSquare(a, row, b, column) }
          distances[position * b.rows + column] = max(0, square).squareRoot()
        }
      }
      return distances
    }
    return Matrix(rows: a.rows, columns: b.rows, values: blocks.flatMap { $0 })
  }

  /// The same row by row, in order, with no more than 64 MiB of them in memory.
  ///
  /// - Parameter body: gets a row of `a` and its distances to all rows of `b`.
  static func forPieces(_ a: Matrix, _ b: Matrix, _ body: (Int, ArraySlice<Double>) -> Void) {
    // A multiple of the rows that are worked on together, so that the distances are the same to the last bit.
    let size = max(16, (64 << 20) / 8 / max(1, b.rows) / 16 * 16)
    for start in stride(from: 0, to: a.rows, by: size) {
      let rows = Array(start..<min(start + size, a.rows))
      let distances = between(a.selectingRows(rows), b).values
      for (place, row) in rows.enumerated() { body(row, distances[place * b.rows..<(place + 1) * b.rows]) }
    }
  }

  private static func centred(_ table: Matrix, _ centre: [Double]) -> Matrix {
    var values = table.values
    for row in 0..<table.rows {
      for column in 0..<table.columns { values[row * table.columns + column] -= centre[column] }
    }
    return Matrix(rows: table.rows, columns: table.columns, values: values)
  }

  private static func squaredNorms(_ table: Matrix) -> [Double] {
    table.values.withUnsafeBufferPointer { values in
      (0..<table.rows).map { row in
        let start = values.baseAddress! + row * table.columns
        return cblas_ddot(blasint(table.columns), start, 1, start, 1)
      }
    }
  }

  private static func directSquare(_ a: Matrix, _ row: Int, _ b: Matrix, _ other: Int) -> Double {
    a.values.withUnsafeBufferPointer { left in
      b.values.withUnsafeBufferPointer { right in
        var sum = 0.0
        for column in 0..<a.columns {
          let difference = left[row * a.columns + column] - right[other * a.columns + column]
          sum += difference * difference
        }
        return sum
      }
    }
  }
}
