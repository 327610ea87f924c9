import Foundation

/// What turns a classifier's probabilities into ones that can be believed, all classes as probable beforehand: a slope and an
/// intercept for each class on the logarithms of its probabilities. The most probable class afterwards is the decision, so
/// that of two classes the intercepts are a threshold.
///
/// They are fitted on held-out images by maximum likelihood, every class with the same weight in all, with a normal prior of
/// deviation 3 about no change, which few images do not overrule.
///
/// Sources: Platt, "Probabilistic outputs for support vector machines", 1999; Guo, Pleiss, Sun and Weinberger, "On calibration
/// of modern neural networks", ICML 2017 (vector scaling); here one slope serves all classes.
package struct Calibration: Codable, Sendable, Equatable {
  /// At least `leastSlope`.
  package var slope: Double
  /// Of each class; their mean is 0.
  package var intercepts: [Double]

  /// A slope below it would turn the order of the images around.
  static let leastSlope = 0.02
  private static let priorVariance = 9.0

  /// Changes nothing.
  package static func identity(_ classes: Int) -> Calibration {
    Calibration(slope: 1, intercepts: Array(repeating: 0, count: classes))
  }

  init(slope: Double, intercepts: [Double]) { (self.slope, self.intercepts) = (slope, intercepts) }

  /// - Parameter heldOut: of a class without images the intercept stays as the prior has it.
  package init(_ heldOut: HeldOut, classes: Int) {
    let counts = heldOut.counts(classes)
    let present = counts.count { $0 > 0 }
    guard present > 1 else {
      self = .identity(classes)
      return
    }
    let total = Double(heldOut.labels.count)
    let weights = heldOut.labels.map { total / Double(present * counts[$0]) }
    let points = heldOut.logarithms.map { $0.map(Double.init) }
    // Newton's method on (slope, intercepts), whose negative log-likelihood and prior are convex.
    var parameters = [1.0] + [Double](repeating: 0, count: classes)
    var loss = Self.loss(parameters, points, heldOut.labels, weights)
    for _ in 0..<50 {
      let (gradient, hessian) = Self.derivatives(parameters, points, heldOut.labels, weights)
      let step = Self.solution(hessian, gradient)
      var scale = 1.0
      var isBetter = false
      while scale > 1e-4, !isBetter {
        var next = zip(parameters, step).map { $0 - scale * $1 }
        next[0] = max(Self.leastSlope, next[0])
        let nextLoss = Self.loss(next, points, heldOut.labels, weights)
        if nextLoss < loss - 1e-10 { (parameters, loss, isBetter) = (next, nextLoss, true) } else { scale /= 2 }
      }
      if !isBetter { break }
    }
    let mean = parameters.dropFirst().reduce(0, +) / Double(classes)
    slope = parameters[0]
    intercepts = parameters.dropFirst().map { $0 - mean }
  }

  /// The images with calibrated probabilities.
  package func apply(to heldOut: HeldOut) -> HeldOut {
    var result = heldOut
    for image in result.logarithms.indices {
      let values = Self.logarithms(slope, intercepts, heldOut.logarithms[image].map(Double.init))
      result.logarithms[image] = values.map { max(HeldOut.leastLogarithm, Float($0)) }
    }
    return result
  }

  /// Of two classes: the classifier's own probability of the second class above which it is decided for.
  package var threshold: Double? {
    guard intercepts.count == 2, slope > 0 else { return nil }
    return 1 / (1 + exp(-(intercepts[0] - intercepts[1]) / slope))
  }

  private static func logarithms(_ slope: Double, _ intercepts: [Double], _ point: [Double]) -> [Double] {
    let values = zip(point, intercepts).map { slope * $0 + $1 }
    let largest = values.max() ?? 0
    let total = largest + log(values.reduce(0) { $0 + exp($1 - largest) })
    return values.map { $0 - total }
  }

  private static func loss(
    _ parameters: [Double], _ points: [[Double]], _ labels: [Int], _ weights: [Double]
  ) -> Double {
    let intercepts = Array(parameters.dropFirst())
    var loss = (parameters[0] - 1) * (parameters[0] - 1) / (2 * priorVariance)
    for value in intercepts { loss += value * value / (2 * priorVariance) }
    for index in points.indices {
      loss -= weights[index] * logarithms(parameters[0], intercepts, points[index])[labels[index]]
    }
    return loss
  }

  private static func derivatives(
    _ parameters: [Double], _ points: [[Double]], _ labels: [Int], _ weights: [Double]
  ) -> (gradient: [Double], hessian: [[Double]]) {
    let (count, intercepts) = (parameters.count, Array(parameters.dropFirst()))
    var gradient = [(parameters[0] - 1) / priorVariance] + intercepts.map { $0 / priorVariance }
    var hessian = (0..<count).map { row in (0..<count).map { $0 == row ? 1 / priorVariance : 0.0 } }
    for index in points.indices {
      let probabilities = logarithms(parameters[0], intercepts, points[index]).map { exp($0) }
      // d(value of a class) / d(parameters): its logarithm for the slope, 1 for its own intercept.
      let mean = zip(probabilities, points[index]).reduce(0) { $0 + $1.0 * $1.1 }
      let weight = weights[index]
      gradient[0] += weight * (mean - points[index][labels[index]])
      var spread = 0.0
      for label in probabilities.indices {
        let (p, value) = (probabilities[label], points[index][label])
        gradient[1 + label] += weight * (p - (label == labels[index] ? 1 : 0))
        spread += p * (value - mean) * (value - mean)
        let cross = weight * p * (value - mean)
        hessian[0][1 + label] += cross
        hessian[1 + label][0] += cross
        for other in probabilities.indices {
          hessian[1 + label][1 + other] += weight * p * ((label == other ? 1 : 0) - probabilities[other])
        }
      }
      hessian[0][0] += weight * spread
    }
    return (gradient, hessian)
  }

  /// Solves a positive definite system by Gaussian elimination.
  private static func solution(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
    var (rows, values) = (matrix, right)
    let count = values.count
    for pivot in 0..<count {
      for row in (pivot + 1)..<max(pivot + 1, count) {
        let factor = rows[row][pivot] / rows[pivot][pivot]
        for column in pivot..<count { rows[row][column] -= factor * rows[pivot][column] }
        values[row] -= factor * values[pivot]
      }
    }
    for pivot in (0..<count).reversed() {
      for column in (pivot + 1)..<max(pivot + 1, count) { values[pivot] -= rows[pivot][column] * values[column] }
      values[pivot] /= rows[pivot][pivot]
    }
    return values
  }
}
