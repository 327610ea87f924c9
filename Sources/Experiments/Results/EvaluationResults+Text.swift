import Foundation

extension EvaluationResults {
  /// A table like the paper's Table 2 in at most 80 columns: a block of balanced accuracies, then one for each class.
  /// Mean and standard deviation over runs, in percent; a dash where no run defined the figure.
  public var text: String {
    let width = max(methods.map(\.count).max() ?? 0, 6)
    let runs = Set(rows.map(\.run)).count
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
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }

    // As many classes side by side as fit; a class takes three columns of 14.
    let columnWidth = 14
    var text = ""
    let blocks: [(title: String, columns: [(className: String?, metric: String, head: String)])] =
      [("", [(nil, Self.balancedAccuracy, "balanced acc.")])]
      + classes.map { name in (name, Self.classMetrics.map { (name, $0, $0 == "f1" ? "F1" : $0) }) }
    for block in blocks {
      text += block.title.isEmpty ? "" : "\nclass \(block.title)\n"
      text +=
        padded("method", width) + "  " + block.columns.map { padded($0.head, columnWidth) }.joined().trimmedEnd + "\n"
      for method in methods {
        text +=
          padded(method, width) + "  "
          + block.columns.map { padded(cell(method, $0.className, $0.metric), columnWidth) }.joined().trimmedEnd + "\n"
      }
    }
    text += "\nPercent; mean ± standard deviation over \(runs) run\(runs == 1 ? "" : "s") on the same test images.\n"
    if hasUndefined {
      text += "-  not defined in any run;  *  not in every run (nothing was predicted as it).\n"
    }
    return text
  }

  /// The answer in one sentence, from the numbers alone: the named method against real images repeated for as many
  /// steps, or the fairest baseline that was run.
  public var answer: String {
    let baselines = ["original-matched", "original-resampled", "original"].filter(methods.contains)
    let synthetic = methods.filter { !$0.hasPrefix("original") }
    guard let baseline = baselines.first, let subject = synthetic.contains("manifold") ? "manifold" : synthetic.first
    else { return "No synthetic method was compared with real images." }
    let pairs = zip(
      values(method: subject, className: nil, metric: Self.balancedAccuracy),
      values(method: baseline, className: nil, metric: Self.balancedAccuracy)
    ).compactMap { pair in pair.0.flatMap { first in pair.1.map { first - $0 } } }
    guard !pairs.isEmpty else { return "There are no scores to compare." }
    let difference = Summary(pairs.map { $0 })
    let mean = 100 * difference.mean!
    let amount = String(format: "%.1f", abs(mean))
    let change =
      mean >= 0
      ? "gains \(amount) points of balanced accuracy over" : "loses \(amount) points of balanced accuracy against"
    let spread = difference.standardDeviation.map {
      String(format: ", standard deviation %.1f over %d paired runs on one split", 100 * $0, pairs.count)
    }
    var sentence = "'\(subject)' \(change) '\(baseline)'\(spread ?? " in one run")"
    if let deviation = difference.standardDeviation {
      let standardError = 100 * deviation / Double(pairs.count).squareRoot()
      if abs(mean) <= 2 * standardError { sentence += ": no evidence of a difference" }
    }
    return sentence + "."
  }
}

extension String {
  fileprivate var trimmedEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
