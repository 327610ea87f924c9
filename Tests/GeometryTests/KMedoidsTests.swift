import Geometry
import Randomness
import Testing

@Suite struct KMedoidsTests {
  /// Cost of given medoids, point by point.
  private func cost(_ points: Matrix, _ medoids: [Int]) -> Double {
    (0..<points.rows).reduce(0) { sum, point in
      sum
        + medoids.map { medoid in
          (0..<points.columns).reduce(0) {
            $0 + (points[point, $1] - points[medoid, $1]) * (points[point, $1] - points[medoid, $1])
          }.squareRoot()
        }.min()!
    }
  }

  private func subsets(of count: Int, size: Int, from first: Int = 0) -> [[Int]] {
    guard size > 0 else { return [[]] }
    return (first..<count).flatMap { head in subsets(of: count, size: size - 1, from: head + 1).map { [head] + $0 } }
  }

  /// The least cost over all choices of medoids, for sets with and without clusters.
  @Test(arguments: 1...4, 0..<12)
  func meetsTheBruteForceOptimum(count: Int, seed: Int) throws {
    var points = randomMatrix(rows: 13, columns: 2, seed: UInt64(seed))
    if seed % 2 == 0 {
      for row in 0..<points.rows { points[row, 0] += Double(row % 3) * 4 }
    }
    let found = try KMedoids(
      points: points, count: count, restarts: 40, stream: RandomStream(seed: 1, purpose: "test"))
    let optimum = subsets(of: 13, size: count).map { cost(points, $0) }.min()!
    #expect(abs(found.cost - optimum) < 1e-12, "\(found.medoids) costs \(found.cost), the optimum \(optimum)")
    #expect(abs(cost(points, found.medoids) - found.cost) < 1e-12)
  }

  /// Where brute force is out of reach: no exchange of one medoid lowers the cost, and the answer beats random choices.
  @Test func noSingleExchangeImprovesALargerSet() throws {
    let points = randomMatrix(rows: 120, columns: 4, seed: 7)
    let stream = RandomStream(seed: 2, purpose: "test")
    let found = try KMedoids(points: points, count: 9, stream: stream)
    #expect(found.medoids == found.medoids.sorted() && Set(found.medoids).count == 9)
    for slot in 0..<9 {
      for candidate in 0..<120 {
        var exchanged = found.medoids
        exchanged[slot] = candidate
        #expect(cost(points, exchanged) > found.cost - 1e-9)
      }
    }
    for (point, slot) in found.assignments.enumerated() {
      #expect(
        RowDistances(to: points.selectingRows(found.medoids)).squared(from: points.row(point)).min()
          == RowDistances(to: points.selectingRows([found.medoids[slot]])).squared(from: points.row(point))[0])
    }
    #expect(try KMedoids(points: points, count: 9, stream: stream) == found)
  }

  @Test func duplicatesAndFullSetsAreHandled() throws {
    let stream = RandomStream(seed: 3, purpose: "test")
    let equal = Matrix(rows: 6, columns: 2, repeating: 1.5)
    let found = try KMedoids(points: equal, count: 4, stream: stream)
    #expect(Set(found.medoids).count == 4 && found.cost == 0)
    let all = try KMedoids(points: randomMatrix(rows: 8, columns: 2, seed: 1), count: 8, stream: stream)
    #expect(all.medoids == Array(0..<8) && all.assignments == Array(0..<8) && all.cost == 0)
  }

  @Test(arguments: [0, -1, 6]) func refusesACountThatIsNotThere(count: Int) {
    #expect(throws: GeometryError.self) {
      try KMedoids(
        points: randomMatrix(rows: 5, columns: 2, seed: 1), count: count, stream: RandomStream(seed: 0, purpose: "test")
      )
    }
  }
}
