import Foundation
import Geometry
import Randomness

/// A matrix of independent numbers, each `transform` of a standard normal.
func randomMatrix(
  rows: Int, columns: Int, seed: UInt64, _ transform: (Double) -> Double = { $0 }
) -> Matrix {
  var stream = RandomStream(seed: seed, purpose: "fixture")
  return Matrix(rows: rows, columns: columns, values: (0..<rows * columns).map { _ in transform(stream.normal()) })
}

/// A metric of random codes with posterior deviations around `deviation`.
func randomMetric(
  centroids: Int, dimension: Int, deviation: Double = 0.6, rho: LengthScale = .paper, lambda: Double = 0.01,
  tau: Double = 0, seed: UInt64 = 1
) throws -> RiemannianMetric {
  try RiemannianMetric(
    codes: randomMatrix(rows: centroids, columns: dimension, seed: seed) { 3 + $0 },
    variances: randomMatrix(rows: centroids, columns: dimension, seed: seed + 100) {
      deviation * deviation * exp($0 / 2)
    },
    configuration: MetricConfiguration(rho: rho, lambda: lambda, tau: tau),
    stream: RandomStream(seed: seed, purpose: "fixture"))
}

/// A metric on a line with three islands of unlike width, one apart from the others, and a floor that can be
/// normalised.
func metricOnALine(lambdaFactor: Double = 1) throws -> RiemannianMetric {
  try RiemannianMetric(
    codes: Matrix([[-1], [0.2], [2]]), variances: Matrix([[0.1], [0.3], [0.06]]),
    configuration: MetricConfiguration(rho: .value(1.2), lambda: 0.3 * lambdaFactor, tau: 0.2),
    stream: RandomStream(seed: 0, purpose: "fixture"))
}

/// A metric on the plane with four islands, stretched differently.
func metricOnAPlane(lambdaFactor: Double = 1) throws -> RiemannianMetric {
  try RiemannianMetric(
    codes: Matrix([[-1, -0.5], [0.5, 0.8], [1.2, -0.6], [-0.4, 1.1]]),
    variances: Matrix([[0.3, 0.1], [0.2, 0.4], [0.15, 0.15], [0.5, 0.08]]),
    configuration: MetricConfiguration(rho: .value(1.1), lambda: 0.25 * lambdaFactor, tau: 0.15),
    stream: RandomStream(seed: 0, purpose: "fixture"))
}

/// A normal distribution with the given mean and precision matrix.
struct GaussianTarget: LogDensity {
  let mean: [Double]
  let precision: Matrix

  var dimension: Int { mean.count }

  func evaluate(
    at positions: Matrix, into evaluation: inout DensityEvaluation, includingLogDensity: Bool, workspace: inout Void
  ) {
    for row in 0..<positions.rows {
      var squared = 0.0
      for i in 0..<dimension {
        var pull = 0.0
        for j in 0..<dimension { pull += precision[i, j] * (positions[row, j] - mean[j]) }
        evaluation.gradient[row, i] = -pull
        squared += pull * (positions[row, i] - mean[i])
      }
      if includingLogDensity { evaluation.logDensity[row] = -squared / 2 }
    }
  }
}

/// The volume density with a mistake in it.
struct BrokenVolumeDensity: LogDensity {
  enum Mistake {
    /// log det G in place of log sqrt(det G).
    case missingHalf
    /// The same in the accept step alone; the force is right.
    case missingHalfInAcceptStep
    /// The determinant never exceeds 2 in the accept step.
    case clampedDeterminant
  }

  let base: VolumeDensity
  let mistake: Mistake

  var dimension: Int { base.dimension }
  func makeWorkspace(rows: Int) -> VolumeDensity.Workspace { base.makeWorkspace(rows: rows) }

  func evaluate(
    at positions: Matrix, into evaluation: inout DensityEvaluation, includingLogDensity: Bool,
    workspace: inout VolumeDensity.Workspace
  ) {
    base.evaluate(
      at: positions, into: &evaluation, includingLogDensity: includingLogDensity, workspace: &workspace)
    for row in 0..<positions.rows {
      switch mistake {
      case .missingHalf:
        if includingLogDensity { evaluation.logDensity[row] *= 2 }
        for j in 0..<dimension { evaluation.gradient[row, j] *= 2 }
      case .missingHalfInAcceptStep:
        if includingLogDensity { evaluation.logDensity[row] *= 2 }
      case .clampedDeterminant:
        if includingLogDensity { evaluation.logDensity[row] = min(evaluation.logDensity[row], log(2.0) / 2) }
      }
    }
  }
}
