import Foundation
import Geometry

/// Whether counts in bins agree with the bins' probabilities.
struct ChiSquared: CustomStringConvertible {
  let statistic: Double
  let degreesOfFreedom: Int

  /// Bins that expect fewer than five samples are put together.
  init(counts: [Int], probabilities: [Double]) {
    let total = Double(counts.reduce(0, +))
    var statistic = 0.0
    var bins = 0
    var rest = (count: 0.0, expected: 0.0)
    for (count, probability) in zip(counts, probabilities) {
      let expected = total * probability
      if expected < 5 {
        rest = (rest.count + Double(count), rest.expected + expected)
      } else {
        statistic += (Double(count) - expected) * (Double(count) - expected) / expected
        bins += 1
      }
    }
    if rest.expected >= 5 {
      statistic += (rest.count - rest.expected) * (rest.count - rest.expected) / rest.expected
      bins += 1
    }
    self.statistic = statistic
    degreesOfFreedom = bins - 1
  }

  /// Below the 99.99 % point of the distribution, by the approximation of Wilson and Hilferty.
  var passes: Bool {
    let spread = 2 / (9 * Double(degreesOfFreedom))
    return statistic < Double(degreesOfFreedom) * pow(1 - spread + 3.719 * spread.squareRoot(), 3)
  }

  var description: String { "chi-squared \(statistic) on \(degreesOfFreedom) degrees of freedom" }
}

/// The plain reference of the target: the product over coordinates of sqrt(G_j), from the metric's own sum.
func volume(_ metric: RiemannianMetric, _ point: [Double]) -> Double {
  metric.diagonal(at: point).reduce(1) { $0 * $1.squareRoot() }
}

/// Compares samples on a line or a plane with the volume of a metric integrated over bins.
///
/// The bins divide each axis from -3 to 3 evenly; points outside belong to one more bin, integrated as far as 16.
func agreesWithVolume(_ samples: Matrix, _ metric: RiemannianMetric) -> ChiSquared {
  let dimension = metric.dimension
  let binsPerAxis = dimension == 1 ? 40 : 12
  let pointsPerBin = dimension == 1 ? 50 : 8
  let step = 6 / Double(binsPerAxis * pointsPerBin)
  let reach = Int(16 / step)
  func bin(_ coordinate: Double) -> Int? {
    let index = Int(((coordinate + 3) / 6 * Double(binsPerAxis)).rounded(.down))
    return (0..<binsPerAxis).contains(index) ? index : nil
  }
  func cell(_ point: [Double]) -> Int {
    let outside = dimension == 1 ? binsPerAxis : binsPerAxis * binsPerAxis
    var cell = 0
    for coordinate in point {
      guard let index = bin(coordinate) else { return outside }
      cell = cell * binsPerAxis + index
    }
    return cell
  }
  var masses = [Double](repeating: 0, count: (dimension == 1 ? binsPerAxis : binsPerAxis * binsPerAxis) + 1)
  for i in -reach..<reach {
    let x = (Double(i) + 0.5) * step
    if dimension == 1 {
      masses[cell([x])] += volume(metric, [x])
    } else {
      for j in -reach..<reach {
        let point = [x, (Double(j) + 0.5) * step]
        masses[cell(point)] += volume(metric, point)
      }
    }
  }
  let total = masses.reduce(0, +)
  var counts = [Int](repeating: 0, count: masses.count)
  for row in 0..<samples.rows { counts[cell(samples.row(row))] += 1 }
  return ChiSquared(counts: counts, probabilities: masses.map { $0 / total })
}

/// What is wrong with independent samples of a normal distribution: means, covariances and quantiles that lie more than
/// 4.5 Monte Carlo standard errors from their known values. Empty when nothing is.
func disagreements(of samples: Matrix, mean: [Double], covariance: Matrix) -> [String] {
  let count = Double(samples.rows)
  var found: [String] = []
  func compare(_ what: String, _ actual: Double, _ expected: Double, _ variance: Double) {
    let errors = (actual - expected) / (variance / count).squareRoot()
    if !(abs(errors) < 4.5) { found.append("\(what) is \(actual), not \(expected): \(errors) standard errors") }
  }
  for i in mean.indices {
    let deviation = covariance[i, i].squareRoot()
    let centred = (0..<samples.rows).map { samples[$0, i] - mean[i] }
    compare("mean \(i)", centred.reduce(0, +) / count, 0, covariance[i, i])
    for j in 0...i {
      let product = (0..<samples.rows).reduce(0.0) { $0 + centred[$1] * (samples[$1, j] - mean[j]) } / count
      let squared = covariance[i, j] * covariance[i, j]
      compare("covariance \(i) \(j)", product, covariance[i, j], covariance[i, i] * covariance[j, j] + squared)
    }
    for (quantile, probability) in [
      (-1.6448536, 0.05), (-0.6744898, 0.25), (0, 0.5), (0.6744898, 0.75), (1.6448536, 0.95),
    ] {
      let below = Double(centred.filter { $0 < quantile * deviation }.count) / count
      compare("share of \(i) below its \(probability) quantile", below, probability, probability * (1 - probability))
    }
  }
  return found
}
