import Geometry
import Randomness
import Samplers
import Testing

@Suite struct TransferSamplerTests {
  private static let stream = RandomStream(seed: 3, purpose: "transfer")
  /// Three codes, and another class whose codes lie on a line of slope 2 far from them.
  private static let codes = Matrix([[0, 0], [10, 5], [20, -5]])
  private static let line = Matrix((0..<6).map { [Double($0), 100 + 2 * Double($0)] })

  /// A point differs from its source by a part of a difference of the other class, from the codes nearest to the source.
  @Test func pointsVaryAsTheOtherClassDoes() {
    let count = 6000
    let draw = TransferSampler(codes: Self.codes, others: [Self.line], neighbours: 1).draw(count, stream: Self.stream)
    // Nearest on the line to (0, 0) is its first code, from where all differences are upwards.
    var moves: [Double] = []
    for (point, source) in draw.sources.enumerated() {
      let (x, y) = (
        draw.points[point, 0] - Self.codes[source!, 0], draw.points[point, 1] - Self.codes[source!, 1]
      )
      #expect(abs(y - 2 * x) < 1e-9 && abs(x) < 5)
      if source == 0 { moves.append(x) }
    }
    // One of 1 to 5 with equal chance, times a uniform share: mean 1.5, variance 11 / 3 - 1.5 squared.
    let mean = moves.reduce(0, +) / Double(moves.count)
    #expect(moves.allSatisfy { $0 >= 0 } && moves.max()! > 4.5)
    let standardError = ((11.0 / 3 - 2.25) / Double(moves.count)).squareRoot()
    #expect(abs(mean - 1.5) < 4 * standardError)
    for start in stride(from: 0, to: count, by: 3) { #expect(Set(draw.sources[start..<(start + 3)]).count == 3) }
  }

  @Test func takesEveryOtherClass() {
    let still = Matrix([[0, 0], [0, 0]])
    let draw = TransferSampler(codes: Self.codes, others: [Self.line, still]).draw(300, stream: Self.stream)
    let unmoved = draw.sources.indices.count { draw.points.row($0) == Self.codes.row(draw.sources[$0]!) }
    #expect(unmoved > 100 && unmoved < 200)
    let fewer = TransferSampler(codes: Self.codes, others: [Self.line, still]).draw(100, stream: Self.stream)
    #expect(fewer.points.values == Array(draw.points.values.prefix(200)))
  }
}
