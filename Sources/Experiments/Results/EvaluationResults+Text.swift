import Assessment
import Foundation

extension EvaluationResults {
  /// A table in at most 80 columns: a block of balanced accuracies with intervals and comparisons, then the paper's
  /// figures (Table 2) for each class. Mean and standard deviation over splits and runs, in percent; a dash where no run
  /// defined the figure.
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

    let baseline = statistics.baselines.first
    var text = Self.line(
      ["method", "balanced acc.", "95 % interval"] + (baseline == nil ? [] : [" gain", "95 % interval", "p"]), width)
    for method in methods {
      let interval = statistics.methods[method]?.balancedAccuracy.interval
      var cells = [method, cell(method, nil, Self.balancedAccuracy), interval.map(Self.range) ?? "-"]
      if let baseline, let comparison = statistics.comparison(of: method, with: baseline) {
        cells += [
          comparison.meanDifference.map { Self.signed($0) } ?? "-", comparison.interval.map(Self.range) ?? "-",
          comparison.adjustedPValue.map(Self.pText) ?? "",
        ]
      }
      text += Self.line(cells, width)
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

  private func legend(_ statistics: EvaluationStatistics, baseline: String?) -> String {
    func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
    let splits = statistics.splits
    let place =
      splits > 1
      ? "\(counted(splits, "split")) x \(counted(statistics.runs, "run"))"
      : "\(counted(statistics.runs, "run")) on one split"
    var sentences = ["Percent; mean ± standard deviation over \(place); intervals \(statistics.intervalMeaning)."]
    if let baseline {
      let tested = statistics.comparisons.first { $0.baseline == baseline }?.comparisons ?? 1
      sentences.append(
        splits > 1
          ? "Gain: points over \(baseline), paired by split and run; its interval and p by the corrected resampled "
            + "t-test, p corrected for \(counted(tested, "comparison"))."
          : "Gain: points over \(baseline), paired by run and test subject. One split says nothing of others"
            + (statistics.isOneRepeat
              ? ", and one repeat proves no gain."
              : "; p by the bootstrap, corrected for \(counted(tested, "comparison"))."))
    }
    return TextWrap.lines(sentences.joined(separator: " "), width: 80).map { $0 + "\n" }.joined()
  }

  /// Cells side by side: the first as wide as the longest name, the others as wide as what they hold at most.
  private static func line(_ cells: [String], _ width: Int) -> String {
    let widths = [width, 14, 14, 6, 14, 5]
    let padded = zip(cells, widths).enumerated().map { index, cell in
      let gap = index == 0 ? "  " : " "
      return cell.0 + String(repeating: " ", count: max(0, cell.1 - cell.0.count)) + gap
    }
    var text = padded.joined()
    while text.last == " " { text.removeLast() }
    return text + "\n"
  }

  private static func range(_ interval: Interval) -> String {
    "\(number(interval.lower)) to \(number(interval.upper))"
  }

  private static func number(_ fraction: Double) -> String {
    let text = String(format: "%.1f", 100 * fraction)
    return text == "-0.0" ? "0.0" : text
  }

  private static func signed(_ fraction: Double) -> String {
    let text = number(fraction)
    let sign = text.hasPrefix("-") || text == "0.0" ? "" : "+"
    return String(repeating: " ", count: max(0, 5 - text.count - sign.count)) + sign + text
  }

  private static func pText(_ value: Double) -> String {
    value < 0.001 ? "<.001" : String(format: value < 0.1 ? "%.3f" : "%.2f", value)
  }
}
