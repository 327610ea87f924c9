import Foundation
import Geometry
import Randomness

/// Logistic regression with a penalty on its weights, for two classes that count alike, and how well it tells unseen rows
/// apart.
package struct RidgeLogistic {
  /// The intercept first.
  let weights: [Double]
  private let means: [Double]
  private let deviations: [Double]

  /// Fits by Newton's method, at most 30 steps.
  ///
  /// - Parameters:
  ///   - rows: `[row][feature]`.
  ///   - labels: whether each is of the second class; both classes occur.
  ///   - penalty: on half the sum of squared weights of standardised features, the intercept left out.
  init(_ rows: [[Double]], labels: [Bool], penalty: Double = 1) {
    let features = rows[0].count
    let count = Double(rows.count)
    let means = (0..<features).map { column in rows.reduce(0) { $0 + $1[column] } / count }
    let deviations = (0..<features).map { column in
      let variance = rows.reduce(0) { $0 + ($1[column] - means[column]) * ($1[column] - means[column]) } / count
      return variance > 1e-24 ? variance.squareRoot() : 1
    }
    let inputs = rows.map { row in [1] + (0..<features).map { (row[$0] - means[$0]) / deviations[$0] } }
    let second = Double(labels.count { $0 })
    let classWeights = (count / (2 * (count - second)), count / (2 * second))
    var weights = [Double](repeating: 0, count: features + 1)
    for _ in 0..<30 {
      var gradient = [Double](repeating: 0, count: features + 1)
      var curvature = [[Double]](repeating: gradient, count: features + 1)
      for (input, label) in zip(inputs, labels) {
        let probability = 1 / (1 + exp(-zip(input, weights).reduce(0) { $0 + $1.0 * $1.1 }))
        let weight = label ? classWeights.1 : classWeights.0
        let slope = weight * (probability - (label ? 1 : 0))
        let bend = weight * max(probability * (1 - probability), 1e-10)
        for i in input.indices {
          gradient[i] += slope * input[i]
          for j in 0...i { curvature[i][j] += bend * input[i] * input[j] }
        }
      }
      for i in 1..<(features + 1) {
        gradient[i] += penalty * weights[i]
        curvature[i][i] += penalty
      }
      let step = Self.solve(curvature, gradient)
      for i in weights.indices { weights[i] -= step[i] }
      if step.allSatisfy({ abs($0) < 1e-8 }) { break }
    }
    (self.weights, self.means, self.deviations) = (weights, means, deviations)
  }

  /// The log odds of the second class.
  func score(_ row: [Double]) -> Double {
    row.indices.reduce(weights[0]) { $0 + weights[$1 + 1] * (row[$1] - means[$1]) / deviations[$1] }
  }

  /// How well scores of rows that were left out of the fit tell the classes apart: the area under the ROC curve over five
  /// folds together, or 0.5 where a class has rows of fewer than two groups.
  ///
  /// - Parameters:
  ///   - groups: rows of a group stay on one side.
  ///   - sharesGroups: whether a number stands for the same group in both classes.
  package static func crossValidatedArea(
    _ first: [[Double]], groups firstGroups: [Int], _ second: [[Double]], groups secondGroups: [Int],
    sharesGroups: Bool, stream: RandomStream
  ) -> Double {
    guard Set(firstGroups).count > 1, Set(secondGroups).count > 1 else { return 0.5 }
    func folds(_ groups: [Int], _ name: String) -> [Int] {
      let distinct = Set(sharesGroups ? firstGroups + secondGroups : groups).sorted()
      var random = stream.substream(name)
      let order = random.permutation(distinct.count)
      let fold = Dictionary(uniqueKeysWithValues: zip(distinct, order.map { $0 % min(5, distinct.count) }))
      return groups.map { fold[$0]! }
    }
    let rows = first + second
    let labels = first.map { _ in false } + second.map { _ in true }
    let folds = folds(firstGroups, "first") + folds(secondGroups, sharesGroups ? "first" : "second")
    var scores = [Double](repeating: 0, count: rows.count)
    for fold in 0..<5 {
      let held = rows.indices.filter { folds[$0] == fold }
      let kept = rows.indices.filter { folds[$0] != fold }
      guard !held.isEmpty, Set(kept.map { labels[$0] }).count == 2 else { continue }
      let fit = RidgeLogistic(kept.map { rows[$0] }, labels: kept.map { labels[$0] })
      for row in held { scores[row] = fit.score(rows[row]) }
    }
    return AreaUnderCurve.of(Array(scores[..<first.count]), Array(scores[first.count...]))
  }

  /// Solves a x = b for a symmetric positive definite a, of which the lower triangle is read.
  private static func solve(_ a: [[Double]], _ b: [Double]) -> [Double] {
    let n = b.count
    var factor = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for i in 0..<n {
      for j in 0...i {
        let rest = (0..<j).reduce(a[i][j]) { $0 - factor[i][$1] * factor[j][$1] }
        factor[i][j] = i == j ? max(rest, 1e-12).squareRoot() : rest / factor[j][j]
      }
    }
    var x = b
    for i in 0..<n { x[i] = ((0..<i).reduce(x[i]) { $0 - factor[i][$1] * x[$1] }) / factor[i][i] }
    for i in (0..<n).reversed() {
      x[i] = ((i + 1..<n).reduce(x[i]) { $0 - factor[$1][i] * x[$1] }) / factor[i][i]
    }
    return x
  }
}

/// The area under the receiver's operating curve.
package enum AreaUnderCurve {
  /// The probability that a value of `second` is larger than one of `first`, ties counting half; 0.5 when either is empty.
  package static func of(_ first: [Double], _ second: [Double]) -> Double {
    RankSumTest([(first: second, second: first)])?.probability ?? 0.5
  }

  /// The standard error of an area from independent values.
  ///
  /// Source: Hanley and McNeil, "The Meaning and Use of the Area under a Receiver Operating Characteristic (ROC) Curve",
  /// Radiology 143, 1982.
  package static func standardError(_ area: Double, _ first: Int, _ second: Int) -> Double {
    guard first > 0, second > 0 else { return 0.5 }
    let (q1, q2) = (area / (2 - area), 2 * area * area / (1 + area))
    let (m, n) = (Double(first), Double(second))
    let variance =
      (area * (1 - area) + (m - 1) * (q1 - area * area) + (n - 1) * (q2 - area * area)) / (m * n)
    // An area of 1 on few images is no certainty.
    return max(variance, 0.25 / (m * n)).squareRoot()
  }
}
