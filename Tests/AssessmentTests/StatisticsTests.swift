import Assessment
import Randomness
import Testing

@Suite struct StatisticsTests {
  /// Values of scipy 1.17.
  @Test(arguments: [
    (1e-12, -7.034483825301131), (0.025, -1.9599639845400545), (0.3, -0.5244005127080409), (0.5, 0),
    (0.8, 0.8416212335729143), (0.999999, 4.753424308817087),
  ])
  func normalQuantiles(probability: Double, expected: Double) {
    #expect(isClose(NormalDistribution.quantile(probability), expected))
  }

  @Test(arguments: [
    (1, 0.001, -318.30883898555044), (1, 0.9995, 636.6192487687897), (2, 0.3, -0.6172133998483678),
    (3.5, 0.975, 2.9400886379827282), (4, 0.8, 0.9409645772351816), (19, 0.975, 2.0930240544083087),
    (99, 0.001, -3.1746038497557527),
  ])
  func studentQuantiles(degrees: Double, probability: Double, expected: Double) {
    #expect(isClose(StudentDistribution(degreesOfFreedom: degrees).quantile(probability), expected))
  }

  @Test(arguments: [
    (1, 2.1, 0.858536971878491), (2, -12, 0.00343646683857923), (3.5, 0.01, 0.5037176437740379),
    (19, -1.3, 0.10457575014866397), (99, 2.1, 0.9808645743437143),
  ])
  func studentCumulative(degrees: Double, t: Double, expected: Double) {
    #expect(isClose(StudentDistribution(degreesOfFreedom: degrees).cumulative(t), expected))
  }

  @Test func normalCumulativeAndPercentiles() {
    #expect(isClose(NormalDistribution.cumulative(-8) / 6.22096057427174e-16, 1))
    let sorted = congruential(seed: 9, count: 11).sorted()
    #expect(isClose(SampleMoments.percentile(0.4, of: sorted), 0.22305922070518136))
    #expect(SampleMoments([nil, 2, 4]) == SampleMoments([2, 4]) && SampleMoments([3]).standardDeviation == nil)
  }

  private static let differences = [0.02, 0.05, -0.01, 0.03, 0.06, 0.01, 0.04, 0.00, 0.02, 0.05]

  @Test func correctedTest() throws {
    let test = try #require(CorrectedResampledTest(differences: Self.differences, trainCount: 80, testCount: 20))
    #expect(isClose(test.standardError, 0.013676825492619095) && isClose(test.t, 1.9741423193979446))
    #expect(isClose(test.pValue, 0.07980847994375742))
    #expect(isClose(try #require(test.interval).lower, -0.003939128752469375))
    #expect(isClose(try #require(test.detectableDifference), 0.043021289180894595))
    #expect(CorrectedResampledTest(differences: [0.1], trainCount: 80, testCount: 20) == nil)
  }

  /// Two splits that come out alike by chance are no proof: gains of two methods that are equally good are called different
  /// in about 5 % of experiments however few test subjects there are. Without the floor, ties make it 10 %.
  @Test(arguments: [(2, 5), (2, 30), (3, 5), (5, 10)]) func tiesProveNothing(splits: Int, subjects: Int) throws {
    var random = RandomStream(seed: 5, purpose: "ties")
    func accuracy() -> Double {
      Double((0..<2 * subjects).count { _ in Double.random(in: 0..<1, using: &random) < 0.8 }) / Double(2 * subjects)
    }
    let experiments = 4000
    var (found, withoutFloor) = (0, 0)
    for _ in 0..<experiments {
      let differences = (0..<splits).map { _ in accuracy() - accuracy() }
      // Test sets so small beside training sets that splits are all but independent.
      let count = Double(2 * subjects)
      let test = try #require(
        CorrectedResampledTest(differences: differences, trainCount: count * 1e6, testCount: count))
      found += test.pValue < 0.05 ? 1 : 0
      let spread = try #require(SampleMoments(differences).standardDeviation)
      let t = test.mean / (spread / Double(splits).squareRoot())
      withoutFloor += StudentDistribution(degreesOfFreedom: Double(splits - 1)).twoSided(t) < 0.05 ? 1 : 0
    }
    // Three standard errors above 5 %.
    #expect(Double(found) / Double(experiments) < 0.06)
    if splits == 2, subjects == 5 { #expect(Double(withoutFloor) / Double(experiments) > 0.09) }
  }

