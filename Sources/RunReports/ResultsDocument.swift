import Datasets
import Evaluations
import Files
import Foundation
import Judgement
import Runs
import Synthesis

/// `results.json`: what the scores came to, for programs.
public struct ResultsDocument: Encodable, Sendable {
  public struct Method: Encodable, Sendable {
    public var balancedAccuracy: EvaluationResults.Summary
    /// By metric: `roc_auc`, `average_precision`, `brier_score`.
    public var withoutThreshold: [String: EvaluationResults.Summary]
    /// By class, then by metric: f1, precision, recall.
    public var classes: [String: [String: EvaluationResults.Summary]]
  }

  public var manikin: String
  /// In at most twelve words.
  public var verdict: String
  /// What makes the scores too good, such as a subject on two sides of the split; absent if nothing does.
  public var leak: String?
  public var answer: String
  /// Means and standard deviations over splits and runs.
  public var methods: [String: Method]
  /// Intervals and comparisons; absent when nothing was scored.
  public var statistics: EvaluationStatistics?
  /// How the synthetic images of each split came about and what they are like, in the order of the splits.
  public var splits: [Split]
  /// What images of another place came to; absent where there are none.
  public var external: ExternalResults?

  /// The figures of one split.
  public struct Split: Encodable, Sendable {
    /// From 1, as in the tables.
    public var split: Int
    public var samplers: [SamplerReport]
    /// By method: leak and crowding.
    public var quality: [String: SyntheticQuality]
    /// Different people among the test images; absent when nothing was scored.
    public var testSubjects: Int?
    /// How many of them have training or validation images as well.
    public var testSubjectsInTraining: Int?
  }

  public init(results: EvaluationResults, statistics: EvaluationStatistics?, figures: [SplitFigures]) {
    self.init(results: results, statistics: statistics, figures: figures, overlaps: [], leak: nil, external: nil)
  }

  /// - Parameters:
  ///   - overlaps: of each split, or none.
  ///   - leak: what makes the scores too good; the answer begins with it.
  package init(
    results: EvaluationResults, statistics: EvaluationStatistics?, figures: [SplitFigures], overlaps: [SubjectOverlap],
    leak: String?, external: ExternalResults?
  ) {
    self.external = external
    manikin = Manikin.version
    verdict = statistics?.headline(leak: leak) ?? "Nothing was scored"
    self.leak = leak
    answer = (leak.map { $0 + " " } ?? "") + (statistics?.answer ?? "Nothing was scored.")
    self.statistics = statistics
    splits = figures.enumerated().map { place, figures in
      let overlap = overlaps.indices.contains(place) ? overlaps[place] : nil
      return Split(
        split: place + 1, samplers: figures.samplers, quality: figures.quality, testSubjects: overlap?.testSubjects,
        testSubjectsInTraining: overlap?.inTraining)
    }
    methods = Self.methods(results)
  }

  /// The means of every method.
  static func methods(_ results: EvaluationResults) -> [String: Method] {
    Dictionary(
      uniqueKeysWithValues: results.methods.map { method in
        let classes = results.classes.map { name in
          (
            name,
            Dictionary(
              uniqueKeysWithValues: EvaluationResults.classMetrics.map {
                ($0, results.summary(method: method, className: name, metric: $0))
              })
          )
        }
        return (
          method,
          Method(
            balancedAccuracy: results.summary(method: method, metric: EvaluationResults.balancedAccuracy),
            withoutThreshold: Dictionary(
              uniqueKeysWithValues: EvaluationResults.withoutThreshold.map {
                ($0, results.summary(method: method, metric: $0))
              }),
            classes: Dictionary(uniqueKeysWithValues: classes))
        )
      })
  }

  package func write(to url: URL) throws { try RunFolder.write(self, to: url) }

  /// The document as text, with sorted keys.
  public func json() throws -> String {
    try ReadableJSON.text(self)
  }
}
