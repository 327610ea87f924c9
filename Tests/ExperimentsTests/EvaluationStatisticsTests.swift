import Assessment
import Classification
import Experiments
import Foundation
import Testing

@Suite struct EvaluationStatisticsTests {
  /// Predictions with these recalls in percent by method, split and run, of 20 subjects of each class with one image
  /// each; which of them are right differs from split to split. Splits have test subjects of their own.
  private static func table(
    _ recalls: [String: [[[Int]]]], methods: [String], classes: [String] = ["AD", "CN"]
  ) -> PredictionTable {
    var table = PredictionTable(methods: methods, classes: classes)
    for (method, splits) in recalls {
      for (split, runs) in splits.enumerated() {
        for (run, recalls) in runs.enumerated() {
          let rows = classes.indices.flatMap { label in
            (0..<20).map { number in
              let isRight = (number + 3 * split) % 20 * 5 < recalls[label]
              let name = "sub-\(split)-\(label)-\(number)"
              return PredictionTable.Row(
                subject: name, image: name + ".nii", actual: label,
                predicted: isRight ? label : (label + 1) % classes.count,
                probabilities: classes.map { _ in 0.5 })
            }
          }
          table.add(.init(split: split, run: run, method: method), rows)
        }
      }
    }
    return table
  }

  private static func statistics(
    _ table: PredictionTable, augmentation: AugmentationKind = .none, covariates: [String] = []
  ) -> EvaluationStatistics {
    EvaluationStatistics(
      table, trainSubjects: 160, augmentation: augmentation, covariates: covariates, seed: 3, draws: 200)
  }

  private static let resampled = [[[60, 60]], [[65, 60]], [[60, 70]], [[70, 65]], [[60, 65]], [[65, 65]]]

  private static func raised(_ splits: [[[Int]]], by points: [Int]) -> [[[Int]]] {
    zip(splits, points).map { runs, points in runs.map { $0.map { $0 + points } } }
  }

