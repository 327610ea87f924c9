/// One method against a baseline in one figure, paired by split.
public struct Comparison: Codable, Sendable, Equatable {
  public let method: String
  public let baseline: String
  /// The figure in words, such as "balanced accuracy".
  public let figure: String
  /// Splits in which both methods define the figure.
  public let splits: Int
  /// Splits in which one of them does not.
  public let undefinedSplits: Int
  /// The mean difference over splits; nil when no split defines it.
  public let meanDifference: Double?
  /// The test over splits; nil for fewer than two.
  public let test: CorrectedResampledTest?
  /// For one split: the interval of the difference over its test subjects and runs.
  public let subjectInterval: Interval?
  /// For one split with several runs: the p-value over its test subjects and runs.
  public let subjectPValue: Double?
  /// Trainings of each method on each split.
  public let runs: Int
  /// Subjects in the test set.
  public let testSubjects: Int
  /// The p-value after Holm's correction over `comparisons` comparisons.
  public internal(set) var adjustedPValue: Double?
  /// How many methods were compared with the baseline.
  public internal(set) var comparisons: Int

  /// Compares the figures of two methods; the p-value counts as the only one until `corrected(_:beside:)` has seen the
  /// others.
  ///
  /// - Parameters:
  ///   - method: the name of the method that is judged.
  ///   - baseline: the name of the method that it is compared with.
  ///   - figure: what was measured, in words, such as "balanced accuracy".
  ///   - differences: method minus baseline, as fractions, one for each split; nil where not defined.
  ///   - trainSubjects: in a training set, on average.
  ///   - testSubjects: in a test set, on average.
  ///   - subjectInterval: from `SubjectBootstrap.difference`, used when there is one split.
  ///   - subjectPValue: from there, too, used when that split has several runs.
  ///   - runs: trainings of each method on each split.
  public init(
    method: String, baseline: String, figure: String, differences: [Double?], trainSubjects: Double,
    testSubjects: Double, subjectInterval: Interval? = nil, subjectPValue: Double? = nil, runs: Int = 1
  ) {
    self.method = method
    self.baseline = baseline
    self.figure = figure
    let known = differences.compactMap { $0 }
    splits = known.count
    undefinedSplits = differences.count - known.count
    meanDifference = SampleMoments(differences).mean
    test = CorrectedResampledTest(differences: known, trainCount: trainSubjects, testCount: testSubjects)
    self.subjectInterval = known.count == 1 ? subjectInterval : nil
    self.subjectPValue = known.count == 1 && runs > 1 ? subjectPValue : nil
    self.testSubjects = Int(testSubjects.rounded())
    self.runs = runs
    comparisons = 1
    adjustedPValue = pValue
  }

  /// Over splits where there are several, else over test subjects and runs; nil where nothing shows how other runs would
  /// differ.
  public var pValue: Double? { test == nil ? subjectPValue : test?.pValue }

  /// The interval of the difference: over splits where there are several, else over test subjects and runs.
  public var interval: Interval? { test == nil ? subjectInterval : test?.interval }

  /// Whether the splits are so few that their interval goes beyond what a difference can be.
  public var hasTooFewSplits: Bool { test.map { $0.interval == nil } ?? false }

  /// Whether there is one training of each method on one split, so that nothing shows how others would differ.
  public var isOneRepeat: Bool { splits == 1 && runs < 2 }

  /// The least true difference that is found with 80 % power: over splits as the test says, on one split from the width
  /// of the interval, as if its ends were those of a normal distribution. Nil for one repeat, which finds none.
  public var detectableDifference: Double? {
    guard !isOneRepeat else { return nil }
    if let test { return test.detectableDifference }
    return subjectInterval.map {
      ($0.upper - $0.lower) / 2
        * (1 + NormalDistribution.quantile(0.8) / NormalDistribution.quantile(0.975))
    }
  }

  /// The differences by split between the runs of two methods: runs of a split are averaged first, since they share its
  /// subjects; nil where either method has no defined run. A gain is positive, for a figure of which less is better too.
  public static func differences(
    _ metric: ClassificationMetric, of runs: [RunPredictions], over baseline: [RunPredictions], classes: Int
  ) -> [Double?] {
    func bySplit(_ runs: [RunPredictions]) -> [Int: Double?] {
      Dictionary(grouping: runs, by: \.split).mapValues { runs in
        SampleMoments(
          runs.map { run in
            metric.value(of: run, classes: classes)
          }
        ).mean
      }
    }
    let (own, other) = (bySplit(runs), bySplit(baseline))
    return Set(own.keys).union(other.keys).sorted().map { split in
      guard let first = own[split] ?? nil, let second = other[split] ?? nil else { return nil }
      return metric.isError ? second - first : first - second
    }
  }

  /// The comparisons with their p-values corrected for their number.
  ///
  /// - Parameters:
  ///   - comparisons: all that belong to one question; those without a p-value are not counted.
  ///   - further: p-values of other comparisons that were looked at, which count too.
  /// - Returns: the same comparisons in the same order, with adjusted p-values.
  public static func corrected(_ comparisons: [Comparison], beside further: [Double] = []) -> [Comparison] {
    let tested = comparisons.indices.filter { comparisons[$0].pValue != nil }
    let adjusted = HolmCorrection.adjusted(tested.map { comparisons[$0].pValue! } + further)
    var result = comparisons
    for (index, value) in zip(tested, adjusted) { result[index].adjustedPValue = value }
    for index in result.indices { result[index].comparisons = max(1, tested.count + further.count) }
    return result
  }
}
