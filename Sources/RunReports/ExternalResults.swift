import Assessment
import Cohorts
import Datasets
import Evaluations
import Figures
import Foundation
import ImageFiles
import ImageSets
import Randomness
import Recipes

/// What the classifiers of an experiment said of images of another place, beside what they said of the test images.
public struct ExternalResults: Encodable, Sendable {
  /// What the place is called.
  public let name: String
  public let images: Int
  public let subjects: Int
  /// What makes the scores too good; absent if nothing does.
  public let leak: String?
  /// The answer in at most twelve words, and the numbers behind it.
  public let verdict: String
  public let numbers: String
  /// Means and standard deviations over all classifiers, by method.
  public let methods: [String: ResultsDocument.Method]
  /// Intervals over subjects and classifiers, all of one set of images: `splits` is 1.
  ///
  /// Nil where a class has fewer than `fewestSubjects` there: draws of so few people say nothing of others.
  public let statistics: EvaluationStatistics?

  /// Subjects of each class that intervals and comparisons take at least.
  static let fewestSubjects = 5
  /// Of the training images of the first split against these.
  public let shift: ShiftReport

  private let summary: String
  private let results: EvaluationResults
  private let inside: EvaluationResults

  private enum CodingKeys: CodingKey {
    case name, images, subjects, leak, verdict, numbers, methods, statistics, shift
  }

  /// - Parameters:
  ///   - predictions: of the external images, of all splits and runs.
  ///   - data: the first split.
  ///   - inside: the scores on the test images.
  ///   - validation: as for the statistics of the test images, so that methods are compared with the same baseline.
  package init(
    _ test: ExternalTest, _ predictions: PredictionTable, data: ExperimentData, beside inside: EvaluationResults,
    trainSubjects: Double, validation: [String: Double], recipe: Recipe
  ) throws {
    let table = predictions.asOneSplit
    results = table.results
    let fewest =
      data.classes.indices.map { label in
        Set(zip(test.set.images, test.labels).filter { $0.1 == label }.map(\.0.subject)).count
      }.min() ?? 0
    let statistics: EvaluationStatistics? =
      fewest < Self.fewestSubjects
      ? nil
      : EvaluationStatistics(
        table, trainSubjects: trainSubjects, validation: validation, augmentation: recipe.evaluation.augmentation,
        seed: recipe.seed)
    (name, images, subjects, leak) = (test.name, test.set.count, test.subjectCount, test.leak)
    self.statistics = statistics
    verdict =
      test.leak != nil
      ? "\(test.name) leaks: these scores are too good"
      : statistics?.verdict ?? "Too few people there to compare methods"
    numbers =
      statistics?.numbers
      ?? "A class has \(fewest) subject\(fewest == 1 ? "" : "s") there; intervals and comparisons take "
      + "\(Self.fewestSubjects) of each at least."
    methods = ResultsDocument.methods(results)
    summary = test.summary(classes: data.classes)
    self.inside = inside
    let features = ImageFeatures(
      height: data.set.size.height, width: data.set.size.width, channels: data.set.channels)
    let training = data.indices(in: .train)
    let known = training.map { data.set.images[$0] }
    shift = ShiftReport(
      .init(
        name: recipe.sourceName, images: known,
        traits: try ImageTraits.read(known, selection: recipe.sliceSelection),
        features: FeatureTable(of: data.rows(training)) { features.table($0.values) }),
      .init(
        name: test.name, images: test.set.images,
        traits: try ImageTraits.read(test.set.images, selection: recipe.sliceSelection),
        features: FeatureTable(of: test.set.rows) { features.table($0.values) }),
      classes: data.classes, stream: RandomStream(seed: UInt64(recipe.seed), purpose: "shift"))
  }