  @Test func gainOverSplits() throws {
    let statistics = Self.statistics(
      Self.table(
        [
          "original-resampled": Self.resampled,
          "original-matched": Self.raised(Self.resampled, by: [10, 10, 15, 10, 5, 10]),
          "manifold": Self.raised(Self.resampled, by: [15, 20, 15, 20, 15, 20]),
        ], methods: ["original-resampled", "original-matched", "manifold"]))
    #expect(statistics.splits == 6 && statistics.runs == 1 && statistics.testSubjects == 40)
    #expect(statistics.baselines == ["original-resampled", "original-matched"])
    let comparison = try #require(statistics.comparison(of: "manifold", with: "original-resampled"))
    #expect(comparison.verdict == .gain && comparison.comparisons == 2)
    // Differences of 15 and 20 points in turn: mean 17.5, s^2 = 7.5, standard error sqrt(7.5 (1/6 + 40/160)).
    #expect(abs(comparison.test!.standardError - (7.5e-4 * (1.0 / 6 + 0.25)).squareRoot()) < 1e-12)
    #expect(statistics.answer.hasPrefix("manifold gains 17.5 points of balanced accuracy over original-resampled, "))
    #expect(statistics.answer.contains("detectable at 6 splits: "))
    #expect(
      statistics.answer.contains("Against original-matched, which takes as many optimiser steps as manifold, it "))
    #expect(statistics.methods["manifold"]!.balancedAccuracy.interval!.contains(0.8125))
  }

  @Test func noEvidenceButAnotherMethodHelps() {
    let statistics = Self.statistics(
      Self.table(
        [
          "original-resampled": Self.resampled, "mixup": Self.raised(Self.resampled, by: [15, 20, 15, 20, 15, 20]),
          "manifold": Self.raised(Self.resampled, by: [5, -5, 0, 5, -10, 10]), "covariates": Self.resampled,
        ], methods: ["original-resampled", "mixup", "manifold", "covariates"]), covariates: ["age", "sex"])
    #expect(statistics.answer.hasPrefix("No evidence that manifold helps here: manifold is 0.8 points of"))
    #expect(statistics.answer.contains("Of the other methods, mixup does best: over original-resampled it gains 17.5 "))
    #expect(statistics.answer.hasSuffix("Without any image, age and sex reach 63.7 %."))
  }

  /// Synthetic images that are turned and shifted besides gain nothing over real ones that are, whatever both gain.
  @Test func whatTheChangeAloneIsWorthIsNotCountedAsTheirs() {
    let methods = ["original-resampled", "original-matched", "classical", "manifold"]
    let turned = Self.raised(Self.resampled, by: [15, 20, 15, 20, 15, 20])
    let figures = [
      "original-resampled": Self.resampled, "original-matched": Self.raised(Self.resampled, by: [5, -5, 0, 5, 0, 0]),
      "classical": turned, "manifold": turned,
    ]
    let plain = Self.statistics(Self.table(figures, methods: methods))
    #expect(plain.answer.hasPrefix("manifold gains 17.5 points of balanced accuracy over original-resampled, "))
    let changed = Self.statistics(Self.table(figures, methods: methods), augmentation: .classical)
    #expect(changed.baselines == ["classical", "original-resampled", "original-matched"])
    #expect(changed.answer.hasPrefix("No evidence that augmentation helps here: manifold equals classical in "))
    #expect(changed.answer.contains("Against original-resampled, whose images are seen as they are, it gains 17.5 "))
    #expect(changed.answer.contains("only what it gains over classical is the synthetic images' own."))
    let without = Self.statistics(
      Self.table(
        figures.filter { $0.key != "classical" }, methods: methods.filter { $0 != "classical" }),
      augmentation: .classical)
    #expect(without.baselines == ["original-resampled", "original-matched"])
    #expect(without.answer.contains("the method classical, which shows what that alone is worth, was not run"))
  }

  @Test func noEvidenceAtAll() {
    let methods = ["original-resampled", "manifold"]
    let same = Self.statistics(
      Self.table(
        ["original-resampled": Self.resampled, "manifold": Self.raised(Self.resampled, by: [5, -5, 0, 5, -10, 10])],
        methods: methods))
    #expect(same.answer.hasPrefix("No evidence that augmentation helps here: manifold is 0.8 points of"))
    let alone = Self.statistics(Self.table(["original": Self.resampled], methods: ["original"]))
    #expect(alone.answer == "No method of augmentation was compared.")
    let only = Self.statistics(Self.table(["manifold": Self.resampled], methods: ["manifold"]))
    #expect(only.answer.hasPrefix("There is nothing to compare manifold with"))
    #expect(Self.statistics(PredictionTable(methods: methods, classes: ["AD", "CN"])).comparisons.isEmpty)
  }

  /// One split: the interval is of its test subjects and runs, and says so.
  @Test func oneSplit() throws {
    let runs = [[60, 60], [65, 60], [60, 70]]
    let statistics = Self.statistics(
      Self.table(
        ["original": [runs], "manifold": [runs.map { $0.map { $0 + 25 } }]], methods: ["original", "manifold"]))
    #expect(statistics.splits == 1 && statistics.runs == 3)
    #expect(statistics.intervalMeaning == "over test subjects and runs of this one split")
    let comparison = try #require(statistics.comparison(of: "manifold", with: "original"))
    #expect(comparison.test == nil && comparison.interval!.contains(0.25) && comparison.detectableDifference! > 0.05)
    #expect(statistics.answer.contains(" over test subjects and 3 runs (p = 0.01); detectable: "))
    #expect(statistics.answer.hasSuffix("this speaks of one split alone, with 40 test subjects, not of others."))
  }

  /// One training on one split claims no gain, for manifold or for any other method; two trainings may.
  @Test(arguments: [1, 2]) func oneRepeat(runs: Int) throws {
    let scores = Array([[60, 60], [65, 60]].prefix(runs))
    let better = scores.map { $0.map { $0 + 30 } }
    let statistics = Self.statistics(
      Self.table(
        ["original-resampled": [scores], "original-matched": [scores], "mixup": [better], "manifold": [better]],
        methods: ["original-resampled", "original-matched", "mixup", "manifold"]))
    #expect(statistics.isOneRepeat == (runs == 1))
    let comparison = try #require(statistics.comparison(of: "manifold", with: "original-resampled"))
    #expect(comparison.interval.map { $0.lower > 0 } == true)
    if runs == 1 {
      #expect(statistics.answer.hasPrefix("One repeat cannot say whether augmentation helps here: manifold is 30.0 "))
      #expect(statistics.answer.contains("from two repeats on"))
      #expect(statistics.answer.contains("it lies 30.0 points above in one repeat"))
      #expect(
        !statistics.answer.contains(" gains ") && !statistics.answer.contains("does best"), "\(statistics.answer)")
    } else {
      #expect(statistics.answer.hasPrefix("manifold gains 30.0 points of balanced accuracy over original-resampled"))
      #expect(statistics.answer.contains("mixup does best"))
    }
  }

  /// Programs find what is known of the images of every split.
  @Test func theDocumentHoldsEverySplit() throws {
    let table = Self.table(["original": Self.resampled], methods: ["original"])
    let crowding = Crowding(className: "AD", training: 3, nearestCodes: [0, 1, 1], nearestImages: [2, 2, 2])
    var quality = SyntheticQuality(leak: nil, crowding: [crowding])
    var figures = [SplitFigures(samplers: [], quality: ["manifold": quality])]
    quality.crowding[0].generated = 7
    figures.append(SplitFigures(samplers: [], quality: ["manifold": quality]))
    let document = ResultsDocument(results: table.results, statistics: Self.statistics(table), figures: figures)
    let json = try #require(try JSONSerialization.jsonObject(with: Data(document.json().utf8)) as? [String: Any])
    let splits = try #require(json["splits"] as? [[String: Any]])
    #expect(splits.map { $0["split"] as? Int } == [1, 2])
    let generated = splits.map { split -> Int? in
      let methods = split["quality"] as? [String: [String: Any]]
      return (methods?["manifold"]?["crowding"] as? [[String: Any]])?.first?["generated"] as? Int
    }
    #expect(generated == [3, 7])
  }

  @Test(arguments: [["AD", "CN"], ["AD", "CN", "MCI"]])
  func theTableFitsAScreen(classes: [String]) {
    let methods = EvaluationMethod.allCases.map(\.rawValue)
    let perfect = Array(repeating: 100, count: classes.count)
    let oneSided = [100] + Array(repeating: 0, count: classes.count - 1)
    let table = Self.table(
      Dictionary(
        uniqueKeysWithValues: methods.map {
          ($0, [[perfect, oneSided], [oneSided, $0 == "prior" ? oneSided : perfect]])
        }),
      methods: methods, classes: classes)
    let text = table.results.text(Self.statistics(table))
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for line in lines { #expect(line.count <= 80, "\(line)") }
    for name in classes { #expect(lines.contains("class \(name)")) }
    for method in methods {
      #expect(lines.count { $0.hasPrefix(method + " ") } == 1 + classes.count)
    }
    #expect(text.contains("2 splits x 2 runs") && text.contains("100.0*") && text.contains("*  not in every run"))
  }

  @Test func aFigureThatNoRunDefinesIsADash() throws {
    let table = Self.table(["prior": [[[100, 0]]]], methods: ["prior"])
    let statistics = Self.statistics(table)
    let row = table.results.text(statistics).split(separator: "\n").last { $0.hasPrefix("prior") }!
    #expect(row.split(separator: " ") == ["prior", "0.0", "-", "0.0"])
    let json = try #require(
      try JSONSerialization.jsonObject(
        with: Data(ResultsDocument(results: table.results, statistics: statistics, figures: []).json().utf8))
        as? [String: Any])
    #expect(json["answer"] as? String == statistics.answer)
    let methods = try #require(json["methods"] as? [String: [String: Any]])
    let accuracy = try #require(methods["prior"]?["balancedAccuracy"] as? [String: Any])
    #expect(abs((accuracy["mean"] as! Double) - 0.5) < 1e-12 && accuracy["runs"] as? Int == 1)
    let classes = try #require(methods["prior"]?["classes"] as? [String: [String: [String: Any]]])
    #expect(classes["CN"]?["precision"]?["mean"] == nil && classes["CN"]?["precision"]?["defined"] as? Int == 0)
    let intervals = try #require((json["statistics"] as? [String: Any])?["methods"] as? [String: [String: Any]])
    #expect((intervals["prior"]?["balancedAccuracy"] as? [String: Any])?["interval"] != nil)
  }
}
