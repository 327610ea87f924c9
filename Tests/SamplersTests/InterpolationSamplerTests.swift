import Foundation
import Generators
import Geometry
import Randomness
import Samplers
import Testing

@Suite struct InterpolationSamplerTests {
  private let stream = RandomStream(seed: 3, purpose: "interpolation")

  /// Six codes in the plane, far apart for their deviation of 0.1.
  private static let codes = Codes(
    means: Matrix([[0, 0], [3, 0], [0, 4], [-3, 1], [2, -4], [5, 5]]),
    logVariances: Matrix(rows: 6, columns: 2, repeating: log(0.01)))

  private func sampler(_ path: InterpolationSampler.Path = .straight, steps: Int) throws -> InterpolationSampler {
    try InterpolationSampler(
      Self.codes, metric: MetricConfiguration(lambda: 0.01), path: path, steps: steps, leapfrogSteps: 10,
      stepSize: 0.01, stream: stream)
  }

  @Test(arguments: [2, 3, 6, 7, 20])
  func everyPairIsUsedOnceBeforeAnyTwice(images: Int) {
    let all = images * (images - 1) / 2
    let pairs = InterpolationSampler.pairs(2 * all, images: images, stream: stream)
    #expect(pairs.allSatisfy { $0.first != $0.second && (0..<images).contains($0.first) })
    for round in [pairs.prefix(all), pairs.suffix(all)] {
      let different = Set(round.map { Set([$0.first, $0.second]) })
      #expect(different.count == all)
    }
    // Every image has its share at any time.
    for count in [images, 2 * images, all] {
      var uses = [Int](repeating: 0, count: images)
      for pair in pairs.prefix(count) {
        uses[pair.first] += 1
        uses[pair.second] += 1
      }
      #expect(uses.max()! - uses.min()! <= 2, "\(count): \(uses)")
    }
  }

  @Test func withoutStepsPointsLieOnTheLinesBetweenTheirEnds() throws {
    let draw = try sampler(steps: 0).draw(300, stream: stream)
    #expect(draw.acceptance.allSatisfy { $0 == nil })
    for point in 0..<300 {
      let (start, end) = (draw.sources[point]!, draw.ends[point]!)
      for column in 0..<2 {
        let (a, b) = (Self.codes.means[start, column], Self.codes.means[end.source, column])
        #expect(abs(draw.points[point, column] - (a + end.position * (b - a))) < 1e-12)
      }
    }
    let positions = draw.ends.map { $0!.position }
    let mean = positions.reduce(0, +) / 300
    #expect(abs(mean - 0.5) < 4 / (12 * 300).squareRoot())
    #expect(positions.min()! < 0.05 && positions.max()! > 0.95)
  }

  @Test func chainsMoveOnFromThereAndTheSeedDecides() throws {
    let still = try sampler(steps: 0).draw(40, stream: stream)
    let moved = try sampler(steps: 10).draw(40, stream: stream)
    #expect(moved.sources == still.sources && moved.ends == still.ends)
    #expect(moved.points != still.points && moved.acceptance.allSatisfy { $0! > 0.3 })
    #expect(try sampler(steps: 10).draw(40, stream: stream) == moved)
    // Fewer are the first of more.
    #expect(try sampler(steps: 10).draw(7, stream: stream).points.values == Array(moved.points.values.prefix(14)))
    #expect(try sampler(steps: 10).draw(40, stream: RandomStream(seed: 4, purpose: "x")).points != moved.points)
  }

  /// The geodesic keeps away from codes where G is large, so its points are on average farther from the line.
  @Test func geodesicsLeaveTheStraightLine() throws {
    let (straight, geodesic) = (
      try sampler(steps: 0).draw(8, stream: stream), try sampler(.geodesic, steps: 0).draw(8, stream: stream)
    )
    #expect(geodesic.sources == straight.sources && geodesic.ends == straight.ends)
    #expect(geodesic.points.values.allSatisfy { $0.isFinite })
    let distances = zip(geodesic.points.values, straight.points.values).map { abs($0 - $1) }
    #expect(distances.max()! > 0.05)
  }
}
