import Geometry
import Randomness
import Testing

@Suite struct PrincipalComponentsTests {
  private static func points(_ count: Int, _ dimension: Int) -> Matrix {
    var random = RandomStream(seed: 8, purpose: "test")
    return Matrix(
      rows: count, columns: dimension,
      values: (0..<count * dimension).map { random.normal() * Double(1 + $0 % dimension) })
  }

  /// Both ways, by inner products of the points and by the covariance, find orthonormal axes with the variances that the
  /// coordinates have, descending, and lose nothing.
  @Test(arguments: [(6, 20), (30, 5), (8, 8)]) func axesCarryAllVariance(count: Int, dimension: Int) throws {
    let points = Self.points(count, dimension)
    let components = try #require(PrincipalComponents(of: points))
    #expect(components.axes.rows == min(count - 1, dimension))
    let inner = components.axes.multiplied(by: components.axes.transposed)
    for row in 0..<inner.rows {
      for column in 0..<inner.rows { #expect(abs(inner[row, column] - (row == column ? 1 : 0)) < 1e-9) }
    }
    #expect(zip(components.variances, components.variances.dropFirst()).allSatisfy { $0 >= $1 })
    let coordinates = components.project(points)
    for (column, variance) in components.variances.enumerated() {
      let mean = (0..<count).reduce(0) { $0 + coordinates[$1, column] } / Double(count)
      let own = (0..<count).reduce(0) { $0 + coordinates[$1, column] * coordinates[$1, column] } / Double(count)
      #expect(abs(mean) < 1e-9 && abs(own / variance - 1) < 1e-9)
    }
    let back = coordinates.multiplied(by: components.axes)
    for row in 0..<count {
      for column in 0..<dimension {
        #expect(abs(back[row, column] + components.centre[column] - points[row, column]) < 1e-9)
      }
    }
  }

  @Test func pointsThatDoNotVaryHaveNone() {
    #expect(PrincipalComponents(of: Matrix(rows: 4, columns: 3, repeating: 2)) == nil)
    #expect(PrincipalComponents(of: Matrix(rows: 1, columns: 3, repeating: 2)) == nil)
  }
}