  /// Equal but for rounding, as 0.7 - 0.63 and 0.67 - 0.6 are, and exactly equal.
  @Test(arguments: [[0.7 - 0.63, 0.67 - 0.6], [0.07, 0.07]]) func equalGainsHaveAnInterval(gains: [Double]) throws {
    let test = try #require(CorrectedResampledTest(differences: gains, trainCount: 80, testCount: 20))
    #expect(isClose(test.standardError, 0.0125) && isClose(test.t, 5.6) && isClose(test.pValue, 0.1124963517266423))
    #expect(comparison(gains).verdict == .noEvidence)
    #expect(comparison([0, 0]).pValue == 1)
    // Half of the subjects more in each of five splits is no tie by chance.
    #expect(comparison([Double](repeating: 0.5, count: 5)).verdict == .gain)
  }

  @Test func holm() {
    let adjusted = HolmCorrection.adjusted([0.01, 0.04, 0.03, 0.5])
    #expect(zip(adjusted, [0.04, 0.09, 0.09, 0.5]).allSatisfy { isClose($0, $1) })
  }

  private func comparison(
    _ differences: [Double?], interval: Interval? = nil, pValue: Double = 0.01, runs: Int = 2
  ) -> Comparison {
    Comparison(
      method: "manifold", baseline: "original-resampled", figure: "balanced accuracy", differences: differences,
      trainSubjects: 80, testSubjects: 20, subjectInterval: interval, subjectPValue: interval == nil ? nil : pValue,
      runs: runs)
  }

