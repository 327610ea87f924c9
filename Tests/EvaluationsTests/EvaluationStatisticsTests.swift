import Assessment
import Classification
import Evaluations
import Foundation
import Judgement
import Recipes
import RunReports
import Testing

@Suite struct EvaluationStatisticsTests {
  /// Predictions with these recalls in percent by method, split and run, of 20 subjects of each class with one image
  /// each; which of them are right differs from split to split. Splits have test subjects of their own.
  ///
  /// - Parameter ranks: whether the probabilities are as sure as the prediction; otherwise they are all equal.
  private static func table(
    _ recalls: [String: [[[Int]]]], methods: [String], classes: [String] = ["AD", "CN"], ranks: Bool = false
  ) -> PredictionTable {
    var table = PredictionTable(methods: methods, classes: classes)
    for (method, splits) in recalls {
      for (split, runs) in splits.enumerated() {
        for (run, recalls) in runs.enumerated() {
          let rows = classes.indices.flatMap { label in
            (0..<20).map { number in
              let isRight = (number + 3 * split) % 20 * 5 < recalls[label]
              let name = "sub-\(split)-\(label)-\(number)"
              let predicted = isRight ? label : (label + 1) % classes.count
              return PredictionTable.Row(
                subject: name, image: name + ".nii", actual: label, predicted: predicted,
                probabilities: classes.indices.map { ranks ? ($0 == predicted ? 0.8 : 0.2) : 0.5 })
            }
          }
          table.add(.init(split: split, run: run, method: method), rows)
        }
      }
    }
    return table
  }

