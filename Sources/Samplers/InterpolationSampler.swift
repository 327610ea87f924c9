import Foundation
import Generators
import Geometry
import Parallelism
import Randomness

/// Draws points between the codes of two training images of a class, which the sampler of the paper then moves a little.
///
/// Where the islands around the codes hardly overlap, as on small sets, a chain stays near the image that it began at and
/// its image is nearly a copy. A point between two codes is an image of neither.
public struct InterpolationSampler: LatentSampler {
  /// The way from one code to the other.
  public enum Path: Sendable {
    case straight
    /// The shortest curve under the metric; t measures its length there.
    case geodesic
  }

  public let metric: RiemannianMetric
  private let codes: Matrix
  private let path: Path
  /// Nil for no transitions.
  private let sampler: HamiltonianMonteCarlo?

  /// Prepares the metric, and the chains if there are transitions.
  ///
  /// - Parameters:
  ///   - codes: of the training images of a class, with posterior variances.
  ///   - metric: how the metric is built from them.
  ///   - path: the way from one code to the other.
  ///   - steps: transitions of Hamiltonian Monte Carlo after the interpolation; 0 for none.
  ///   - leapfrogSteps: of each transition, at least 1.
  ///   - stepSize: of a leapfrog step, positive, with unit mass.
  ///   - stream: where the choice of the metric's centroids starts, when only some are used.
  /// - Throws: `GeometryError`; `GeneratorError.noPosterior` for codes without posterior variances.
  public init(
    _ codes: Codes, metric: MetricConfiguration, path: Path, steps: Int, leapfrogSteps: Int,
    stepSize: Double, stream: RandomStream
  ) throws {
    let variances = try codes.variances(for: "the metric")
    self.metric = try RiemannianMetric(codes: codes.means, variances: variances, configuration: metric, stream: stream)
    self.codes = codes.means
    self.path = path
    sampler =
      steps == 0
      ? nil
      : try HamiltonianMonteCarlo(
        HMCConfiguration(mode: .paper, steps: steps, leapfrogSteps: leapfrogSteps, stepSize: stepSize))
  }

  /// Draws points: a pair of images and t, uniform on [0, 1), for each.
  ///
  /// - Parameters:
  ///   - count: points wanted, at least 0.
  ///   - stream: pairs come from its substreams ("pairs", n), t of point i from ("position", i), and chain i is
  ///     ("chain", i).
  /// - Throws: `GeometryError`.
  public func draw(_ count: Int, stream: RandomStream) throws -> LatentDraw {
    let pairs = Self.pairs(count, images: codes.rows, stream: stream)
    let positions = (0..<count).map { point in
      var random = stream.substream("position", index: point)
      return random.uniform()
    }
    let minimiser =
      path == .geodesic
      ? try CurveMinimiser(metric, waypoints: metric.centroids, configuration: CurveConfiguration(segments: 32)) : nil
    let metric = metric
    let codes = codes
    let points = concurrentMap(count) { point -> Result<[Double], any Error> in
      let (start, end) = (codes.row(pairs[point].first), codes.row(pairs[point].second))
      let t = positions[point]
      guard let minimiser else { return .success(zip(start, end).map { (1 - t) * $0 + t * $1 }) }
      return Result {
        let curve = try minimiser.minimise(.riemannianLength, from: start, to: end).curve
        // Fine enough that its corners can stand for the points between.
        let fine = curve.evenlySpaced(segments: 256, under: metric)
        return fine.points.row(Int((t * 256).rounded()))
      }
    }
    let starts = Matrix(rows: count, columns: codes.columns, values: try points.flatMap { try $0.get() })
    let run = sampler?.run(VolumeDensity(metric), starts: starts, stream: stream)
    return LatentDraw(
      points: run?.positions ?? starts, sources: pairs.map(\.first), acceptance: run.map { $0.acceptance.map { $0 } },
      ends: zip(pairs, positions).map { LatentDraw.End(source: $0.second, position: $1) })
  }

  /// Pairs of different images: no pair before all have been used, and every image as often as any other, give or take
  /// two, at all times.
  ///
  /// In a round the images stand in a circle in random order, and each is paired with the one s places on, for every s
  /// up to half the circle, in random order.
  ///
  /// - Parameter images: at least 2.
  package static func pairs(_ count: Int, images: Int, stream: RandomStream) -> [(first: Int, second: Int)] {
    precondition(images >= 2, "pairs of \(images) images")
    var pairs: [(first: Int, second: Int)] = []
    var round = 0
    while pairs.count < count {
      var random = stream.substream("pairs", index: round)
      let circle = random.permutation(images)
      for shift in random.permutation(images / 2) where pairs.count < count {
        let distance = shift + 1
        // Half-way round, the pairs from the second half are those from the first.
        let starts = 2 * distance == images ? images / 2 : images
        pairs += (0..<starts).map { (circle[$0], circle[($0 + distance) % images]) }
      }
      round += 1
    }
    return Array(pairs.prefix(count))
  }
}
