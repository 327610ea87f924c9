import Classification
import Experiments
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
        run,method,class,metric,value
        0,original,,balanced_accuracy,0.75
        0,original,AD,f1,0.6666666666666666
        0,original,AD,precision,1.0
        0,original,AD,recall,0.5
        0,original,CN,f1,0.8
        0,original,CN,precision,0.6666666666666666
        0,original,CN,recall,1.0
        0,prior,,balanced_accuracy,0.5
        0,prior,AD,f1,0.6666666666666666
        0,prior,AD,precision,0.5
        0,prior,AD,recall,1.0
        0,prior,CN,f1,0.0
        0,prior,CN,precision,NA
        0,prior,CN,recall,0.0

        """)
  }

  @Test func theTableComesBackFromDisk() throws {
    let classes = ["a,b", "say \"x\"", "é"]
    let written = Self.results(
      ["original": [[33, 67, 1], [100, 100, 0]], "prior": [[0, 0, 0], [7, 8, 9]]], methods: ["original", "prior"],
      classes: classes)
    var read = EvaluationResults(methods: ["original", "prior"], classes: classes)
    try read.read(written.csv, path: "results.csv")
    #expect(read == written)
    #expect(read.csv == written.csv)
    #expect(read.contains(run: 1, method: "prior") && !read.contains(run: 2, method: "prior"))
  }

  @Test(
    arguments: [
      "0,prior,AD,f1", "x,prior,AD,f1,0.5", "0,magic,AD,f1,0.5", "0,prior,Dog,f1,0.5", "0,prior,AD,f1,half",
      "0,prior,\"AD,f1,0.5", "0,prior,AD,f1,0.5,1",
    ])
  func aDamagedLineIsNamed(line: String) {
    var results = EvaluationResults(methods: ["prior"], classes: ["AD", "CN"])
    let text = "run,method,class,metric,value\n0,prior,,balanced_accuracy,0.5\n\(line)\n"
    let error = #expect(throws: ExperimentsError.self) { try results.read(text, path: "run/results.csv") }
    guard case .damaged("run/results.csv", 3, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect("\(error!)".hasPrefix("run/results.csv:3: "))
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

  @Test(arguments: [["AD", "CN"], ["AD", "CN", "MCI"]])
  func theTableFitsAScreen(classes: [String]) {
    let methods = EvaluationMethod.allCases.map(\.rawValue)
    let perfect = Array(repeating: 100, count: classes.count)
    let oneSided = [100] + Array(repeating: 0, count: classes.count - 1)
    let results = Self.results(
      Dictionary(uniqueKeysWithValues: methods.map { ($0, [perfect, oneSided]) }), methods: methods, classes: classes)
    let lines = results.text.split(separator: "\n", omittingEmptySubsequences: false)
    for line in lines { #expect(line.count <= 80, "\(line)") }
    for name in classes { #expect(lines.contains("class \(name)")) }
    for method in methods {
      #expect(lines.count { $0.hasPrefix(method + " ") } == 1 + classes.count)
    }
    #expect(results.text.contains("over 2 runs"))
    #expect(results.text.contains("100.0*"))
    #expect(results.text.contains("*  not in every run"))
  }

  @Test func aFigureThatNoRunDefinesIsADash() {
    let text = Self.results(["prior": [[100, 0]]], methods: ["prior"]).text
    let row = text.split(separator: "\n").last { $0.hasPrefix("prior") }!
    #expect(row.split(separator: " ") == ["prior", "0.0", "-", "0.0"])
    #expect(text.contains("over 1 run on"))
    #expect(!Self.results(["prior": [[90, 90]]], methods: ["prior"]).text.contains("not defined"))
  }

  @Test(
    arguments: [
      ([[60, 60], [62, 62]], [[70, 70], [73, 73]], "gains 10.5 points of balanced accuracy over", false),
      ([[70, 70], [73, 73]], [[60, 60], [62, 62]], "loses 10.5 points of balanced accuracy against", false),
      ([[60, 60], [70, 70]], [[72, 72], [60, 60]], "gains 1.0 points of balanced accuracy over", true),
      ([[70, 70], [70, 70]], [[70, 70], [70, 70]], "gains 0.0 points of balanced accuracy over", true),
    ])
  func theAnswer(original: [[Int]], manifold: [[Int]], change: String, isNoEvidence: Bool) {
    let answer = Self.results(
      ["original": original, "manifold": manifold, "prior": manifold], methods: ["original", "prior", "manifold"]
    ).answer
    #expect(answer.hasPrefix("'manifold' \(change) 'original'"), "\(answer)")
    #expect(answer.contains("2 paired runs"))
    #expect(answer.contains("no evidence of a difference") == isNoEvidence, "\(answer)")
    #expect(answer.hasSuffix(".") && !answer.hasSuffix(".."))
  }

  @Test func theFairestBaselineIsTaken() {
    let names = ["original", "original-resampled", "original-matched", "gmm"]
    for count in 1...3 {
      let methods = Array(names[..<count]) + ["gmm"]
      let results = Self.results(
        Dictionary(uniqueKeysWithValues: methods.map { ($0, [[60, 60]]) }), methods: methods)
      #expect(results.answer.contains("'\(names[count - 1])'"))
      #expect(results.answer.contains("in one run"))
    }
    let alone = Self.results(["original": [[60, 60]]], methods: ["original"])
    #expect(alone.answer == "No synthetic method was compared with real images.")
    let empty = EvaluationResults(methods: ["original", "gmm"], classes: ["AD", "CN"])
    #expect(empty.answer == "There are no scores to compare.")
  }

  @Test func theDocumentForPrograms() throws {
    let results = Self.results(
      ["original": [[60, 60], [70, 70]], "gmm": [[100, 0], [100, 0]]], methods: ["original", "gmm"])
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(ResultsDocument(results: results, samplers: []).json().utf8))
        as? [String: Any])
    #expect(json["answer"] as? String == results.answer)
    let methods = try #require(json["methods"] as? [String: [String: Any]])
    let accuracy = try #require(methods["original"]?["balancedAccuracy"] as? [String: Any])
    #expect(abs((accuracy["mean"] as! Double) - 0.65) < 1e-12 && accuracy["runs"] as? Int == 2)
    let classes = try #require(methods["gmm"]?["classes"] as? [String: [String: [String: Any]]])
    #expect(classes["CN"]?["precision"]?["mean"] == nil && classes["CN"]?["precision"]?["defined"] as? Int == 0)
  }
}
