import Datasets
import Foundation
import Recipes

/// What a run would do, for `--dry-run`.
struct AutoPlan {
  let recipe: Recipe
  let settings: AutoSettings
  let data: ExperimentData

  var text: String {
    let counts = data.classes.map { name in
      "\(name) \(data.indices(of: name, in: .train).count) / \(data.indices(of: name, in: .validation).count) / "
        + "\(data.indices(of: name, in: .test).count)"
    }
    let divisions = data.cameSplit ? 1 : min(settings.divisions, data.mostDivisions)
    let parts = divisions + (data.cameSplit ? 0 : 1)
    let ways =
      settings.isPrivate
      ? Way.privateTable : Way.table(hasValidation: !data.indices(in: .validation).isEmpty)
    let width = ways.map(\.name.count).max() ?? 0
    let minutes = String(format: "%.3g", settings.minutes)
    return
      ([
        "Images for training / validation / test" + (data.cameSplit ? "" : " in the first division") + ": "
          + counts.joined(separator: ", "),
        data.cameSplit
          ? "The images came split: \(minutes) minutes for one race inside the training images, and the test images say what it "
            + "gained."
          : "\(minutes) minutes for \(parts) races: one inside each of \(divisions) divisions of the subjects, whose test images "
            + "say what the procedure gains, and one on all images, which gives what is handed over.",
        "",
        "\(ways.count) ways, as far as time allows; each trains a classifier", "",
      ]
      + ways.map { $0.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + $0.meaning }).joined(
        separator: "\n")
  }
}
