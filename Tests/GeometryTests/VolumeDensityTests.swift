import CDensity
import Foundation
import Geometry
import Randomness
import Testing

@Suite struct VolumeDensityTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var centroids = 11
    var dimension = 3
    var deviation = 0.6
    var rho = LengthScale.paper
    var lambda = 0.01
    var tau = 0.0
    var testDescription: String {
      "k \(centroids), d \(dimension), deviation \(deviation), lambda \(lambda), tau \(tau)"
    }

    func metric() throws -> RiemannianMetric {
      try randomMetric(
        centroids: centroids, dimension: dimension, deviation: deviation, rho: rho, lambda: lambda, tau: tau)
    }

    /// Points at centroids, near them, between them and far from them.
    func points(_ metric: RiemannianMetric) -> Matrix {
      let noise = randomMatrix(rows: 60, columns: dimension, seed: 9)
      var points = metric.centroids.selectingRows((0..<60).map { $0 % metric.centroids.rows })
      for row in 0..<60 {
        let scale = [0, 0.3 * deviation * metric.rho, 1, 4][row / 15]
        for j in 0..<dimension { points[row, j] += scale * noise[row, j] }
      }
      return points
    }
  }

  static let cases = [
    Case(), Case(tau: 0.05), Case(lambda: 1), Case(lambda: 1, tau: 1),
    Case(centroids: 1, dimension: 2, rho: .value(0.7)),
    Case(centroids: 8, dimension: 16, tau: 0.01), Case(centroids: 50, dimension: 1, lambda: 1e-4),
    Case(deviation: 1e-3), Case(deviation: 1e-3, tau: 0.2), Case(deviation: 20, rho: .value(0.5), lambda: 1e-6),
    Case(lambda: 0),
  ]

  @Test(arguments: cases) func logDensityIsHalfTheSumOfLogarithms(_ test: Case) throws {
    let metric = try test.metric()
    let points = test.points(metric)
    let evaluation = VolumeDensity(metric).evaluation(at: points)
    for row in 0..<points.rows {
      let expected = metric.diagonal(at: points.row(row)).reduce(0) { $0 + log($1) / 2 }
      // The plain sum underflows where no centroid is near and lambda is 0.
      if expected.isFinite {
        #expect(abs(evaluation.logDensity[row] - expected) < 1e-8 * max(1, abs(expected)), "row \(row)")
      } else {
        #expect(evaluation.logDensity[row].isFinite && evaluation.logDensity[row] < -300, "row \(row)")
      }
    }
  }

  /// Five-point central differences, at a step that follows the width of the weights.
  @Test(arguments: cases) func gradientMeetsCentralDifferences(_ test: Case) throws {
    let metric = try test.metric()
    let density = VolumeDensity(metric)
    let points = test.points(metric)
    let gradient = density.evaluation(at: points).gradient
    let step = 1e-3 * min(1, test.deviation * metric.rho)
    for j in 0..<test.dimension {
      func shifted(_ steps: Double) -> [Double] {
        var moved = points
        for row in 0..<points.rows { moved[row, j] += steps * step }
        return density.evaluation(at: moved).logDensity
      }
      let (a, b, c, d) = (shifted(-2), shifted(-1), shifted(1), shifted(2))
      for row in 0..<points.rows {
        let expected = (a[row] - 8 * b[row] + 8 * c[row] - d[row]) / (12 * step)
        let size = max(abs(expected), 1 / (test.deviation * metric.rho))
        #expect(
          abs(gradient[row, j] - expected) < 1e-6 * size,
          "row \(row), coordinate \(j): \(gradient[row, j]), \(expected)")
      }
    }
  }

  /// Far from the data every exponential underflows, and yet the density falls off as it should.
  @Test func farPointsKeepTheirSlope() throws {
    let floor = VolumeDensity(try randomMetric(centroids: 9, dimension: 4, lambda: 0.5, tau: 0.05))
    let far = Matrix([[300, -400, 0, 1]])
    let onFloor = floor.evaluation(at: far)
    #expect(abs(onFloor.logDensity[0] - 2 * (log(0.5) - 0.05 * 250_001)) < 1e-6)
    for (slope, coordinate) in zip(onFloor.gradient.row(0), far.row(0)) {
      #expect(abs(slope + 0.2 * coordinate) < 1e-6)
    }

    let metric = try randomMetric(centroids: 1, dimension: 2, rho: .value(1), lambda: 0)
    let island = VolumeDensity(metric).evaluation(at: Matrix([[1000, -1000]]))
    for j in 0..<2 {
      let distance = [1000.0, -1000][j] - metric.centroids[0, j]
      // Both G_j share the weight exp(-sum S (z - c)^2), so log p loses S (z - c)^2 twice over two.
      #expect(abs(island.gradient[0, j] / (-2 * distance / metric.variances[0, j]) - 1) < 1e-9)
    }
  }

  /// Moving all codes far from the origin moves the density with them (tau = 0), to the last digits that are left.
  @Test func codesFarFromTheOriginLoseNothing() throws {
    let base = try randomMetric(centroids: 20, dimension: 3)
    var moved = base.centroids
    for row in 0..<moved.rows { for j in 0..<3 { moved[row, j] += 4096 } }
    let metric = try RiemannianMetric(
      codes: moved, variances: base.variances, configuration: MetricConfiguration(rho: .value(base.rho)),
      stream: RandomStream(seed: 0, purpose: "test"))
    let here = VolumeDensity(base).evaluation(at: base.centroids)
    let there = VolumeDensity(metric).evaluation(at: moved)
    for (value, expected) in zip(there.gradient.values, here.gradient.values) { #expect(abs(value - expected) < 1e-10) }
    for (value, expected) in zip(there.logDensity, here.logDensity) { #expect(abs(value - expected) < 1e-10) }
  }

  /// The code for every family of processors says the same, and all that fuse products with sums the same bytes; a point's
  /// numbers do not depend on what stands beside it. With 1 to 17 dimensions tiles have all their sizes, and 100 centroids go
  /// in two chunks.
  @Test(arguments: 1...17) func familiesAgreeToTheLastDigits(dimension: Int) throws {
    var density = VolumeDensity(
      try randomMetric(centroids: 100, dimension: dimension, deviation: 0.6, rho: .paper, lambda: 0.01, tau: 0.05))
    let points = randomMatrix(rows: 37, columns: dimension, seed: 5)
    let all = (0..<cdensity_families()).map { family in
      density.family = family
      return (String(cString: cdensity_family_name(family)), density.evaluation(at: points))
    }
    let plain = all[0].1
    for (name, found) in all {
      for (value, expected) in zip(found.gradient.values + found.logDensity, plain.gradient.values + plain.logDensity) {
        #expect(abs(value - expected) < 1e-11 * max(1, abs(expected)), "\(name): \(value), \(expected)")
      }
    }
    for (name, found) in all.dropFirst() {
      #expect(found.gradient == all[1].1.gradient && found.logDensity == all[1].1.logDensity, "\(name)")
      density.family = Int32(all.firstIndex { $0.0 == name }!)
      for row in [0, 31, 36] {
        let alone = density.evaluation(at: Matrix([points.row(row)]))
        #expect(alone.gradient.row(0) == found.gradient.row(row) && alone.logDensity[0] == found.logDensity[row])
      }
    }
  }

  @Test func badPositionsAreNotHidden() throws {
    let density = VolumeDensity(try randomMetric(centroids: 9, dimension: 2, tau: 0.1))
    let evaluation = density.evaluation(at: Matrix([[.nan, 0], [0, 0]]))
    #expect(evaluation.logDensity[0].isNaN)
    #expect(evaluation.logDensity[1].isFinite)
  }
}