  /// Tables, the answer and what differs, at most 80 columns wide.
  public var text: String {
    let width = max(results.methods.map(\.count).max() ?? 0, 6)
    var text = Self.wrapped("\(opening) (\(summary)):")
    let baseline = statistics?.comparisons.first?.baseline
    for (title, metric) in [
      ("balanced accuracy", EvaluationResults.balancedAccuracy), ("ROC area", EvaluationResults.rocArea),
    ] {
      let columns = [6, 12, 14, 6, 14, 5]
      text += "\n\(title)\n"
      text += EvaluationResults.line(
        ["method", "within", "there", "95 % interval"] + (baseline == nil ? [] : [" gain", "95 % interval", "p"]),
        width,
        columns)
      for method in scored {
        let estimate = self.estimate(method, metric)
        var cells = [
          method, inside.summary(method: method, metric: metric).mean.map(Self.percent) ?? "-",
          Self.cell(results.summary(method: method, metric: metric)),
          estimate?.interval.map(EvaluationResults.range) ?? "-",
        ]
        if let baseline, let comparison = statistics?.comparison(of: method, with: baseline, in: metric) {
          cells += EvaluationResults.gain(comparison)
          cells.append(comparison.adjustedPValue.map(EvaluationResults.pText) ?? "")
        }
        text += EvaluationResults.line(cells, width, columns)
      }
    }
    text += "\n" + Self.wrapped(legend) + "\n"
    text += Self.wrapped(answer) + "\n"
    return text + shift.sentences.map { Self.wrapped($0) }.joined()
  }

  private var answer: String { "\(verdict.replacing(" here", with: " there")). \(numbers)" }

  private var opening: String {
    leak == nil
      ? "On \(name), which no classifier has learned from" : "On \(name), whose images were learned from in part"
  }

  private var legend: String {
    "Percent. within: on the test images of \(inside.splitCount == 1 ? "the split" : "the \(inside.splitCount) splits"), "
      + "for comparison. Intervals over subjects of \(name) and \(results.runs.count) "
      + "classifier\(results.runs.count == 1 ? "" : "s") of each method; gains over "
      + "\(statistics?.baselines.first ?? "the baseline") by the bootstrap. They say nothing of third places."
  }

  /// Methods that were scored here.
  private var scored: [String] {
    results.methods.filter { results.summary(method: $0, metric: EvaluationResults.balancedAccuracy).runs > 0 }
  }

  private func estimate(_ method: String, _ metric: String) -> SubjectBootstrap.Estimate? {
    let figures = statistics?.methods[method]
    return metric == EvaluationResults.balancedAccuracy ? figures?.balancedAccuracy : figures?.withoutThreshold[metric]
  }

  private static func percent(_ share: Double) -> String { String(format: "%5.1f", 100 * share) }

  private static func cell(_ summary: EvaluationResults.Summary) -> String {
    guard let mean = summary.mean else { return "-" }
    return percent(mean) + (summary.standardDeviation.map { String(format: " ± %4.1f", 100 * $0) } ?? "")
  }

  private static func wrapped(_ text: String) -> String {
    TextWrap.lines(text, width: 80).map { $0 + "\n" }.joined()
  }

  /// The section of the report.
  var figures: ExternalScores {
    ExternalScores(
      name: name, summary: "\(opening): \(summary)", answer: answer,
      explanation: legend,
      rows: scored.map { method in
        func score(_ metric: String) -> Score {
          Score(
            values: results.values(method: method, className: nil, metric: metric),
            interval: estimate(method, metric)?.interval.map { $0.lower...$0.upper })
        }
        return ExternalScores.Row(
          method: method, within: inside.summary(method: method, metric: EvaluationResults.balancedAccuracy).mean,
          balancedAccuracy: score(EvaluationResults.balancedAccuracy), rocArea: score(EvaluationResults.rocArea))
      },
      shift: shift.traits.map { .init(name: $0.name, first: $0.first, second: $0.second, differs: $0.differs) }
        + shift.shares.map {
          .init(
            name: "share of \($0.className)", first: ShiftReport.percent($0.first),
            second: ShiftReport.percent($0.second), differs: $0.differs)
        },
      places: [shift.first, shift.second], sentences: shift.sentences)
  }
}
