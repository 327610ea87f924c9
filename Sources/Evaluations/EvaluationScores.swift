import Assessment
import Figures
import Recipes

/// Fills the report's tables of scores.
package struct EvaluationScores {
  package let results: EvaluationResults
  package let statistics: EvaluationStatistics

  package init(results: EvaluationResults, statistics: EvaluationStatistics) {
    self.results = results
    self.statistics = statistics
  }

  package var table: ScoreTable {
    let splits = statistics.splits
    let repeats = "\(statistics.runs) classifier training\(statistics.runs == 1 ? "" : "s")"
    return ScoreTable(
      methods: results.methods.map(scores(of:)),
      explanation: splits > 1
        ? "Means over \(splits) splits of the subjects with \(repeats) on each; generative models were "
          + "trained anew inside each split. The intervals are of other test subjects"
          + (statistics.runs > 1 ? " and other trainings of the classifier." : ".")
        : "Means over \(repeats) on one split. The intervals cover other test subjects"
          + (statistics.runs > 1 ? " and other trainings of the classifier" : "")
          + ", but not other splits: with another training set all of it may come out otherwise.",
      intervalMeaning: "95 % interval \(statistics.intervalMeaning)",
      runNames: results.runs.map { splits > 1 ? "split \($0.split + 1), run \($0.run + 1)" : "\($0.run + 1)" },
      comparisons: statistics.baselines.map(comparisons(with:)))
  }

  private func scores(of method: String) -> MethodScores {
    let figures = statistics.methods[method]
    func score(_ className: String?, _ metric: String) -> Score {
      let estimate = className.map { figures?.classes[$0]?[metric] } ?? figures?.balancedAccuracy
      return Score(
        values: results.values(method: method, className: className, metric: metric),
        interval: (estimate?.interval).map { $0.lower...$0.upper })
    }
    return MethodScores(
      name: method, summary: EvaluationMethod(rawValue: method)?.summary, isHighlighted: method == "manifold",
      balancedAccuracy: score(nil, EvaluationResults.balancedAccuracy),
      withoutThreshold: withoutThreshold(method),
      classes: results.classes.map {
        ClassScores(className: $0, f1: score($0, "f1"), precision: score($0, "precision"), recall: score($0, "recall"))
      })
  }

  private func withoutThreshold(_ method: String) -> [NamedScore] {
    zip(EvaluationResults.withoutThreshold, ["ROC area", "Average precision", "Brier score"]).compactMap {
      metric, name in
      let values = results.values(method: method, className: nil, metric: metric)
      guard values.contains(where: { $0 != nil }) else { return nil }
      let comparison = statistics.baselines.first.flatMap { statistics.comparison(of: method, with: $0, in: metric) }
      return NamedScore(
        name: name,
        score: Score(
          values: values,
          interval: (statistics.methods[method]?.withoutThreshold[metric]?.interval).map { $0.lower...$0.upper }),
        gain: comparison?.meanDifference, gainInterval: comparison?.interval.map { $0.lower...$0.upper })
    }
  }

  private func comparisons(with baseline: String) -> ComparisonTable {
    let comparisons = statistics.comparisons.filter { $0.baseline == baseline }
    let tested = comparisons.first?.comparisons ?? 1
    let detectable = comparisons.first { $0.method == "manifold" }?.detectableDifference.flatMap {
      $0 <= 0
        ? nil : String(format: " A true gain of manifold of %.1f points would be found with 80 %% power.", 100 * $0)
    }
    return ComparisonTable(
      baseline: baseline,
      rows: comparisons.map { comparison in
        ComparisonTable.Row(
          method: comparison.method, difference: comparison.meanDifference,
          interval: comparison.interval.map { $0.lower...$0.upper }, pValue: comparison.adjustedPValue,
          hasTooFewSplits: comparison.hasTooFewSplits, isHighlighted: comparison.method == "manifold")
      },
      explanation: (statistics.splits > 1
        ? "Differences paired by split and run. Intervals of 95 % and p by the corrected resampled t-test (Nadeau and "
          + "Bengio 2003) over \(statistics.splits) splits; p corrected for \(tested) comparisons (Holm), the "
          + "intervals not."
        : "Differences paired by run and test subject. Intervals of 95 %\(statistics.isOneRepeat ? "" : " and p") by the "
          + "bootstrap over test subjects\(statistics.runs > 1 ? " and runs" : "") of this one split only; "
          + (statistics.isOneRepeat
            ? "one repeat proves no gain: it takes two at least, better several splits."
            : "p corrected for \(tested) comparisons (Holm), the intervals not."))
        + (detectable ?? ""))
  }
}
