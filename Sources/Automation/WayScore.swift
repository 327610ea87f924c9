import Foundation

/// How good a way's predictions of held-out images are, and how much each subject had to do with it.
///
/// The score is the mean of balanced accuracy and of the area under the ROC curve (each class against the rest, the mean over
/// classes): the first is what counts in the end, the second says the same with less chance, where a class has few images.
///
/// The influences of images add up, so that the standard error of a difference between two ways on the same images is the
/// root of the sum over subjects of the squared difference of their influences.
///
/// Sources: for the area: DeLong, DeLong and Clarke-Pearson, Biometrics 44, 1988, whose variance for two classes this is; for
/// several classes: the same for each class against the rest.
package struct WayScore: Sendable, Equatable {
  package let balancedAccuracy: Double
  package let rocArea: Double
  /// By subject, how far the score lies from itself because of this one; the sum is 0.
  package let influences: [Int: Double]

  package var value: Double { (balancedAccuracy + rocArea) / 2 }

  /// Nil where a class has no image.
  package init?(_ heldOut: HeldOut, classes: Int) {
    let counts = heldOut.counts(classes)
    let total = heldOut.labels.count
    guard classes > 1, counts.allSatisfy({ $0 > 0 }) else { return nil }
    var influences = [Double](repeating: 0, count: total)
    // Balanced accuracy: the mean recall.
    let correct = heldOut.logarithms.indices.map { image -> Double in
      let row = heldOut.logarithms[image]
      let predicted = row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }
      return predicted == heldOut.labels[image] ? 1 : 0
    }
    var recalls = [Double](repeating: 0, count: classes)
    for image in correct.indices {
      recalls[heldOut.labels[image]] += correct[image] / Double(counts[heldOut.labels[image]])
    }
    for image in correct.indices {
      let label = heldOut.labels[image]
      influences[image] += 0.5 * (correct[image] - recalls[label]) / Double(counts[label] * classes)
    }
    var area = 0.0
    for label in 0..<classes {
      let (shares, own) = Self.shares(heldOut, label, count: counts[label])
      area += own / Double(classes)
      for image in shares.indices {
        let others = heldOut.labels[image] == label ? counts[label] : total - counts[label]
        influences[image] += 0.5 * (shares[image] - own) / Double(others * classes)
      }
    }
    balancedAccuracy = recalls.reduce(0, +) / Double(classes)
    rocArea = area
    // The usual divisor of a variance, n - 1: it counts where a class has few images.
    let corrections = counts.map { $0 > 1 ? (Double($0) / Double($0 - 1)).squareRoot() : 1 }
    for image in influences.indices { influences[image] *= corrections[heldOut.labels[image]] }
    var bySubject: [Int: Double] = [:]
    for image in influences.indices { bySubject[heldOut.subjects[image], default: 0] += influences[image] }
    self.influences = bySubject
  }

  init(balancedAccuracy: Double, rocArea: Double, influences: [Int: Double]) {
    (self.balancedAccuracy, self.rocArea, self.influences) = (balancedAccuracy, rocArea, influences)
  }

  /// The mean of several: of repeats on the same images, say.
  static func mean(_ scores: [WayScore]) -> WayScore? {
    guard !scores.isEmpty else { return nil }
    let count = Double(scores.count)
    var influences: [Int: Double] = [:]
    for score in scores {
      for (subject, value) in score.influences { influences[subject, default: 0] += value / count }
    }
    return WayScore(
      balancedAccuracy: scores.reduce(0) { $0 + $1.balancedAccuracy } / count,
      rocArea: scores.reduce(0) { $0 + $1.rocArea } / count, influences: influences)
  }

  /// Of this score less another one of the same images.
  package func standardError(ofDifferenceTo other: WayScore) -> Double {
    // In an order that does not depend on hashes, so that sums are rounded alike.
    let subjects = Set(influences.keys).union(other.influences.keys).sorted()
    let squares = subjects.reduce(0.0) { sum, subject in
      let difference = influences[subject, default: 0] - other.influences[subject, default: 0]
      return sum + difference * difference
    }
    return squares.squareRoot()
  }

  /// For each image the share of the others (of the class, or not) that it stands on the right side of by the probability of the
  /// class, ties counting half; and the area, their mean over the class.
  private static func shares(_ heldOut: HeldOut, _ label: Int, count: Int) -> (shares: [Double], area: Double) {
    let values = heldOut.logarithms.map { row in
      // The odds against the rest: the probability itself is rounded to 1 where it is large.
      let rest = row.indices.filter { $0 != label }.map { row[$0] }
      let largest = rest.max() ?? 0
      return row[label] - largest - log(rest.reduce(Float(0)) { $0 + exp($1 - largest) })
    }
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    let others = values.count - count
    var shares = [Double](repeating: 0, count: values.count)
    var (start, ownBelow, otherBelow) = (0, 0, 0)
    var sum = 0.0
    while start < order.count {
      var end = start
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      let tied = order[start..<end]
      let own = tied.count { heldOut.labels[$0] == label }
      let other = tied.count - own
      for image in tied {
        if heldOut.labels[image] == label {
          shares[image] = (Double(otherBelow) + Double(other) / 2) / Double(others)
          sum += shares[image]
        } else {
          shares[image] = (Double(count - ownBelow - own) + Double(own) / 2) / Double(count)
        }
      }
      ownBelow += own
      otherBelow += other
      start = end
    }
    return (shares, sum / Double(count))
  }
}
