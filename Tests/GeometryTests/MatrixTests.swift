import Geometry
import Testing

@Suite struct MatrixTests {
  @Test func productMeetsAPlainSum() {
    let left = randomMatrix(rows: 37, columns: 19, seed: 1)
    let right = randomMatrix(rows: 19, columns: 23, seed: 2)
    let product = left.multiplied(by: right)
    #expect(product.rows == 37 && product.columns == 23)
    for row in 0..<37 {
      for column in 0..<23 {
        let expected = (0..<19).reduce(0.0) { $0 + left[row, $1] * right[$1, column] }
        #expect(abs(product[row, column] - expected) < 1e-13)
      }
    }
  }

  @Test func rowsAndColumnsAreWhereTheyShouldBe() {
    var matrix = Matrix([[1, 2, 3], [4, 5, 6]])
    #expect(matrix.values == [1, 2, 3, 4, 5, 6])
    #expect(matrix.row(1) == [4, 5, 6])
    #expect(matrix.transposed == Matrix([[1, 4], [2, 5], [3, 6]]))
    #expect(matrix.selectingRows([1, 0, 1]) == Matrix([[4, 5, 6], [1, 2, 3], [4, 5, 6]]))
    #expect(matrix.columnMeans == [2.5, 3.5, 4.5])
    matrix[1, 2] = .nan
    #expect(throws: GeometryError.notFinite(what: "codes", row: 1, column: 2)) { try matrix.requireFinite("codes") }
  }

  @Test func choleskyFactorGivesTheMatrixBack() throws {
    let root = randomMatrix(rows: 6, columns: 6, seed: 3)
    let matrix = root.multiplied(by: root.transposed)
    let factor = try CholeskyFactor(matrix, what: "test matrix")
    let again = factor.lower.multiplied(by: factor.lower.transposed)
    for (value, expected) in zip(again.values, matrix.values) { #expect(abs(value - expected) < 1e-12) }
    #expect(factor.lower[0, 5] == 0)
    let vector = randomMatrix(rows: 1, columns: 6, seed: 4).row(0)
    let whitened = factor.whitened(Matrix([factor.correlated(vector)])).row(0)
    for (value, expected) in zip(whitened, vector) { #expect(abs(value - expected) < 1e-11) }
    // 4 * 2 - 1 * 1 = 7.
    #expect(
      abs(try CholeskyFactor(Matrix([[4, 1], [1, 2]]), what: "test matrix").logDeterminant - 1.9459101490553132) < 1e-14
    )
    #expect(throws: GeometryError.notPositiveDefinite(what: "test matrix", order: 2)) {
      try CholeskyFactor(Matrix([[1, 2], [2, 1]]), what: "test matrix")
    }
  }

  @Test func distancesAndNearestRowsAreThoseOfAPlainSearch() {
    let rows = randomMatrix(rows: 150, columns: 5, seed: 5)
    let points = randomMatrix(rows: 70, columns: 5, seed: 6)
    let distances = RowDistances(to: rows)
    let nearest = distances.nearest(to: points)
    for point in 0..<points.rows {
      let expected = (0..<rows.rows).map { row in
        (0..<5).reduce(0.0) { $0 + (rows[row, $1] - points[point, $1]) * (rows[row, $1] - points[point, $1]) }
      }
      for (value, other) in zip(distances.squared(from: points.row(point)), expected) {
        #expect(abs(value - other) < 1e-12)
      }
      #expect(nearest[point] == expected.firstIndex(of: expected.min()!)!)
    }
    #expect(distances.nearest(to: rows) == Array(0..<150))
  }
}
