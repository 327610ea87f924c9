import Datasets
import Foundation
import ImageSets
import Recipes

/// What a run would do, for `--dry-run`.
public struct AutoPlan: Codable, Sendable {
  /// Images of a class, under the first division or the given split.
  struct ClassCount: Codable, Sendable {
    var name: String
    var training: Int
    var validation: Int
    var test: Int
  }

  struct PlannedWay: Codable, Sendable {
    var name: String
    /// What it does, after "a classifier trained".
    var meaning: String
    /// The keys of a recipe that it sets.
    var settings: [String: String]
  }

  var classes: [ClassCount]
  /// Whether the images came split.
  var isSplit: Bool
  var minutes: Double
  /// Divisions whose test images say what the procedure gains.
  var divisions: Int
  /// One in each division and, where the images did not come split, one on all of them.
  var races: Int
  var isPrivate: Bool
  /// Whether every way is scored on every division afterwards, beyond these minutes.
  var looksBack: Bool
  var ways: [PlannedWay]
  /// What is to be known of the images and the settings.
  var notes: [String]

  init(_ run: AutoRun, data: ExperimentData) {
    classes = data.classes.map { name in
      func count(_ side: Split) -> Int { data.indices(of: name, in: side).count }
      return ClassCount(name: name, training: count(.train), validation: count(.validation), test: count(.test))
    }
    isSplit = data.cameSplit
    minutes = run.settings.minutes
    divisions = isSplit ? 1 : min(run.settings.divisions, data.mostDivisions)
    races = divisions + (isSplit ? 0 : 1)
    (isPrivate, looksBack) = (run.settings.isPrivate, run.settings.looksBack)
    ways = run.ways(hasValidation: !data.indices(in: .validation).isEmpty).map { way in
      PlannedWay(
        name: way.name, meaning: way.meaning,
        settings: Dictionary(uniqueKeysWithValues: way.settings.map { ($0.key, $0.value) }))
    }
    notes = (data.leak.map { [$0] } ?? []) + data.notes + run.notesOnSettings(data)
  }

  /// For the screen.
  public var text: String {
    let counts = classes.map { "\($0.name) \($0.training) / \($0.validation) / \($0.test)" }
    let width = ways.map(\.name.count).max() ?? 0
    let minutes = String(format: "%.3g", minutes)
    let sides = "Images for training / validation / test" + (isSplit ? "" : " in the first division")
    var lines = [
      "\(sides): \(counts.joined(separator: ", "))",
      isSplit
        ? "The images came split: \(minutes) minutes for one race inside the training images, and the test images say what it "
          + "gained."
        : "\(minutes) minutes for \(races) races: one inside each of \(divisions) divisions of the subjects, whose test images "
          + "say what the procedure gains, and one on all images, which gives what is handed over.",
    ]
    if looksBack {
      lines.append(
        "Afterwards, beyond these minutes, each of the ways once in each division: what the best single one comes to.")
    }
    lines += notes.map { "note: \($0)" }
    lines += ["", "\(ways.count) ways, as far as time allows; each trains a classifier", ""]
    lines += ways.map { $0.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + $0.meaning }
    return lines.joined(separator: "\n")
  }
}
