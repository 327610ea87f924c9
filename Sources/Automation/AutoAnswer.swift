import Assessment
import Datasets
import Foundation
import Recipes

/// What a run found, for people and for programs (`answer.json`).
public struct AutoAnswer: Codable, Sendable {
  /// `helps`, `hurts`, `no difference shown`, or `too little to say`.
  public var verdict: String
  /// The answer in a few words.
  public var answer: String
  /// The numbers behind it, in one sentence: the gain of the procedure on test images that no choice has seen.
  public var numbers: String
  /// What to do.
  public var advice: String
  /// What else belongs to it, a sentence each.
  public var details: [String]
  var gain: ProcedureGain
  /// What was chosen on all images; nil where nothing could be taken.
  var chosen: Choice?
  /// Every way of that race.
  var ways: [Race.Standing]
  var divisions: [Division]
  /// The gain over simple ways on the same test images.
  var beside: [Beside]
  /// The best single way in hindsight; nil where it was not asked for.
  var hindsight: Hindsight?
  /// What is to be known of the images and the settings.
  var notes: [String]
  /// Scores of other ways beside, by name: balanced accuracy and area under the ROC curve.
  var others: [String: [Double?]]
  public var minutes: Double
  public var elapsedSeconds: Double
  var seed: Int
  var manikin: String
  /// What was written, by its path in the run folder.
  public var files: [String]

  /// For the screen.
  public var text: String {
    let table =
      ["division  balanced accuracy  (matched)  ROC area  (matched)  chosen"]
      + divisions.enumerated().map { index, division in
        func cell(_ value: Double?, _ width: Int) -> String {
          let text = value.map { String(format: "%.1f", 100 * $0) } ?? "NA"
          return String(repeating: " ", count: max(0, width - text.count)) + text
        }
        return String(format: "%8d", index + 1) + cell(division.balancedAccuracy, 19)
          + cell(division.baselineBalancedAccuracy, 11) + cell(division.rocArea, 10)
          + cell(division.baselineRocArea, 11)
          + "  " + (division.chosen.isEmpty ? "none" : division.chosen.joined(separator: " + "))
      }
    let paragraphs = [answer + ".", numbers, advice] + details + (hindsight?.sentences ?? [])
    return (table + paragraphs.flatMap { [""] + TextWrap.lines($0, width: 80) }).joined(separator: "\n")
  }

  /// What one division came to, for the screen while the run goes on.
  static func line(_ result: DivisionResult, of divisions: Int, classes: Int) -> String? {
    let own = Division.Score(result.procedure, of: result, classes: classes)
    let baseline = Division.Score(result.baseline, of: result, classes: classes)
    guard let own = own.balancedAccuracy, let other = baseline.balancedAccuracy else { return nil }
    let names = result.choice?.members.joined(separator: " + ") ?? "nothing"
    return String(
      format: "Division %d of %d: %@ chosen; balanced accuracy on its test images %.1f %%, of original-matched %.1f %%",
      result.division + 1, divisions, names, 100 * own, 100 * other)
  }
}