  @Test func amounts() {
    #expect(
      comparison(Self.differences).amount
        == "2.7 points more than original-resampled (95 % interval -0.4 to 5.8, p = 0.08)")
    let better = comparison(Self.differences.map { $0 + 0.02 })
    #expect(better.verdict == .gain)
    #expect(better.amount == "4.7 points more than original-resampled (95 % interval 1.6 to 7.8, p = 0.0074)")
    let worse = comparison(Self.differences.map { -$0 - 0.02 } + [nil])
    #expect(worse.amount == "4.7 points less than original-resampled (95 % interval 1.6 to 7.8, p = 0.0074)")
    let single = comparison([0.03], interval: Interval(lower: 0.01, upper: 0.05))
    #expect(single.amount == "3.0 points more than original-resampled (95 % interval 1.0 to 5.0, p = 0.01)")
    #expect(better.clause == "gains 4.7 points, 95 % interval 1.6 to 7.8, p = 0.0074")
    #expect(worse.clause == "loses 4.7 points, 95 % interval 1.6 to 7.8, p = 0.0074")
    #expect(comparison(Self.differences).clause.hasPrefix("shows no difference beyond chance: 2.7 points above, 95 %"))
    #expect(comparison([0, 0.0001]).clause == "comes to the same" && comparison([nil]).clause == "cannot be compared")
    #expect(comparison([0.03]).verdict == .noEvidence)
    #expect(comparison([nil, nil]).verdict == .undefined)
    #expect(comparison([nil, nil]).amount == "not comparable with original-resampled")
    #expect(Comparison.corrected([better, better, better])[0].comparisons == 3)
    #expect(Comparison.corrected([better, comparison([0.1])])[0].adjustedPValue == better.test?.pValue)
  }

  /// Two splits 20 points apart give an interval of more than 100 points either way, which no difference can be.
  @Test func anIntervalThatCannotBeIsNone() throws {
    let few = comparison([-0.1, 0.1])
    #expect(few.interval == nil && few.hasTooFewSplits && few.verdict == .tooFewSplits)
    #expect(few.detectableDifference == nil && few.test?.pValue != nil)
    #expect(few.amount == "as much as original-resampled (too few splits to say)")
    let more = comparison([-0.1, 0.1, 0.0, 0.05])
    #expect(!more.hasTooFewSplits && more.verdict == .noEvidence)
    #expect(try #require(more.interval).contains(0.0125))
  }

  /// What else was looked at counts: 0.02 alone is a gain, beside two more comparisons it is not.
  @Test func furtherComparisonsCount() {
    let own = comparison([0.03], interval: Interval(lower: 0.01, upper: 0.05), pValue: 0.02)
    #expect(Comparison.corrected([own])[0].verdict == .gain)
    let corrected = Comparison.corrected([own], beside: [0.5, 0.6])[0]
    #expect(isClose(corrected.adjustedPValue!, 0.06) && corrected.comparisons == 3 && corrected.verdict == .noEvidence)
  }

  /// A gain on one split that is found among several methods tried has to be clear enough for all of them.
  @Test func oneSplitIsCorrectedForWhatWasTried() {
    let interval = Interval(lower: 0.01, upper: 0.05)
    let tried = [0.03, 0.02, 0.6].map { comparison([0.03], interval: interval, pValue: $0) }
    #expect(tried[0].verdict == .gain)
    let corrected = Comparison.corrected(tried)
    #expect(zip(corrected, [0.06, 0.06, 0.6]).allSatisfy { isClose($0.adjustedPValue!, $1) })
    #expect(corrected[0].verdict == .noEvidence && corrected[0].comparisons == 3)
    #expect(comparison([0.03], interval: interval, runs: 1).pValue == nil)
    #expect(comparison([0.03, 0.01], interval: interval).subjectPValue == nil)
  }

  /// An interval over the test subjects of one training says nothing of another training, however narrow it is.
  @Test func oneRepeatClaimsNothing() {
    for difference in [0.03, -0.03] {
      let interval = Interval(lower: difference - 0.01, upper: difference + 0.01)
      let one = comparison([difference], interval: interval, runs: 1)
      #expect(one.verdict == .tooFewRepeats && one.detectableDifference == nil)
      #expect(one.amount.hasSuffix("(one repeat, which proves nothing)"))
      #expect(one.clause.hasSuffix("in one repeat, which proves nothing"))
      #expect(comparison([difference], interval: interval).verdict == (difference > 0 ? .gain : .loss))
      #expect(comparison([difference, difference + 0.001], runs: 1).verdict != .tooFewRepeats)
    }
    #expect(comparison([0], runs: 1).clause == "comes to the same")
  }

  /// Two runs on one test set, one always right and one always wrong: subjects alone leave no spread, and the mean of the
  /// two has a standard error of 0.5, known with one degree of freedom.
  @Test func bootstrapOverRuns() throws {
    let actual = [0, 0, 1, 1]
    let subjects = ["a", "b", "c", "d"]
    let right = RunPredictions(run: 0, subjects: subjects, actual: actual, predicted: actual)
    let wrong = RunPredictions(run: 1, subjects: subjects, actual: actual, predicted: actual.map { 1 - $0 })
    let bootstrap = SubjectBootstrap([right, wrong], classes: 2, stream: RandomStream(seed: 1, purpose: "test"))
    let wide = bootstrap.estimate(.balancedAccuracy, of: [right, wrong])
    #expect(wide.value == 0.5 && wide.interval == Interval(lower: 0, upper: 1))
    let half = bootstrap.estimate(.balancedAccuracy, of: [right, wrong], confidence: 0.4)
    // Of Cauchy's distribution 40 % lie within tan(0.2 pi).
    let reach = 0.5 * 0.726543
    let interval = try #require(half.interval)
    #expect(abs(interval.lower - 0.5 + reach) < 2e-3 && abs(interval.upper - 0.5 - reach) < 2e-3)
    // Paired by run.
    let same = bootstrap.difference(.balancedAccuracy, of: [right, wrong], over: [right, wrong])
    #expect(same.estimate.interval == Interval(lower: 0, upper: 0) && same.pValue == 1)
  }

  /// The p-value of a paired difference is McNemar's, near enough: 100 subjects on whom two methods differ, of whom one is
  /// right on 62; without a difference it is uniform.
  @Test func pValueOverSubjects() throws {
    let names = (0..<400).map { "s\($0)" }
    let actual = names.indices.map { $0 % 2 }
    func run(wrong: Set<Int>) -> RunPredictions {
      RunPredictions(
        subjects: names, actual: actual,
        predicted: actual.indices.map { wrong.contains($0) ? 1 - actual[$0] : actual[$0] })
    }
    let (first, second) = (run(wrong: Set(0..<38)), run(wrong: Set(38..<100)))
    let bootstrap = SubjectBootstrap([first], classes: 2, draws: 20_000, stream: RandomStream(seed: 4, purpose: "test"))
    let better = try #require(bootstrap.difference(.balancedAccuracy, of: [first], over: [second]).pValue)
    // z = (62 - 38) / sqrt(100 - 24^2 / 400) = 2.418: twice its tail is 0.0156.
    #expect(abs(better - 0.0156) < 0.004)
    #expect(abs(bootstrap.difference(.balancedAccuracy, of: [second], over: [first]).pValue! - better) < 0.004)
    #expect(bootstrap.difference(.balancedAccuracy, of: [run(wrong: [])], over: [second]).pValue! < 0.001)
    var random = RandomStream(seed: 5, purpose: "test")
    let small = SubjectBootstrap([first], classes: 2, draws: 400, stream: RandomStream(seed: 6, purpose: "test"))
    let chance = (0..<200).map { _ in
      var differ = random.permutation(400).prefix(120)[...]
      let wrong = Set(differ.filter { _ in random.uniform() < 0.5 })
      differ.removeAll { wrong.contains($0) }
      return small.difference(.balancedAccuracy, of: [run(wrong: wrong)], over: [run(wrong: Set(differ))]).pValue!
    }
    #expect((3...20).contains(chance.count { $0 < 0.05 }))
  }

  /// 40 subjects of each class, 80 % and 60 % right: the interval has the binomial standard error.
  @Test func bootstrapOverSubjects() throws {
    let actual = [Int](repeating: 0, count: 40) + [Int](repeating: 1, count: 40)
    let predicted = (0..<80).map { $0 < 40 ? ($0 < 32 ? 0 : 1) : ($0 < 64 ? 1 : 0) }
    let run = RunPredictions(subjects: (0..<80).map { "s\($0)" }, actual: actual, predicted: predicted)
    let bootstrap = SubjectBootstrap([run], classes: 2, stream: RandomStream(seed: 1, purpose: "test"))
    let estimate = bootstrap.estimate(.balancedAccuracy, of: [run, run])
    #expect(isClose(estimate.value!, 0.7))
    let interval = try #require(estimate.interval)
    let standardError = ((0.8 * 0.2 + 0.6 * 0.4) / 40 / 4).squareRoot()
    #expect(abs((interval.upper - interval.lower) / (2 * 1.96 * standardError) - 1) < 0.1)
    #expect(interval.contains(0.7))
    let same = bootstrap.difference(.recall(1), of: [run], over: [run])
    #expect(same.estimate.interval == Interval(lower: 0, upper: 0))
    let never = RunPredictions(subjects: run.subjects, actual: actual, predicted: actual.map { _ in 0 })
    let undefined = bootstrap.estimate(.precision(1), of: [never])
    #expect(undefined.value == nil && undefined.interval == nil && undefined.undefinedDraws == 2000)
    #expect(
      Comparison.differences(.balancedAccuracy, of: [run], over: [never], classes: 2).map { isClose($0!, 0.2) } == [
        true
      ])
  }
}
