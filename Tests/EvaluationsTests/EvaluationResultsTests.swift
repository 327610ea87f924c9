import Classification
import Evaluations
import Foundation
import Testing

@Suite struct EvaluationResultsTests {
  /// Scores with these recalls in percent, of 100 images of each class; the rest is predicted as the next class.
  private static func scores(_ recalls: [Int]) -> Scores {
    let classes = recalls.count
    let actual = (0..<classes).flatMap { Array(repeating: $0, count: 100) }
    let predicted = recalls.enumerated().flatMap { label, recall in
      Array(repeating: label, count: recall) + Array(repeating: (label + 1) % classes, count: 100 - recall)
    }
    return Scores(actual: actual, predicted: predicted, classes: classes)
  }

  private static func results(
    _ runs: [String: [[Int]]], methods: [String], classes: [String] = ["AD", "CN"]
  ) -> EvaluationResults {
    var results = EvaluationResults(methods: methods, classes: classes)
    for (method, runs) in runs.sorted(by: { $0.key < $1.key }) {
      for (run, recalls) in runs.enumerated() { results.add(run: run, method: method, scores: scores(recalls)) }
    }
    return results
  }

  @Test func theTableOnDisk() {
    let results = Self.results(
      ["prior": [[100, 0]], "original": [[50, 100]]], methods: ["original", "prior"])
    #expect(
      results.csv == """
        split,run,method,class,metric,value
        1,1,original,,balanced_accuracy,0.75
        1,1,original,AD,f1,0.6666666666666666
        1,1,original,AD,precision,1.0
        1,1,original,AD,recall,0.5
        1,1,original,CN,f1,0.8
        1,1,original,CN,precision,0.6666666666666666
        1,1,original,CN,recall,1.0
        1,1,prior,,balanced_accuracy,0.5
        1,1,prior,AD,f1,0.6666666666666666
        1,1,prior,AD,precision,0.5
        1,1,prior,AD,recall,1.0
        1,1,prior,CN,f1,0.0
        1,1,prior,CN,precision,NA
        1,1,prior,CN,recall,0.0

        """)
  }

  /// Expected: 0.5, 0.6 and 0.9 have the mean 2/3 and the sample variance 13/300.
  @Test func deviationsAreThoseOfASample() {
    let results = Self.results(["prior": [[50, 50], [60, 60], [90, 90]]], methods: ["prior"])
    let summary = results.summary(method: "prior", metric: EvaluationResults.balancedAccuracy)
    #expect(abs(summary.mean! - 2.0 / 3) < 1e-15)
    #expect(abs(summary.standardDeviation! - (13.0 / 300).squareRoot()) < 1e-15)
    #expect(summary.defined == 3 && summary.runs == 3)
  }

  @Test func undefinedValuesAreLeftOutOfTheMean() {
    let results = Self.results(["prior": [[100, 0], [100, 50]]], methods: ["prior"])
    let summary = results.summary(method: "prior", className: "CN", metric: "precision")
    #expect(summary.mean == 1 && summary.standardDeviation == nil && summary.defined == 1 && summary.runs == 2)
    let none = results.summary(method: "magic", metric: "f1")
    #expect(none.mean == nil && none.runs == 0)
  }

  @Test func aRunScoredAgainReplacesItself() {
    var results = Self.results(["prior": [[50, 50]]], methods: ["prior"])
    results.add(run: 0, method: "prior", scores: Self.scores([90, 90]))
    #expect(results.values(method: "prior", className: nil, metric: "balanced_accuracy") == [0.9])
  }
}
