import Foundation

/// Multinomial logistic regression on a few numbers, with a ridge on the slopes.
///
/// Minimises the sum over rows of weight times -log probability of the class, plus half the ridge times the squared
/// slopes (not the intercepts), by Newton's method. The convention is scikit-learn's with C = 1 / ridge.
public struct LogisticRegression: Sendable, Equatable {
  /// `[class][1 + feature]`: the intercept first.
  public let coefficients: [[Double]]

  /// Fits the coefficients.
  ///
  /// - Parameters:
  ///   - features: `[row][feature]`, at least one row, finite, best of unit spread.
  ///   - labels: the class of each row, 0 ..< classes.
  ///   - classes: how many there are, at least 2.
  ///   - weights: of each row, positive; nil for 1.
  ///   - ridge: the penalty on the squared slopes, positive.
  public init(
    features: [[Double]], labels: [Int], classes: Int, weights: [Double]? = nil, ridge: Double = 1
  ) {
    precondition(!features.isEmpty && features.count == labels.count && ridge > 0, "\(features.count) rows")
    let width = 1 + features[0].count
    let rows = features.map { [1] + $0 }
    let size = classes * width
    var parameters = [Double](repeating: 0, count: size)
    // Intercepts are free but for their common shift, which changes no probability: a trace of ridge pins it.
    let penalty = (0..<size).map { $0 % width == 0 ? 1e-9 : ridge }

    func objective(_ parameters: [Double]) -> Double {
      var value = zip(parameters, penalty).reduce(0) { $0 + 0.5 * $1.1 * $1.0 * $1.0 }
      for (index, row) in rows.enumerated() {
        let probability = Self.probabilities(row, parameters, classes, width)[labels[index]]
        value -= (weights?[index] ?? 1) * log(max(probability, 1e-300))
      }
      return value
    }
    var value = objective(parameters)
    for _ in 0..<100 {
      var gradient = zip(parameters, penalty).map { $0 * $1 }
      var hessian = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
      for index in 0..<size { hessian[index][index] = penalty[index] }
      for (index, row) in rows.enumerated() {
        let weight = weights?[index] ?? 1
        let shares = Self.probabilities(row, parameters, classes, width)
        for first in 0..<classes {
          let residual = weight * (shares[first] - (labels[index] == first ? 1 : 0))
          for a in 0..<width { gradient[first * width + a] += residual * row[a] }
          for second in 0..<classes {
            let curvature = weight * shares[first] * ((first == second ? 1 : 0) - shares[second])
            for a in 0..<width {
              for b in 0..<width { hessian[first * width + a][second * width + b] += curvature * row[a] * row[b] }
            }
          }
        }
      }
      let step = Self.solve(hessian, gradient)
      var length = 1.0
      var next = zip(parameters, step).map { $0 - length * $1 }
      while objective(next) > value, length > 1e-8 {
        length /= 2
        next = zip(parameters, step).map { [length] in $0 - length * $1 }
      }
      let nextValue = objective(next)
      guard nextValue < value else { break }
      let gain = value - nextValue
      (parameters, value) = (next, nextValue)
      if gain <= 1e-14 * (1 + abs(value)) { break }
    }
    coefficients = (0..<classes).map { [parameters] in Array(parameters[($0 * width)..<(($0 + 1) * width)]) }
  }

  /// The probability of each class.
  public func probabilities(_ features: [Double]) -> [Double] {
    Self.probabilities([1] + features, coefficients.flatMap { $0 }, coefficients.count, 1 + features.count)
  }

  private static func probabilities(
    _ row: [Double], _ parameters: [Double], _ classes: Int, _ width: Int
  ) -> [Double] {
    let scores = (0..<classes).map { label in
      (0..<width).reduce(0) { $0 + parameters[label * width + $1] * row[$1] }
    }
    let largest = scores.max() ?? 0
    let powers = scores.map { exp($0 - largest) }
    let total = powers.reduce(0, +)
    return powers.map { $0 / total }
  }

  /// Gaussian elimination with row pivots.
  private static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
    var rows = zip(matrix, right).map { $0 + [$1] }
    let size = rows.count
    for column in 0..<size {
      let pivot = (column..<size).max { abs(rows[$0][column]) < abs(rows[$1][column]) }!
      rows.swapAt(column, pivot)
      guard abs(rows[column][column]) > 0 else { continue }
      for row in (column + 1)..<max(size, column + 1) {
        let factor = rows[row][column] / rows[column][column]
        if factor == 0 { continue }
        for index in column...size { rows[row][index] -= factor * rows[column][index] }
      }
    }
    var solution = [Double](repeating: 0, count: size)
    for row in (0..<size).reversed() {
      let rest = (row + 1..<max(size, row + 1)).reduce(0.0) { $0 + rows[row][$1] * solution[$1] }
      solution[row] = rows[row][row] == 0 ? 0 : (rows[row][size] - rest) / rows[row][row]
    }
    return solution
  }
}
