import Foundation
import Geometry
import Testing

@Suite struct RiemannianDistanceTests {
  private let points = Matrix([[0, 1], [0, 0.1], [1, 1], [-0.5, 3]])

  @Test func distancesAreHyperbolicThere() throws {
    let matrix = try RiemannianDistance(HalfPlaneMetric()).matrix(among: points)
    for row in 0..<points.rows {
      for column in 0..<points.rows {
        let expected = HalfPlaneMetric.hyperbolicDistance(points.row(row), points.row(column))
        #expect(abs(matrix[row, column] - expected) < 3e-3 * max(expected, 1), "\(row), \(column)")
        #expect(matrix[row, column] == matrix[column, row])
      }
    }
  }

  /// (0, 0.1) is the nearest to the first point by eye, and the farthest but one by the metric.
  @Test func neighboursFollowTheMetric() throws {
    let distance = try RiemannianDistance(HalfPlaneMetric())
    let nearest = try distance.nearest(3, to: [0, 1], among: points.selectingRows([1, 2, 3]))
    #expect(nearest.map(\.index) == [1, 2, 0])
    #expect(nearest.map(\.distance) == nearest.map(\.distance).sorted())
    #expect(throws: GeometryError.self) { try distance.between([0, 1], [0, .infinity]) }
  }
}
