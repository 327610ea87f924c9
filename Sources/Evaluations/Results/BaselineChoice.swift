import Foundation
import Recipes

/// The strongest of some ways that need no synthetic image, against which synthetic images have to show a gain.
struct BaselineChoice: Equatable {
  let method: String
  /// All that were run, the chosen one among them.
  let candidates: [String]
  /// Whether validation images chose it. Otherwise the largest mean on the test images did: a gain over that is one over
  /// every candidate's mean, and its p-value is corrected for the comparisons with all of them.
  let isByValidation: Bool

  /// Real images alone; `original` is hardly trained where classes are unequal, and counts where nothing else was run.
  static let realImages: [EvaluationMethod] = [.originalMatched, .originalWeighted, .originalResampled, .linear]
  /// Real images that are changed when they are seen.
  static let simpleAugmentation: [EvaluationMethod] = [.classical, .elastic, .mixup]

  /// - Parameters:
  ///   - methods: those that were run.
  ///   - validation: mean balanced accuracy on validation images, by method; not complete where there are none.
  ///   - test: the same on test images.
  /// - Returns: nil when none of the candidates was run. Of equals the first in the order of the methods is chosen.
  init?(among methods: [String], validation: [String: Double], test: [String: Double]) {
    guard !methods.isEmpty else { return nil }
    candidates = methods
    isByValidation = methods.allSatisfy { validation[$0] != nil }
    let scores = isByValidation ? validation : test
    var best = methods[0]
    for method in methods.dropFirst() where (scores[method] ?? -1) > (scores[best] ?? -1) { best = method }
    method = best
  }

  /// How it was chosen, in a sentence; nil where there was no choice.
  var sentence: String? {
    guard candidates.count > 1 else { return nil }
    let others = candidates.filter { $0 != method }.formatted(.list(type: .and).locale(.init(identifier: "en")))
    return isByValidation
      ? "\(method) is compared with since it scored best on the validation images, before \(others)."
      : "\(method) is compared with since its mean on the test images is the largest, before \(others); p is corrected "
        + "for the comparisons with these, too."
  }
}
