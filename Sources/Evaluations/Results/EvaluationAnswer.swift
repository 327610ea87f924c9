import Assessment
import Foundation
import Recipes

/// The answer to "do synthetic images help here?", every word of it from the numbers.
///
/// The comparison that counts is with the strongest way that needs no synthetic image; beside it stands the one with the
/// strongest simple augmentation.
struct EvaluationAnswer {
  /// Those that were run.
  let methods: [String]
  /// In balanced accuracy.
  let comparisons: [Comparison]
  /// In the figures without a threshold.
  let areas: [Comparison]
  let figures: [String: EvaluationStatistics.Figures]
  /// The strongest of real images alone, and of simple augmentation; nil where none was run.
  let real: BaselineChoice?
  let simple: BaselineChoice?
  /// What the images of synthetic methods go through.
  let augmentation: AugmentationKind
  let covariates: [String]

  /// Whether there are synthetic images, or else simple augmentation alone is judged.
  private var isOfSynthetic: Bool { methods.contains { EvaluationMethod(rawValue: $0)?.synthetic != nil } }

  /// What is judged.
  private var judged: [String] {
    methods.filter { method in
      guard let method = EvaluationMethod(rawValue: method) else { return false }
      return isOfSynthetic ? method.synthetic != nil : method.change != nil
    }
  }

  private func accuracy(_ method: String) -> Double { figures[method]?.balancedAccuracy.value ?? -1 }

  private func comparison(_ method: String, _ choice: BaselineChoice?) -> Comparison? {
    choice.flatMap { choice in comparisons.first { $0.method == method && $0.baseline == choice.method } }
  }

  private func best(of methods: [String]) -> String? {
    methods.max { accuracy($0) < accuracy($1) }
  }

  /// The best of those that gain; where none does, the best of all.
  private var subject: String? {
    best(of: judged.filter { comparison($0, real)?.verdict == .gain }) ?? best(of: judged)
  }

  /// What simple augmentation is compared with, where it is not itself judged.
  private var rival: BaselineChoice? { isOfSynthetic ? simple : nil }

  /// At most twelve words.
  var verdict: String {
    guard let subject else { return "No way of making images was compared" }
    guard let comparison = comparison(subject, real ?? rival) else {
      return "Nothing to compare with: real images alone were not run"
    }
    let what = isOfSynthetic ? "Synthetic images" : "Augmentation"
    let verb = isOfSynthetic ? "do" : "does"
    func points(_ comparison: Comparison) -> String {
      let mean = comparison.meanDifference ?? 0
      return "\(mean < 0 ? "-" : "+")\(comparison.points(mean)) points"
    }
    let over = self.comparison(subject, rival)
    switch comparison.verdict {
    case .undefined: return "Nothing can be said: the scores are not defined"
    case .tooFewRepeats: return "One repeat cannot say whether \(what.lowercased()) \(isOfSynthetic ? "help" : "helps")"
    case .tooFewSplits: return "Too few splits to say whether \(what.lowercased()) \(isOfSynthetic ? "help" : "helps")"
    case .gain:
      guard let over, over.verdict != .gain, over.baseline != comparison.baseline else {
        return "\(subject) helps: \(points(comparison))"
      }
      return over.baseline == augmentation.rawValue
        ? "Synthetic images add nothing to \(over.baseline) here"
        : "\(subject) helps: \(points(comparison)), but no more than \(over.baseline)"
    case .loss, .noEvidence:
      let harm = comparison.verdict == .loss
      let opening = harm ? "\(what) \(verb) harm here: \(points(comparison))" : "\(what) \(verb) not help here"
      guard let rival, let other = self.comparison(rival.method, real), other.verdict == .gain else { return opening }
      return opening + "; \(rival.method) does: \(points(other))"
    }
  }

  /// One sentence.
  var numbers: String {
    guard let subject else { return "Name a method of synthetic images, such as manifold." }
    let compared = [comparison(subject, real), comparison(subject, rival)].compactMap { $0 }
    guard !compared.isEmpty else { return "Run original-matched as well." }
    let rank = judged.count > 1 ? "\(subject), the best of \(judged.count)," : subject
    return "\(rank) reaches \(percent(accuracy(subject))) balanced accuracy, "
      + compared.map(\.amount).joined(separator: " and ") + "."
  }

  private func percent(_ fraction: Double) -> String { String(format: "%.1f %%", 100 * fraction) }

  /// What else a reader should know, a sentence each.
  var details: [String] {
    guard let subject, let primary = comparison(subject, real ?? rival) else { return covariateSentence }
    var found: [String] = []
    found += [real?.sentence, rival?.sentence].compactMap { $0 }
    found += [shiftedThreshold(subject, primary)].compactMap { $0 }
    if primary.undefinedSplits > 0 {
      let all = primary.splits + primary.undefinedSplits
      found.append("\(primary.undefinedSplits) of \(all) splits are left out, where the scores are not defined.")
    }
    found += reach(primary)
    if let simple, let real, isOfSynthetic, let other = comparison(simple.method, real) {
      found.append("\(simple.method) alone reaches \(percent(accuracy(simple.method))): \(other.amount).")
    }
    let linear = EvaluationMethod.linear.rawValue
    if methods.contains(linear), linear != real?.method {
      found.append("linear, which needs no network, reaches \(percent(accuracy(linear))).")
    }
    if augmentation != .none, isOfSynthetic { found.append(throughAugmentation(subject)) }
    return found + covariateSentence
  }

  /// Balanced accuracy goes by a threshold; the order of the images does not.
  private func shiftedThreshold(_ subject: String, _ primary: Comparison) -> String? {
    guard primary.verdict == .gain,
      let area = areas.first(where: {
        $0.method == subject && $0.baseline == primary.baseline && $0.figure == EvaluationResults.rocArea
      }), area.verdict != .gain, area.meanDifference != nil
    else { return nil }
    return "The area under the ROC curve does not gain with it: \(subject) has \(area.amount). So its images shift the "
      + "threshold rather than tell the classes better apart."
  }

  /// How far the answer reaches.
  private func reach(_ comparison: Comparison) -> [String] {
    var found: [String] = []
    if comparison.comparisons > 1, comparison.adjustedPValue != nil {
      found.append("p is corrected for \(comparison.comparisons) comparisons.")
    }
    if comparison.verdict != .gain, let detectable = comparison.detectableDifference, detectable > 0 {
      found.append(
        "Such an experiment finds a gain of \(comparison.points(detectable)) points or more with 80 % power.")
    }
    switch comparison.verdict {
    case .tooFewRepeats:
      found.append("A gain can be claimed from two repeats on: take more runs, or better more splits.")
    case .tooFewSplits: found.append("Take five splits or more.")
    default:
      if comparison.test == nil {
        found.append(
          "This speaks of one split alone, with \(comparison.testSubjects) test subjects, not of others.")
      }
    }
    return found
  }

  private func throughAugmentation(_ subject: String) -> String {
    let name = augmentation.rawValue
    return rival?.method == name
      ? "The images of \(subject) go through \(name) as well, so only what it gains over \(name) is the synthetic images' "
        + "own."
      : "The images of \(subject) go through \(name) as well, and the method \(name), which shows what that alone is "
        + "worth, was not run: a gain may be all its own."
  }

  private var covariateSentence: [String] {
    guard let value = figures[EvaluationMethod.covariates.rawValue]?.balancedAccuracy.value else { return [] }
    let names =
      covariates.isEmpty ? "the covariates" : covariates.formatted(.list(type: .and).locale(.init(identifier: "en")))
    return ["Without any image, \(names) reach \(percent(value))."]
  }
}
