/// Whether one method beats another over repeated random splits: the corrected resampled t-test.
///
/// Training sets of random splits overlap, so the differences of J splits are not independent and the ordinary paired
/// t-test finds differences that are not there. The correction replaces the variance of the mean, s^2 / J, by
/// s^2 (1 / J + n_test / n_train); degrees of freedom are J - 1. More splits make the test no sharper than n_test / n_train
/// allows.
///
/// The test divides by the spread of the differences, and figures are counted in test subjects: two splits can come out
/// alike by chance, which would make any mean certain. So s is not less than the error of rounding to a whole test subject,
/// 1 / (n_test sqrt(12)).
///
/// Source: Nadeau and Bengio, "Inference for the Generalization Error", Machine Learning 52, 2003, section 4.
public struct CorrectedResampledTest: Codable, Sendable, Equatable {
  /// The number of splits, J.
  public let splits: Int
  /// The mean difference.
  public let mean: Double
  /// s: the standard deviation of the differences over splits, or the error of rounding where that is more.
  public let standardDeviation: Double
  /// s sqrt(1 / J + n_test / n_train).
  public let standardError: Double
  public let t: Double
  /// Two-sided.
  public let pValue: Double
  /// Nil where it goes beyond what a difference of fractions can be, -1 to 1: too few splits to say.
  public let interval: Interval?
  /// The least true difference that this experiment finds with 80 % power at the level of the interval:
  /// (t quantile at 0.975 + t quantile at 0.8) times the standard error, in the same unit as the differences.
  /// Nil where that is more than 1.
  public let detectableDifference: Double?

  /// Tests whether the mean difference is 0; nil for fewer than two splits.
  ///
  /// - Parameters:
  ///   - differences: one for each split: the mean over the runs of that split, as a fraction.
  ///   - trainCount: subjects in a training set, more than 0.
  ///   - testCount: subjects in a test set, more than 0.
  ///   - confidence: of the interval, between 0 and 1.
  public init?(differences: [Double], trainCount: Double, testCount: Double, confidence: Double = 0.95) {
    precondition(trainCount > 0 && testCount > 0, "\(trainCount) training and \(testCount) test subjects")
    let moments = SampleMoments(differences)
    guard let mean = moments.mean, let deviation = moments.standardDeviation else { return nil }
    splits = differences.count
    self.mean = mean
    standardDeviation = max(deviation, 1 / (testCount * 12.0.squareRoot()))
    standardError = standardDeviation * (1 / Double(splits) + testCount / trainCount).squareRoot()
    let distribution = StudentDistribution(degreesOfFreedom: Double(splits - 1))
    let critical = distribution.quantile(0.5 + confidence / 2)
    t = mean / standardError
    pValue = distribution.twoSided(t)
    let reach = critical * standardError
    interval = abs(mean) + reach > 1 ? nil : Interval(lower: mean - reach, upper: mean + reach)
    let detectable = (critical + distribution.quantile(0.8)) * standardError
    detectableDifference = detectable > 1 ? nil : detectable
  }
}

/// Holm's correction for several comparisons.
///
/// Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979.
public enum HolmCorrection {
  /// Adjusted p-values in the order given: below 0.05 means significant with at most 5 % chance of any false finding.
  public static func adjusted(_ pValues: [Double]) -> [Double] {
    var result = pValues
    var greatest = 0.0
    for (rank, index) in pValues.indices.sorted(by: { (pValues[$0], $0) < (pValues[$1], $1) }).enumerated() {
      greatest = max(greatest, min(1, Double(pValues.count - rank) * pValues[index]))
      result[index] = greatest
    }
    return result
  }
}
