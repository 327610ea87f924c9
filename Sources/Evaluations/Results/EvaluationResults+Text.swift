import Assessment
import Foundation
import Recipes

extension EvaluationResults {
  /// Tables in at most 80 columns: balanced accuracies with intervals and comparisons, the same for what needs no threshold,
  /// then the paper's figures (Table 2) for each class. Mean and standard deviation over splits and runs, in percent; a dash
  /// where no run defined the figure.
  public func text(_ statistics: EvaluationStatistics) -> String {
    let width = max(methods.map(\.count).max() ?? 0, 6)
    var hasUndefined = false

    func cell(_ method: String, _ className: String?, _ metric: String) -> String {
      let summary = summary(method: method, className: className, metric: metric)
      guard let mean = summary.mean else {
        hasUndefined = true
        return "-"
      }
      let mark = summary.defined < summary.runs ? "*" : ""
      if !mark.isEmpty { hasUndefined = true }
      let deviation = summary.standardDeviation.map { String(format: " ± %4.1f", 100 * $0) } ?? ""
      return String(format: "%5.1f", 100 * mean) + deviation + mark
    }

    let baseline = statistics.comparisons.first?.baseline
    func block(_ title: String, _ metric: String) -> String {
      var text = Self.line(
        ["method", title, "95 % interval"] + (baseline == nil ? [] : [" gain", "95 % interval", "p"]), width)
      for method in methods {
        let figures = statistics.methods[method]
        let estimate = metric == Self.balancedAccuracy ? figures?.balancedAccuracy : figures?.withoutThreshold[metric]
        var cells = [method, cell(method, nil, metric), estimate?.interval.map(Self.range) ?? "-"]
        if let baseline, let comparison = statistics.comparison(of: method, with: baseline, in: metric) {
          cells += Self.gain(comparison) + [comparison.adjustedPValue.map(Self.pText) ?? ""]
        }
        text += Self.line(cells, width)
      }
      return text
    }
    var text = block("balanced acc.", Self.balancedAccuracy)
    if results(in: Self.rocArea) {
      text += "\n" + block("ROC area", Self.rocArea)
      text += "\n" + Self.line(["method", "average prec.", " gain", "Brier score", " gain"], width, Self.narrow)
      for method in methods {
        let cells = ["average_precision", "brier_score"].flatMap { metric -> [String] in
          let comparison = baseline.flatMap { statistics.comparison(of: method, with: $0, in: metric) }
          return [cell(method, nil, metric), comparison.map { Self.short($0) } ?? ""]
        }
        text += Self.line([method] + cells, width, Self.narrow)
      }
    }
    for name in classes {
      text += "\nclass \(name)\n" + Self.line(["method", "F1", "precision", "recall"], width)
      for method in methods {
        text += Self.line([method] + Self.classMetrics.map { cell(method, name, $0) }, width)
      }
    }
    text += "\n" + legend(statistics, baseline: baseline)
    if hasUndefined {
      text += "-  not defined in any run;  *  not in every run (nothing was predicted as it).\n"
    }
    return text
  }

  private func results(in metric: String) -> Bool { rows.contains { $0.metric == metric && $0.value != nil } }

  package static func gain(_ comparison: Comparison) -> [String] {
    [
      comparison.meanDifference.map { signed($0) } ?? "-",
      comparison.interval.map(range) ?? (comparison.hasTooFewSplits ? "too few splits" : "-"),
    ]
  }

  /// The gain with its p-value.
  private static func short(_ comparison: Comparison) -> String {
    guard let mean = comparison.meanDifference else { return "-" }
    return signed(mean) + (comparison.adjustedPValue.map { " p " + pText($0) } ?? "")
  }

  private func legend(_ statistics: EvaluationStatistics, baseline: String?) -> String {
    func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
    let splits = statistics.splits
    let place =
      splits > 1
      ? "\(counted(splits, "split")) x \(counted(statistics.runs, "run"))"
      : "\(counted(statistics.runs, "run")) on one split"
    var sentences = ["Percent; mean ± standard deviation over \(place); intervals \(statistics.intervalMeaning)."]
    if results(in: Self.rocArea) {
      sentences.append(
        "ROC area and average precision: the mean over classes, each against the rest. Brier score: from 0 to 200, less "
          + "is better, and a gain is a smaller one.")
    }
    if let baseline {
      let tested = statistics.comparisons.first { $0.baseline == baseline }?.comparisons ?? 1
      sentences.append(
        splits > 1
          ? "Gain: points over \(baseline), the strongest of the real images alone, paired by split and run; its interval and p by the corrected resampled "
            + "t-test, p corrected for \(counted(tested, "comparison"))."
          : "Gain: points over \(baseline), the strongest of the real images alone, paired by run and test subject. One split says nothing of others"
            + (statistics.isOneRepeat
              ? ", and one repeat proves no gain."
              : "; p by the bootstrap, corrected for \(counted(tested, "comparison"))."))
    }
    return TextWrap.lines(sentences.joined(separator: " "), width: 80).map { $0 + "\n" }.joined()
  }

  /// Cells side by side: the first as wide as the longest name, the others as wide as what they hold at most.
  package static func line(_ cells: [String], _ width: Int, _ others: [Int] = [14, 14, 6, 14, 5]) -> String {
    let padded = zip(cells, [width] + others).enumerated().map { index, cell in
      let gap = index == 0 ? "  " : " "
      return cell.0 + String(repeating: " ", count: max(0, cell.1 - cell.0.count)) + gap
    }
    var text = padded.joined()
    while text.last == " " { text.removeLast() }
    return text + "\n"
  }

  /// Two figures beside each other, each with its gain.
  private static let narrow = [14, 15, 14, 15]

  package static func range(_ interval: Interval) -> String {
    "\(number(interval.lower)) to \(number(interval.upper))"
  }

  static func number(_ fraction: Double) -> String {
    let text = String(format: "%.1f", 100 * fraction)
    return text == "-0.0" ? "0.0" : text
  }

  private static func signed(_ fraction: Double) -> String {
    let text = number(fraction)
    let sign = text.hasPrefix("-") || text == "0.0" ? "" : "+"
    return String(repeating: " ", count: max(0, 5 - text.count - sign.count)) + sign + text
  }

  package static func pText(_ value: Double) -> String {
    value < 0.001 ? "<.001" : String(format: value < 0.1 ? "%.3f" : "%.2f", value)
  }
}
