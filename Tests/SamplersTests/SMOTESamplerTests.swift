import Geometry
import Randomness
import Samplers
import Testing

@Suite struct SMOTESamplerTests {
  private static let stream = RandomStream(seed: 3, purpose: "smote")
  /// Two lines of four codes each, far apart.
  private static let codes = Matrix((0..<8).map { [Double($0 % 4), $0 < 4 ? 0 : 100] })

  /// Every point lies on the segment from its source to one of the source's neighbours, and the shares are uniform.
  @Test func pointsLieBetweenNeighbours() {
    let count = 8000
    let draw = SMOTESampler(codes: Self.codes, neighbours: 2).draw(count, stream: Self.stream)
    #expect(draw.points.rows == count && draw.points.columns == 2)
    // The two nearest of 0, 1, 2, 3 on a line.
    let partners: [[Double]] = [[1, 2], [0, 2], [1, 3], [2, 1]]
    var shares: [Double] = []
    for (point, source) in draw.sources.enumerated() {
      let (row, place) = (source! / 4, source! % 4)
      #expect(draw.points[point, 1] == Double(100 * row))
      let x = draw.points[point, 0]
      let isBetween = partners[place].contains { min($0, Double(place)) <= x && x <= max($0, Double(place)) }
      #expect(isBetween, "\(x) from \(place)")
      if place == 1 { shares.append(abs(x - 1)) }
    }
    let mean = shares.reduce(0, +) / Double(shares.count)
    #expect(abs(mean - 0.5) < 4 * (1 / 12.0 / Double(shares.count)).squareRoot() && shares.max()! > 0.99)
    for start in stride(from: 0, to: count, by: 8) { #expect(Set(draw.sources[start..<(start + 8)]).count == 8) }
  }

  @Test func fewCodes() {
    let two = Matrix([[0, 0], [2, 4]])
    let draw = SMOTESampler(codes: two).draw(50, stream: Self.stream)
    for point in 0..<50 { #expect(abs(draw.points[point, 1] - 2 * draw.points[point, 0]) < 1e-12) }
    let other = SMOTESampler(codes: two).draw(60, stream: Self.stream)
    #expect(Array(other.points.values.prefix(100)) == draw.points.values)
  }
}
