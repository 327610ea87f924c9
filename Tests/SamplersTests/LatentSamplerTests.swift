import Foundation
import Generators
import Geometry
import Randomness
import Samplers
import Tensors
import Testing

@Suite struct LatentSamplerTests {
  private let stream = RandomStream(seed: 11, purpose: "draw")

  /// Nine codes on a grid in three dimensions, with variances that differ by image and direction.
  private static let codes = Codes(
    means: Matrix((0..<9).map { [Double($0 % 3), Double($0 / 3), 0.5] }),
    logVariances: Matrix((0..<9).map { [-4 + 0.1 * Double($0), -3, -5] }))

  private static func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1))
  }

  /// Both moments within four standard errors.
  private static func requireNormal(
    _ values: [Double], mean: Double, variance: Double, location: SourceLocation = #_sourceLocation
  ) {
    let count = Double(values.count)
    let found = moments(values)
    #expect(abs(found.mean - mean) < 4 * (variance / count).squareRoot(), sourceLocation: location)
    #expect(abs(found.variance / variance - 1) < 4 * (2 / count).squareRoot(), sourceLocation: location)
  }

  @Test func thePriorIsStandardNormal() {
    let sampler = PriorSampler(latentDimensions: 3)
    let draw = sampler.draw(20_000, stream: stream)
    #expect(draw.points.rows == 20_000 && draw.points.columns == 3)
    for column in 0..<3 {
      Self.requireNormal((0..<20_000).map { draw.points[$0, column] }, mean: 0, variance: 1)
    }
    let products = (0..<20_000).map { draw.points[$0, 0] * draw.points[$0, 1] }
    #expect(abs(products.reduce(0, +) / 20_000) < 4 / 20_000.0.squareRoot())
    #expect(draw.sources.allSatisfy { $0 == nil } && draw.acceptance.allSatisfy { $0 == nil })
    // A longer draw begins with the shorter one.
    #expect(sampler.draw(5, stream: stream).points.values == Array(draw.points.values.prefix(15)))
  }

  @Test(arguments: [0, 1, 9, 10, 31])
  func thePosteriorUsesEveryImageOnceBeforeAnyTwice(count: Int) throws {
    let draw = try PosteriorSampler(Self.codes).draw(count, stream: stream)
    #expect(draw.points.rows == count)
    for start in stride(from: 0, to: count, by: 9) {
      let round = draw.sources[start..<min(start + 9, count)].compactMap { $0 }
      #expect(Set(round).count == min(9, count - start))
    }
  }

  @Test func thePosteriorHasItsMoments() throws {
    let draw = try PosteriorSampler(Self.codes).draw(9 * 4000, stream: stream)
    for image in [0, 4, 8] {
      let rows = draw.sources.indices.filter { draw.sources[$0] == image }
      #expect(rows.count == 4000)
      for column in 0..<3 {
        Self.requireNormal(
          rows.map { draw.points[$0, column] }, mean: Self.codes.means[image, column],
          variance: exp(Self.codes.logVariances![image, column]))
      }
    }
  }

  @Test func theMetricHasThePosteriorVariances() throws {
    let sampler = try UniformSampler(Self.codes, metric: .init(), sampler: .init(steps: 5), stream: stream)
    #expect(sampler.metric.centroids == Self.codes.means)
    for row in 0..<9 {
      for column in 0..<3 {
        #expect(sampler.metric.variances[row, column] == exp(Self.codes.logVariances![row, column]))
      }
    }
    #expect(sampler.metric.rho == 1)
  }

  @Test func theSameSeedGivesTheSamePointsOnAnyNumberOfThreads() throws {
    let sampler = try UniformSampler(Self.codes, metric: .init(), sampler: .init(steps: 30), stream: stream)
    let expected = try sampler.sample(70, stream: stream)
    #expect(try sampler.sample(70, stream: stream).samples == expected.samples)
    #expect(try ComputeThreads.with(1) { try sampler.draw(70, stream: stream) } == expected.draw)
    // Beside others that use the cores as well.
    let found = Found()
    try ComputeThreads.sideBySide(jobs: 3, workers: 3) { _ in found.add(try sampler.draw(70, stream: stream)) }
    #expect(found.draws.count == 3 && found.draws.allSatisfy { $0 == expected.draw })
    // Fewer chains are the first of more.
    #expect(try sampler.draw(7, stream: stream).points.values == Array(expected.draw.points.values.prefix(21)))
    let other = RandomStream(seed: 12, purpose: "draw")
    #expect(try sampler.draw(70, stream: other).points != expected.draw.points)
  }

  @Test func chainsMoveFromTheirSourceAndSayHowTheyFared() throws {
    let sampler = try UniformSampler(
      Self.codes, metric: .init(centroids: .count(4)), sampler: .init(steps: 30), stream: stream)
    let (draw, samples) = try sampler.sample(50, stream: stream)
    #expect(draw.acceptance.allSatisfy { $0 != nil && $0! >= 0 && $0! <= 1 })
    #expect(draw.acceptance.contains { $0! > 0.5 })
    #expect(Set(draw.sources.map { $0! }).isSubset(of: sampler.metric.centroidIndices))
    #expect(Set(draw.sources).count > 1)
    for chain in 0..<50 {
      #expect(samples.run.starts.row(chain) == Self.codes.means.row(draw.sources[chain]!))
    }
    #expect(draw.points.values.allSatisfy { $0.isFinite })
    #expect(samples.run.displacement.contains { $0 > 0 })
  }

  private final class Found: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [LatentDraw] = []
    var draws: [LatentDraw] { lock.withLock { list } }
    func add(_ draw: LatentDraw) { lock.withLock { list.append(draw) } }
  }
}
