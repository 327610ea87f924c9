import Foundation
import Geometry
import Randomness
import Testing

@Suite struct CurveTests {
  private static let ends: [(a: [Double], b: [Double])] = [
    ([-1, 0.5], [1, 0.5]), ([-0.3, 0.2], [0.9, 1.7]), ([0, 1], [0.4, 0.3]), ([-2, 0.1], [2, 0.1]),
  ]

  @Test(arguments: [CurveFunctional.riemannianLength, .inverseVolume])
  func constantMetricGivesStraightLines(_ functional: CurveFunctional) throws {
    let metric = ConstantMetric(diagonal: [4, 0.25, 9])
    let (a, b) = ([0.0, 1, -1], [2.0, -1, 0.5])
    let result = try CurveMinimiser(metric, waypoints: Matrix([[1, 1, 1], [0.5, 0, 0]])).minimise(
      functional, from: a, to: b)
    #expect(result.isConverged && result.warning == nil)
    for row in 0...result.curve.segments {
      let t = Double(row) / Double(result.curve.segments)
      for j in 0..<3 { #expect(abs(result.curve.points[row, j] - ((1 - t) * a[j] + t * b[j])) < 1e-5) }
    }
    // The Mahalanobis length, and the plain length over sqrt(det G).
    let mahalanobis = (4 * 4.0 + 0.25 * 4 + 9 * 2.25).squareRoot()
    #expect(abs(result.curve.length(under: metric) - mahalanobis) < 1e-8 * mahalanobis)
    #expect(abs(result.curve.energy(under: metric) - mahalanobis * mahalanobis) < 1e-7)
    let plain = (4 + 4 + 2.25).squareRoot()
    #expect(abs(exp(result.curve.logInverseVolume(under: metric)) - plain / 3) < 1e-8)
    #expect(abs(result.curve.euclideanLength - plain) < 1e-8)
  }

  @Test(arguments: ends) func hyperbolicGeodesicsAreCircles(a: [Double], b: [Double]) throws {
    let metric = HalfPlaneMetric()
    let result = try CurveMinimiser(metric).minimise(.riemannianLength, from: a, to: b)
    try expectCircle(result, a, b)
    let length = result.curve.length(under: metric)
    #expect(abs(length / HalfPlaneMetric.hyperbolicDistance(a, b) - 1) < 2e-3, "\(length)")
    let even = result.curve.evenlySpaced(segments: 64, under: metric)
    #expect(abs(even.energy(under: metric) / (length * length) - 1) < 1e-2)
    #expect(result.curve.energy(under: metric) >= length * length)
    #expect(Curve(from: a, to: b, segments: 64).length(under: metric) > length)
  }

  /// With sqrt(det G) = y, equation 12 asks for the hyperbolic length.
  @Test(arguments: ends) func equationTwelveMeetsAKnownAnswer(a: [Double], b: [Double]) throws {
    let metric = HalfPlaneMetric(power: 1)
    let result = try CurveMinimiser(metric).minimise(.inverseVolume, from: a, to: b)
    try expectCircle(result, a, b)
    #expect(abs(exp(result.logValue) / HalfPlaneMetric.hyperbolicDistance(a, b) - 1) < 2e-3)
  }

  private func expectCircle(_ result: MinimisedCurve, _ a: [Double], _ b: [Double]) throws {
    #expect(result.isConverged && result.gridError < 0.02)
    let (centre, radius) = HalfPlaneMetric.circle(a, b)
    for row in 0...result.curve.segments {
      let distance = hypot(result.curve.points[row, 0] - centre, result.curve.points[row, 1])
      #expect(abs(distance / radius - 1) < 5e-3, "corner \(row) at \(distance) of \(radius)")
    }
  }

  /// A metric whose derivatives are wrong by half leads elsewhere, and the check of derivatives says so.
  @Test func aWrongGradientFails() throws {
    let points = Matrix([[0, 0.4], [1, 2], [-3, 0.1]])
    let coefficients = Matrix([[1, 1], [0.3, -2], [0.7, 0.1]])
    let wrong = HalfPlaneMetric(gradientFactor: 0.5)
    #expect(gradientError(of: HalfPlaneMetric(), at: points, coefficients: coefficients, step: 1e-3) < 1e-6)
    #expect(gradientError(of: wrong, at: points, coefficients: coefficients, step: 1e-3) > 0.1)
    let (a, b) = Self.ends[0]
    let result = try CurveMinimiser(wrong).minimise(.riemannianLength, from: a, to: b)
    let (centre, radius) = HalfPlaneMetric.circle(a, b)
    let top = result.curve.points.row(result.curve.segments / 2)
    #expect(!result.isConverged || abs(hypot(top[0] - centre, top[1]) / radius - 1) > 0.02)
  }

  @Test(arguments: [(1, 0.6, 0.01, 0.0), (16, 0.3, 0.1, 0.02), (3, 0.05, 1e-6, 0.0)])
  func learnedMetricMeetsItsReferenceAndCentralDifferences(
    dimension: Int, deviation: Double, lambda: Double, tau: Double
  ) throws {
    let metric = try randomMetric(
      centroids: 13, dimension: dimension, deviation: deviation, lambda: lambda, tau: tau)
    var points = metric.centroids
    let noise = randomMatrix(rows: 13, columns: dimension, seed: 5)
    for row in 0..<points.rows {
      for j in 0..<dimension { points[row, j] += 0.3 * deviation * metric.rho * noise[row, j] }
    }
    let evaluation = metric.evaluation(at: points)
    for row in 0..<points.rows {
      for (j, value) in metric.diagonal(at: points.row(row)).enumerated() {
        #expect(abs(evaluation.logDiagonal[row, j] - log(value)) < 1e-8, "row \(row), coordinate \(j)")
      }
    }
    let coefficients = randomMatrix(rows: 13, columns: dimension, seed: 6)
    let step = 1e-3 * min(1, deviation * metric.rho)
    #expect(gradientError(of: metric, at: points, coefficients: coefficients, step: step) < 1e-6)
    let half = VolumeDensity(metric).evaluation(at: points)
    for (logDeterminant, logDensity) in zip(evaluation.logDeterminant, half.logDensity) {
      #expect(abs(logDeterminant / 2 - logDensity) < 1e-8)
    }
  }

  /// The functionals' own gradients, on a metric where everything varies.
  @Test(arguments: CurveFunctional.allCases) func functionalsMeetCentralDifferences(_ functional: CurveFunctional)
    throws
  {
    let metric = try metricOnAPlane()
    let points = Matrix([[-1, -0.5], [-0.2, 0.1], [0.1, 0.9], [1.2, -0.6]])
    let gradient = functional.logValueAndGradient(points, under: metric, parts: 2).gradient
    let spacing = CurveMinimiser<RiemannianMetric>.unevenness(points)
    let length = CurveMinimiser<RiemannianMetric>.logLength(points)
    for index in points.values.indices {
      func shifted(_ step: Double) -> (Double, Double, Double) {
        var moved = points
        moved[index / 2, index % 2] += step
        return (
          functional.logValueAndGradient(moved, under: metric, parts: 2).value,
          CurveMinimiser<RiemannianMetric>.unevenness(moved).value,
          CurveMinimiser<RiemannianMetric>.logLength(moved).value
        )
      }
      let (up, down) = (shifted(1e-5), shifted(-1e-5))
      #expect(abs(gradient.values[index] - (up.0 - down.0) / 2e-5) < 1e-7)
      #expect(abs(spacing.gradient.values[index] - (up.1 - down.1) / 2e-5) < 1e-7)
      #expect(abs(length.gradient.values[index] - (up.2 - down.2) / 2e-5) < 1e-7)
    }
  }

  /// Two islands joined by a bow of others: the paper's curve takes the bow, the geodesic keeps away from islands.
  @Test func theTwoFunctionalsGoTheirOwnWays() throws {
    let angles = (0...8).map { Double($0) * .pi / 8 }
    let codes = Matrix(angles.map { [cos($0), sin($0)] })
    let metric = try RiemannianMetric(
      codes: codes, variances: Matrix(rows: 9, columns: 2, repeating: 0.04),
      configuration: MetricConfiguration(lambda: 0.001), stream: RandomStream(seed: 0, purpose: "test"))
    let minimiser = try CurveMinimiser(metric, waypoints: codes)
    let (a, b) = (codes.row(0), codes.row(8))
    let volume = try minimiser.minimise(.inverseVolume, from: a, to: b)
    let geodesic = try minimiser.minimise(.riemannianLength, from: a, to: b)
    let straight = Curve(from: a, to: b, segments: 64)
    #expect(volume.isConverged && geodesic.isConverged)
    #expect(volume.warning == nil && geodesic.warning == nil)
    // Evenly spaced along the bow, neither coiled up nor cut short.
    #expect(abs(volume.curve.euclideanLength / 3.105 - 1) < 0.02)
    #expect(volume.curve.points.row(32)[1] > 0.9)
    #expect(geodesic.curve.points.row(32)[1] < 0.2)
    #expect(volume.logValue < straight.logInverseVolume(under: metric) - 1)
    #expect(geodesic.curve.length(under: metric) <= straight.length(under: metric) * (1 + 1e-9))
    #expect(geodesic.curve.length(under: metric) < volume.curve.length(under: metric))
    #expect(volume.logValue < geodesic.curve.logInverseVolume(under: metric))
  }

  @Test func aCurveIsResampledEvenly() {
    let bent = Curve(points: Matrix([[0, 0], [3, 0], [3, 1]]))
    let even = bent.evenlySpaced(segments: 4)
    #expect(even.points == Matrix([[0, 0], [1, 0], [2, 0], [3, 0], [3, 1]]))
    #expect(bent.euclideanLength == 4)
    #expect(Curve(points: Matrix([[1, 1], [1, 1]])).evenlySpaced(segments: 2).euclideanLength == 0)
  }

  @Test func badEndsAreRefused() throws {
    let minimiser = try CurveMinimiser(HalfPlaneMetric())
    for end in [[0, -1], [.nan, 1]] {
      #expect(throws: GeometryError.self) { try minimiser.minimise(.riemannianLength, from: [0, 1], to: end) }
    }
    #expect(try minimiser.minimise(.inverseVolume, from: [0, 1], to: [0, 1]).curve.euclideanLength == 0)
    #expect(throws: GeometryError.self) { try CurveConfiguration(segments: 12).validate() }
  }
}
