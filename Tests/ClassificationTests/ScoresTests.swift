import Classification
import Testing

@Suite struct ScoresTests {
  /// Precision, recall and F1 of a class.
  private static func figures(_ scores: Scores, _ index: Int) -> [Double?] {
    let figures = scores.perClass[index]
    return [figures.precision, figures.recall, figures.f1]
  }

  /// Actual classes down, predicted across: 5 2 / 1 2.
  @Test func twoClassesByHand() {
    let scores = Scores(
      actual: [0, 0, 0, 0, 0, 0, 0, 1, 1, 1], predicted: [0, 0, 1, 0, 0, 1, 0, 0, 1, 1], classes: 2)
    #expect(scores.confusion == [[5, 2], [1, 2]])
    let first: [Double?] = [5.0 / 6, 5.0 / 7, 10.0 / 13]
    #expect(Self.figures(scores, 0) == first)
    let second: [Double?] = [2.0 / 4, 2.0 / 3, 4.0 / 7]
    #expect(Self.figures(scores, 1) == second)
    #expect(abs(scores.balancedAccuracy! - 29.0 / 42) < 1e-15)
  }

  /// Actual classes down, predicted across: 2 1 0 / 0 3 1 / 1 1 3.
  @Test func threeClassesByHand() {
    let scores = Scores(
      actual: [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2], predicted: [0, 0, 1, 1, 1, 1, 2, 0, 1, 2, 2, 2], classes: 3)
    #expect(scores.confusion == [[2, 1, 0], [0, 3, 1], [1, 1, 3]])
    let expected: [[Double?]] = [
      [2.0 / 3, 2.0 / 3, 4.0 / 6], [3.0 / 5, 3.0 / 4, 6.0 / 9], [3.0 / 4, 3.0 / 5, 6.0 / 9],
    ]
    for index in 0..<3 { #expect(Self.figures(scores, index) == expected[index]) }
    let recall: Double = (2.0 / 3 + 3.0 / 4 + 3.0 / 5) / 3
    #expect(abs(scores.balancedAccuracy! - recall) < 1e-15)
  }

  @Test func aPrecisionOfNothingIsUndefinedAndNotZero() {
    let scores = Scores(actual: [0, 0, 1, 1], predicted: [0, 0, 0, 0], classes: 2)
    let first: [Double?] = [0.5, 1, 4.0 / 6]
    #expect(Self.figures(scores, 0) == first)
    #expect(scores.perClass[1].precision == nil)
    #expect(scores.perClass[1].recall == 0)
    #expect(scores.perClass[1].f1 == 0)
    #expect(scores.balancedAccuracy == 0.5)
  }

  /// A class that never occurs has no recall and does not lower the balanced accuracy of the others.
  @Test func anAbsentClassIsLeftOut() {
    let scores = Scores(actual: [0, 0, 1], predicted: [0, 1, 1], classes: 3)
    let third: [Double?] = [nil, nil, nil]
    #expect(Self.figures(scores, 2) == third)
    #expect(scores.balancedAccuracy == 0.75)
    let guessed = Scores(actual: [0, 0, 1], predicted: [0, 2, 1], classes: 3)
    #expect(Self.figures(guessed, 2) == [0, nil, 0])
    #expect(guessed.balancedAccuracy == 0.75)
  }

  @Test func noImagesHaveNoBalancedAccuracy() {
    let scores = Scores(actual: [], predicted: [], classes: 2)
    #expect(scores.confusion == [[0, 0], [0, 0]])
    #expect(scores.balancedAccuracy == nil)
  }

  @Test func imbalanceDoesNotFlatter() {
    let scores = Scores(
      actual: Array(repeating: 0, count: 90) + Array(repeating: 1, count: 10),
      predicted: Array(repeating: 0, count: 100), classes: 2)
    #expect(scores.balancedAccuracy == 0.5)
  }
}
