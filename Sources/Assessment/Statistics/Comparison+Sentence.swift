import Foundation

extension Comparison {
  /// What the numbers allow to say.
  public enum Verdict: String, Codable, Sendable {
    case gain, loss
    case noEvidence = "no-evidence"
    /// One training on one split: nothing says how another training would come out.
    case tooFewRepeats = "too-few-repeats"
    case undefined
  }

  /// By the corrected p-value at 5 %: over splits, or over the test subjects and runs of one split, of which there must be
  /// two at least.
  public var verdict: Verdict {
    guard let mean = meanDifference else { return .undefined }
    guard !isOneRepeat else { return .tooFewRepeats }
    let isDifferent = adjustedPValue.map { $0 < 0.05 } ?? false
    return !isDifferent || mean == 0 ? .noEvidence : mean > 0 ? .gain : .loss
  }

  /// The sentence that the experiment was made for, in points (hundredths) of the figure.
  public var sentence: String { sentence(of: "augmentation") }

  /// - Parameter subject: what is said not to help when there is no evidence that it does.
  public func sentence(of subject: String) -> String {
    guard let mean = meanDifference else {
      return "Nothing can be said of \(method) against \(baseline): their \(figure) is not defined together in any of "
        + "the \(undefinedSplits) split\(undefinedSplits == 1 ? "" : "s")."
    }
    let place =
      rounded(mean) == "0.0"
      ? "equals \(baseline) in \(figure)"
      : "is \(points(mean)) points of \(figure) \(mean > 0 ? "above" : "below") \(baseline)"
    let opening: String
    switch verdict {
    case .gain: opening = "\(method) gains \(points(mean)) points of \(figure) over \(baseline)"
    case .loss: opening = "\(method) loses \(points(mean)) points of \(figure) against \(baseline)"
    case .noEvidence, .undefined: opening = "No evidence that \(subject) helps here: \(method) \(place)"
    case .tooFewRepeats:
      return "One repeat cannot say whether \(subject) helps here: \(method) \(place)" + onOneRepeat + undefinedRemark
        + "."
    }
    return opening + (test.map(overSplits) ?? onOneSplit) + undefinedRemark + "."
  }

  private func overSplits(_ test: CorrectedResampledTest) -> String {
    let splitText = "\(splits) splits"
    guard test.pValue != nil else { return " in each of \(splitText) alike, so that no interval can be given" }
    return ", 95 % interval \(range(test.interval))\(probability); detectable at \(splitText): "
      + points(test.detectableDifference)
  }

  /// The corrected p-value in brackets, if there is one.
  private var probability: String {
    guard let adjustedPValue else { return "" }
    return " (p \(Self.pText(adjustedPValue))" + (comparisons > 1 ? ", corrected for \(comparisons) comparisons" : "")
      + ")"
  }

  private var onOneSplit: String {
    let source = runs > 1 ? "test subjects and \(runs) runs" : "test subjects"
    let interval = subjectInterval.map { ", 95 % interval \(range($0)) over \(source)\(probability)" } ?? ""
    // Without any spread there is nothing to judge by.
    let detectable = detectableDifference.map { $0 > 0 ? "; detectable: \(points($0))" : "" } ?? ""
    return interval + detectable + "; this speaks of one split alone, with \(testSubjects) test subjects, not of others"
  }

  private var onOneRepeat: String {
    let interval = subjectInterval.map { ", 95 % interval \(range($0)) over test subjects alone" } ?? ""
    return interval + "; with another training or other test subjects than these \(testSubjects) it may come out "
      + "otherwise, and a gain could be claimed from two repeats on: more runs, or better more splits"
  }

  private var undefinedRemark: String {
    undefinedSplits == 0
      ? "" : " (\(undefinedSplits) of \(splits + undefinedSplits) splits left out, where the figure is not defined)"
  }

  /// An amount in points, without its sign.
  func points(_ fraction: Double) -> String { rounded(abs(fraction)) }

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
