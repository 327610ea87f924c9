import Assessment
import Randomness
import Testing

@Suite struct RankedPredictionsTests {
  /// Three classes with ties in every column.
  private static let actual = [0, 0, 1, 1, 2, 2, 0, 1]
  private static let probabilities: [Float] = [
    0.7, 0.2, 0.1, 0.2, 0.5, 0.3, 0.2, 0.5, 0.3, 0.3, 0.3, 0.4, 0.1, 0.1, 0.8, 0.4, 0.4, 0.2, 0.5, 0.25, 0.25, 0.1, 0.8,
    0.1,
  ]

  private static func run(_ actual: [Int], _ probabilities: [Float]) -> RunPredictions {
    RunPredictions(
      subjects: actual.indices.map { "s\($0)" }, actual: actual, predicted: actual, probabilities: probabilities)
  }

  /// scikit-learn 1.7.2: roc_auc_score(multi_class="ovr"), the mean of average_precision_score over classes, and the mean
  /// squared distance; the same with sample weights.
  @Test func meetsScikitLearn() throws {
    let ranked = try #require(RankedPredictions(Self.run(Self.actual, Self.probabilities), classes: 3))
    #expect(isClose(try #require(ranked.rocArea()), 0.7777777777777777))
    #expect(isClose(try #require(ranked.averagePrecision()), 0.7518518518518519))
    #expect(isClose(try #require(ranked.brierScore()), 0.461875, 1e-7))
    let weights = [2, 0, 1, 3, 1, 1, 1, 2]
    #expect(isClose(try #require(ranked.rocArea(weights)), 0.8740740740740741))
    #expect(isClose(try #require(ranked.averagePrecision(weights)), 0.8571428571428571))
    #expect(isClose(try #require(ranked.brierScore(weights)), 0.3995454545454545, 1e-7))
  }

  /// The area is the share of pairs that stand in the right order, ties counting half; strict comparisons alone miss ties.
  @Test func areaIsTheShareOfPairs() throws {
    var random = RandomStream(seed: 3, purpose: "test")
    let actual = (0..<60).map { _ in random.uniform() < 0.3 ? 1 : 0 }
    let scores = actual.map { label in Float(((random.uniform() + 0.3 * Double(label)) * 8).rounded() / 16) }
    let run = Self.run(actual, scores.flatMap { [1 - $0, $0] })
    var (right, strict, pairs) = (0.0, 0.0, 0.0)
    for own in actual.indices where actual[own] == 1 {
      for other in actual.indices where actual[other] == 0 {
        pairs += 1
        right += scores[own] > scores[other] ? 1 : scores[own] == scores[other] ? 0.5 : 0
        strict += scores[own] > scores[other] ? 1 : 0
      }
    }
    let area = try #require(RankedPredictions(run, classes: 2)?.rocArea())
    #expect(isClose(area, right / pairs))
    #expect(abs(area - strict / pairs) > 0.01)
  }

  @Test func whatIsNotDefinedIsNil() throws {
    let one = try #require(RankedPredictions(Self.run([1, 1], [0.2, 0.8, 0.4, 0.6]), classes: 2))
    #expect(one.rocArea() == nil && one.averagePrecision() == 1 && one.brierScore() != nil)
    let two = try #require(RankedPredictions(Self.run([0, 1], [0.9, 0.1, 0.2, 0.8]), classes: 2))
    #expect(two.rocArea() == 1 && two.rocArea([0, 2]) == nil && two.brierScore([0, 0]) == nil)
    #expect(RankedPredictions(Self.run([0, 1], []), classes: 2) == nil)
    #expect(RankedPredictions(Self.run([0, 1], [.nan, 1, 0, 1]), classes: 2) == nil)
  }

  /// A weight is worth as many copies, and a bootstrap of the area covers what it estimates.
  @Test func bootstrapWeighsSubjects() throws {
    let run = Self.run(Self.actual, Self.probabilities)
    let weights = [2, 0, 1, 3, 1, 1, 1, 2]
    let copied = Self.actual.indices.flatMap { Array(repeating: $0, count: weights[$0]) }
    let copies = Self.run(
      copied.map { Self.actual[$0] }, copied.flatMap { Array(Self.probabilities[(3 * $0)..<(3 * $0 + 3)]) })
    for metric in ClassificationMetric.withoutThreshold {
      let ranked = try #require(RankedPredictions(run, classes: 3))
      let weighted =
        switch metric {
        case .rocArea: ranked.rocArea(weights)
        case .averagePrecision: ranked.averagePrecision(weights)
        default: ranked.brierScore(weights)
        }
      #expect(isClose(try #require(weighted), try #require(metric.value(of: copies, classes: 3))))
      let bootstrap = SubjectBootstrap([run], classes: 3, draws: 200, stream: RandomStream(seed: 1, purpose: "test"))
      let estimate = bootstrap.estimate(metric, of: [run])
      #expect(try #require(estimate.interval).contains(try #require(estimate.value)))
    }
  }

  /// A smaller Brier score is a gain.
  @Test func gainsArePositiveForTheBetter() throws {
    let good = Self.run([0, 1], [0.9, 0.1, 0.1, 0.9])
    let poor = Self.run([0, 1], [0.6, 0.4, 0.4, 0.6])
    let gains = Comparison.differences(.brierScore, of: [good], over: [poor], classes: 2)
    #expect(isClose(try #require(gains[0]), 0.3, 1e-6))
    let areas = Comparison.differences(.rocArea, of: [good], over: [poor], classes: 2)
    #expect(areas == [0])
  }
}
