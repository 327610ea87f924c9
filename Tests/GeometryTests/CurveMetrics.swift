import Foundation
import Geometry

/// A metric that is the same everywhere.
struct ConstantMetric: DiagonalMetric {
  let diagonal: [Double]
  var dimension: Int { diagonal.count }

  func evaluation(at positions: Matrix) -> MetricEvaluation {
    let logs = Matrix((0..<positions.rows).map { _ in diagonal.map { log($0) } })
    let zeros = Matrix(rows: positions.rows, columns: dimension)
    return MetricEvaluation(logDiagonal: logs) { _ in zeros }
  }
}

/// The metric y^power I on the upper half of the plane, NaN elsewhere; its gradient times `gradientFactor`.
///
/// Power -2 is the hyperbolic half-plane. With power 1, sqrt(det G) = y, so that the paper's functional is the
/// hyperbolic length.
struct HalfPlaneMetric: DiagonalMetric {
  var power = -2.0
  /// 1 for the true gradient.
  var gradientFactor = 1.0
  let dimension = 2

  func evaluation(at positions: Matrix) -> MetricEvaluation {
    var logs = Matrix(rows: positions.rows, columns: 2)
    for row in 0..<positions.rows {
      for j in 0..<2 { logs[row, j] = power * log(positions[row, 1]) }
    }
    let slope = power * gradientFactor
    return MetricEvaluation(logDiagonal: logs) { coefficients in
      var gradient = Matrix(rows: positions.rows, columns: 2)
      for row in 0..<positions.rows {
        gradient[row, 1] = slope * (coefficients[row, 0] + coefficients[row, 1]) / positions[row, 1]
      }
      return gradient
    }
  }

  /// The distance of two points of the hyperbolic half-plane.
  static func hyperbolicDistance(_ a: [Double], _ b: [Double]) -> Double {
    let (dx, dy) = (a[0] - b[0], a[1] - b[1])
    return acosh(1 + (dx * dx + dy * dy) / (2 * a[1] * b[1]))
  }

  /// The circle about a point of the boundary through two points: where its centre is, and its radius.
  static func circle(_ a: [Double], _ b: [Double]) -> (centre: Double, radius: Double) {
    let centre = (b[0] * b[0] + b[1] * b[1] - a[0] * a[0] - a[1] * a[1]) / (2 * (b[0] - a[0]))
    return (centre, hypot(a[0] - centre, a[1]))
  }
}

/// The largest difference between the gradient of sum_j a_j log G_j and five-point central differences, as a share of
/// the largest gradient.
func gradientError(of metric: some DiagonalMetric, at points: Matrix, coefficients: Matrix, step: Double) -> Double {
  func values(_ points: Matrix) -> [Double] {
    let logs = metric.evaluation(at: points).logDiagonal
    return (0..<points.rows).map { row in
      (0..<points.columns).reduce(0) { $0 + coefficients[row, $1] * logs[row, $1] }
    }
  }
  let gradient = metric.evaluation(at: points).gradient(coefficients)
  let size = gradient.values.map(abs).max() ?? 0
  var worst = 0.0
  for j in 0..<points.columns {
    let samples = [-2.0, -1, 1, 2].map { steps -> [Double] in
      var moved = points
      for row in 0..<points.rows { moved[row, j] += steps * step }
      return values(moved)
    }
    for row in 0..<points.rows {
      let expected = (samples[0][row] - 8 * samples[1][row] + 8 * samples[2][row] - samples[3][row]) / (12 * step)
      worst = max(worst, abs(gradient[row, j] - expected) / size)
    }
  }
  return worst
}
