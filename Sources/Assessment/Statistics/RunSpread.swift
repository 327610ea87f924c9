import Synchronization

/// How far the mean of a figure over its runs could lie elsewhere with other random starts.
///
/// The runs of a split spread about their mean with one variance, pooled over the splits; the mean of N runs of S splits has
/// the standard error sqrt(variance / N), known with N - S degrees of freedom.
///
/// Source: Welch, "The generalization of Student's problem when several different population variances are involved",
/// Biometrika 34, 1947, for two methods whose runs do not belong together.
package struct RunSpread: Sendable, Equatable {
  package struct Key: Hashable, Sendable {
    package let split: Int
    package let run: Int

    package init(split: Int, run: Int) { (self.split, self.run) = (split, run) }
  }

  /// 0 where no split has two runs: then nothing shows how others would differ.
  package let standardError: Double
  /// Of Student's t; 0 where there is no spread.
  package let degreesOfFreedom: Int

  private init(standardError: Double, degreesOfFreedom: Int) {
    (self.standardError, self.degreesOfFreedom) = (standardError, degreesOfFreedom)
  }

  /// - Parameter figures: of every run.
  package init(_ figures: [Key: Double]) {
    let splits = Dictionary(grouping: figures, by: \.key.split).sorted { $0.key < $1.key }
      .map { $0.value.sorted { $0.key.run < $1.key.run }.map(\.value) }
    let degrees = figures.count - splits.count
    let squares = splits.reduce(0.0) { sum, values in
      let mean = values.reduce(0, +) / Double(values.count)
      return sum + values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    guard degrees > 0, squares > 0 else {
      self.init(standardError: 0, degreesOfFreedom: 0)
      return
    }
    self.init(
      standardError: (squares / Double(degrees) / Double(figures.count)).squareRoot(), degreesOfFreedom: degrees)
  }

  /// Of the difference of two means whose runs are independent; Welch's degrees of freedom, rounded down.
  package func beside(_ other: RunSpread) -> RunSpread {
    let parts = [self, other].filter { $0.standardError > 0 }
    guard parts.count > 1 else { return parts.first ?? self }
    let variances = parts.map { $0.standardError * $0.standardError }
    let sum = variances.reduce(0, +)
    let degrees = zip(variances, parts).reduce(0.0) { $0 + $1.0 * $1.0 / Double($1.1.degreesOfFreedom) }
    return RunSpread(standardError: sum.squareRoot(), degreesOfFreedom: Int(sum * sum / degrees))
  }
}

/// Quantiles of Student's t at evenly spaced probabilities, found once for each number of degrees of freedom.
package final class StudentQuantiles: Sendable {
  private let count: Int
  private let known = Mutex<[Int: [Double]]>([:])

  package init(count: Int) { self.count = count }

  /// At (i + 1/2) / count for i from 0, ascending.
  package func values(degreesOfFreedom: Int) -> [Double] {
    known.withLock { known in
      if let values = known[degreesOfFreedom] { return values }
      let distribution = StudentDistribution(degreesOfFreedom: Double(degreesOfFreedom))
      let upper = (count / 2..<count).map { distribution.quantile((Double($0) + 0.5) / Double(count)) }
      let values = upper.suffix(count / 2).reversed().map { -$0 } + upper
      known[degreesOfFreedom] = values
      return values
    }
  }
}
