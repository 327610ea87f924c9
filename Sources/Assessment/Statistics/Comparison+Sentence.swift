import Foundation

extension Comparison {
  /// What the numbers allow to say.
  public enum Verdict: String, Codable, Sendable {
    case gain, loss
    case noEvidence = "no-evidence"
    /// One training on one split: nothing says how another training would come out.
    case tooFewRepeats = "too-few-repeats"
    /// The interval over splits goes beyond what a difference can be.
    case tooFewSplits = "too-few-splits"
    case undefined
  }

  /// By the corrected p-value at 5 %: over splits, or over the test subjects and runs of one split, of which there must be
  /// two at least.
  public var verdict: Verdict {
    guard let mean = meanDifference else { return .undefined }
    guard !isOneRepeat else { return .tooFewRepeats }
    guard !hasTooFewSplits else { return .tooFewSplits }
    let isDifferent = adjustedPValue.map { $0 < 0.05 } ?? false
    return !isDifferent || mean == 0 ? .noEvidence : mean > 0 ? .gain : .loss
  }

  /// The difference in a clause that follows the method, such as "4.5 points more than original-matched (95 % interval 1.2
  /// to 7.8, p = 0.03)". Points are hundredths of the figure.
  public var amount: String {
    guard let mean = meanDifference else { return "not comparable with \(baseline)" }
    let size =
      points(mean) == "0.0"
      ? "as much as \(baseline)" : "\(points(mean)) points \(mean > 0 ? "more" : "less") than \(baseline)"
    return size + (remark.map { " (\($0))" } ?? "")
  }

  /// How sure the difference is.
  private var remark: String? {
    if hasTooFewSplits { return "too few splits to say" }
    if isOneRepeat { return "one repeat, which proves nothing" }
    guard let interval else { return nil }
    let (lower, upper) =
      (meanDifference ?? 0) < 0 ? (-interval.upper, -interval.lower) : (interval.lower, interval.upper)
    let probability = adjustedPValue.map { ", p \(Self.pText($0))" } ?? ""
    return "95 % interval \(rounded(lower)) to \(rounded(upper))\(probability)"
  }

  /// An amount in points, without its sign.
  public func points(_ fraction: Double) -> String { rounded(abs(fraction)) }

  private func rounded(_ fraction: Double) -> String {
    let text = String(format: "%.1f", 100 * fraction)
    return text == "-0.0" ? "0.0" : text
  }

  /// The ends of an interval, seen from the side of the sentence: positive for a loss that is told as a loss.
  func range(_ interval: Interval) -> String {
    verdict == .loss
      ? "\(rounded(-interval.upper)) to \(rounded(-interval.lower))"
      : "\(rounded(interval.lower)) to \(rounded(interval.upper))"
  }

  static func pText(_ value: Double) -> String {
    value < 0.001 ? "< 0.001" : String(format: "= %.2g", value)
  }
}