  private static func statistics(
    _ table: PredictionTable, validation: [String: Double] = [:], augmentation: AugmentationKind = .none,
    covariates: [String] = []
  ) -> EvaluationStatistics {
    let found = EvaluationStatistics(
      table, trainSubjects: 160, validation: validation, augmentation: augmentation, covariates: covariates, seed: 3,
      draws: 200)
    // Whatever comes out, the headline is a short one.
    #expect(found.verdict.split(separator: " ").count <= 12, "\(found.verdict)")
    return found
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
    // The stronger of the two by their means on the test images, with all comparisons counted.
    #expect(statistics.baselines == ["original-matched"])
    let comparison = try #require(statistics.comparison(of: "manifold", with: "original-matched"))
    #expect(comparison.comparisons == 4)
    // Differences of 5, 10, 0, 10, 10 and 10 points: mean 7.5, s^2 = 17.5, standard error sqrt(17.5 (1/6 + 40/160)).
    #expect(abs(comparison.test!.standardError - (17.5e-4 * (1.0 / 6 + 0.25)).squareRoot()) < 1e-12)
    #expect(statistics.methods["manifold"]!.balancedAccuracy.interval!.contains(0.8125))
    #expect(
      statistics.answer.contains("manifold reaches 81.2 % balanced accuracy, 7.5 points more than original-matched ("))
    #expect(statistics.answer.contains("its mean on the test images is the largest, before original-resampled; p is"))
  }

  /// The case from a hidden cohort: a baseline that was hardly trained makes any gain look large. The answer compares with
  /// the strongest one, by the validation images where there are some, whatever the order of the methods.
  @Test func theBaselineIsTheStrongest() throws {
    let figures = [
      "original-resampled": Self.resampled,
      "original-matched": Self.raised(Self.resampled, by: [10, 15, 10, 15, 10, 15]),
      "linear": Self.raised(Self.resampled, by: [5, 5, 5, 5, 5, 5]),
      "manifold": Self.raised(Self.resampled, by: [15, 20, 15, 20, 15, 15]),
    ]
    let methods = ["original-resampled", "original-matched", "linear", "manifold"]
    let table = Self.table(figures, methods: methods)
    for validation in [[:], ["original-resampled": 0.7, "original-matched": 0.8, "linear": 0.75]] {
      let statistics = Self.statistics(table, validation: validation)
      #expect(statistics.baselines == ["original-matched"])
      #expect(statistics.numbers.contains(", 4.2 points more than original-matched ("), "\(statistics.numbers)")
      #expect(!statistics.answer.contains("16.7"))
      let comparison = try #require(statistics.comparison(of: "manifold", with: "original-matched"))
      #expect(comparison.comparisons == (validation.isEmpty ? 9 : 3))
      #expect(statistics.answer.contains("linear, which needs no network, reaches 68.8 %."))
    }
    let linear = Self.statistics(
      table, validation: ["original-resampled": 0.7, "original-matched": 0.8, "linear": 0.85])
    #expect(linear.baselines == ["linear"] && linear.verdict == "manifold helps: +11.7 points")
    #expect(linear.answer.contains("linear is compared with since it scored best on the validation images"))
    // A score that is missing for one of them settles nothing.
    #expect(Self.statistics(table, validation: ["linear": 0.99]).baselines == ["original-matched"])
  }

  @Test func synthesisHelpsNotButSimpleAugmentationDoes() {
    let statistics = Self.statistics(
      Self.table(
        [
          "original-matched": Self.resampled, "mixup": Self.raised(Self.resampled, by: [15, 20, 15, 20, 15, 20]),
          "manifold": Self.raised(Self.resampled, by: [5, -5, 0, 5, -10, 10]), "covariates": Self.resampled,
        ], methods: ["original-matched", "mixup", "manifold", "covariates"]), covariates: ["age", "sex"])
    #expect(statistics.baselines == ["original-matched", "mixup"])
    #expect(statistics.verdict == "Synthetic images do not help here; mixup does: +17.5 points")
    #expect(statistics.numbers.contains("0.8 points more than original-matched ("))
    #expect(statistics.numbers.contains(" and 16.7 points less than mixup ("))
    #expect(statistics.answer.contains("mixup alone reaches 81.2 %: 17.5 points more than original-matched"))
    #expect(statistics.answer.hasSuffix("Without any image, age and sex reach 63.7 %."))
  }

  /// Synthetic images that are turned and shifted besides gain nothing over real ones that are, whatever both gain.
  @Test func whatTheChangeAloneIsWorthIsNotCountedAsTheirs() {
    let methods = ["original-matched", "classical", "manifold"]
    let turned = Self.raised(Self.resampled, by: [15, 20, 15, 20, 15, 20])
    let figures = ["original-matched": Self.resampled, "classical": turned, "manifold": turned]
    let plain = Self.statistics(Self.table(figures, methods: methods))
    #expect(plain.verdict == "manifold helps: +17.5 points, but no more than classical")
    let changed = Self.statistics(Self.table(figures, methods: methods), augmentation: .classical)
    #expect(changed.baselines == ["original-matched", "classical"])
    #expect(changed.verdict == "Synthetic images add nothing to classical here")
    #expect(changed.answer.contains("only what it gains over classical is the synthetic images' own."))
    let without = Self.statistics(
      Self.table(
        figures.filter { $0.key != "classical" }, methods: methods.filter { $0 != "classical" }),
      augmentation: .classical)
    #expect(without.baselines == ["original-matched"])
    #expect(without.answer.contains("the method classical, which shows what that alone is worth, was not run"))
  }

  /// Balanced accuracy that gains while the order of the images does not is a shifted threshold.
  @Test func aShiftedThresholdIsSaid() {
    let figures = [
      "original-matched": Self.resampled, "manifold": Self.raised(Self.resampled, by: [15, 20, 15, 20, 15, 20]),
    ]
    let methods = ["original-matched", "manifold"]
    let shifted = Self.statistics(Self.table(figures, methods: methods))
    #expect(shifted.verdict == "manifold helps: +17.5 points")
    #expect(shifted.answer.contains("So its images shift the threshold rather than tell the classes better apart."))
    let ranked = Self.statistics(Self.table(figures, methods: methods, ranks: true))
    #expect(!ranked.answer.contains("shift the threshold"))
    #expect(
      ranked.comparison(of: "manifold", with: "original-matched", in: EvaluationResults.rocArea)?.verdict == .gain)
    #expect(
      ranked.comparison(of: "manifold", with: "original-matched", in: "brier_score").map { $0.meanDifference! > 0 }
        == true)
  }

  @Test func harmAndTooFewSplits() {
    let methods = ["original-matched", "manifold"]
    let worse = Self.statistics(
      Self.table(
        ["original-matched": Self.raised(Self.resampled, by: [15, 20, 15, 20, 15, 20]), "manifold": Self.resampled],
        methods: methods))
    #expect(worse.verdict == "Synthetic images do harm here: -17.5 points")
    let two = Self.statistics(
      Self.table(
        [
          "original-matched": Array(Self.resampled.prefix(2)),
          "manifold": Self.raised(Array(Self.resampled.prefix(2)), by: [-10, 25]),
        ], methods: methods))
    #expect(two.verdict == "Too few splits to say whether synthetic images help")
    #expect(two.numbers.contains("(too few splits to say)") && two.answer.contains("Take five splits or more."))
  }

  @Test func noEvidenceAtAll() {
    let methods = ["original-matched", "manifold"]
    let same = Self.statistics(
      Self.table(
        ["original-matched": Self.resampled, "manifold": Self.raised(Self.resampled, by: [5, -5, 0, 5, -10, 10])],
        methods: methods))
    #expect(same.verdict == "Synthetic images do not help here")
    #expect(same.answer.contains("finds a gain of "))
    let alone = Self.statistics(Self.table(["original": Self.resampled], methods: ["original"]))
    #expect(alone.verdict == "No way of making images was compared")
    let only = Self.statistics(Self.table(["manifold": Self.resampled], methods: ["manifold"]))
    #expect(only.verdict == "Nothing to compare with: real images alone were not run")
    let simple = Self.statistics(
      Self.table(
        ["original-matched": Self.resampled, "classical": Self.raised(Self.resampled, by: [15, 20, 15, 20, 15, 20])],
        methods: ["original-matched", "classical"]))
    #expect(simple.verdict == "classical helps: +17.5 points")
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
    #expect(
      statistics.verdict == "manifold helps: +25.0 points"
        && statistics.numbers.contains("25.0 points more than original ("))
    #expect(statistics.answer.contains("This speaks of one split alone, with 40 test subjects, not of others."))
  }

  /// One training on one split claims no gain, for manifold or for any other method; two trainings may.
  @Test(arguments: [1, 2]) func oneRepeat(runs: Int) throws {
    let scores = Array([[60, 60], [65, 60]].prefix(runs))
    let better = scores.map { $0.map { $0 + 30 } }
    let statistics = Self.statistics(
      Self.table(
        ["original-resampled": [scores], "original-matched": [scores], "mixup": [better], "manifold": [better]],
        methods: ["original-resampled", "original-matched", "mixup", "manifold"]),
      validation: ["original-resampled": 0.6, "original-matched": 0.6])
    #expect(statistics.isOneRepeat == (runs == 1))
    let comparison = try #require(statistics.comparison(of: "manifold", with: "original-resampled"))
    #expect(comparison.interval.map { $0.lower > 0 } == true)
    if runs == 1 {
      #expect(statistics.verdict == "One repeat cannot say whether synthetic images help")
      #expect(
        statistics.numbers.contains("30.0 points more than original-resampled (one repeat, which proves nothing)"))
      #expect(statistics.answer.contains("from two repeats on"))
      #expect(!statistics.answer.contains(" helps: "), "\(statistics.answer)")
    } else {
      #expect(statistics.verdict == "manifold helps: +30.0 points, but no more than mixup")
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
      #expect(lines.count { $0.hasPrefix(method + " ") } == 3 + classes.count)
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
