import Assessment
import Foundation

/// The answer to "does augmentation help here?", every word of it from the numbers.
struct EvaluationAnswer {
  let methods: [String]
  let comparisons: [Comparison]
  let figures: [String: EvaluationStatistics.Figures]
  /// What the images of synthetic methods go through.
  let augmentation: AugmentationKind
  let covariates: [String]

  /// What makes new training images: all but the real images themselves and what sees no images.
  private func isAugmentation(_ method: String) -> Bool {
    guard let method = EvaluationMethod(rawValue: method) else { return false }
    return method.synthetic != nil || method.change != nil
  }

  private func explanation(of baseline: String, _ subject: String) -> String {
    switch EvaluationMethod(rawValue: baseline) {
    case .originalMatched: ", which takes as many optimiser steps as \(subject)"
    case .originalResampled where augmentation != .none: ", whose images are seen as they are"
    default: ""
    }
  }

  /// The first says the answer; the others qualify it.
  var sentences: [String] {
    let augmentations = methods.filter(isAugmentation)
    guard let subject = augmentations.contains("manifold") ? "manifold" : augmentations.last else {
      return ["No method of augmentation was compared."]
    }
    guard let primary = comparisons.first(where: { $0.method == subject }) else {
      return ["There is nothing to compare \(subject) with: no method of real images was run."]
    }
    let gains = comparisons.filter {
      $0.baseline == primary.baseline && $0.verdict == .gain && isAugmentation($0.method)
    }
    var sentences = [primary.sentence(of: gains.isEmpty ? "augmentation" : subject)]
    for other in comparisons where other.method == subject && other.baseline != primary.baseline {
      sentences.append("Against \(other.baseline)\(explanation(of: other.baseline, subject)), it \(other.clause).")
    }
    if augmentation != .none, EvaluationMethod(rawValue: subject)?.synthetic != nil {
      sentences.append(
        primary.baseline == augmentation.rawValue
          ? "The images of \(subject) go through \(augmentation.rawValue) as well, so only what it gains over "
            + "\(augmentation.rawValue) is the synthetic images' own."
          : "The images of \(subject) go through \(augmentation.rawValue) as well, and the method "
            + "\(augmentation.rawValue), which shows what that alone is worth, was not run: a gain may be all its own.")
    }
    let others = gains.filter { $0.method != subject }
    if let best = others.max(by: { ($0.meanDifference ?? 0) < ($1.meanDifference ?? 0) }) {
      sentences.append("Of the other methods, \(best.method) does best: over \(best.baseline) it \(best.clause).")
    }
    if let value = figures[EvaluationMethod.covariates.rawValue]?.balancedAccuracy.value {
      let names =
        covariates.isEmpty ? "the covariates" : covariates.formatted(.list(type: .and).locale(.init(identifier: "en")))
      sentences.append("Without any image, \(names) reach \(String(format: "%.1f", 100 * value)) %.")
    }
    return sentences
  }
}
