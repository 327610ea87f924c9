import ArgumentParser
import Experiments
import Foundation
import Recipes

/// Whether a command only says what it would do.
struct DryRunOption: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Read the images, try a second of the work, say what it would do and how long that takes, and stop."))
  var dryRun = false

  /// - Parameter isEvaluated: whether classifiers are trained.
  func show(_ recipe: Recipe, _ output: OutputOptions, isEvaluated: Bool = true) throws {
    Interruption.keepsNothing.store(true, ordering: .relaxed)
    let progress = Screen.reporter(quiet: output.quiet)
    if isEvaluated, let sweep = try Sweep(recipe, progress: progress) {
      let outlines = try sweep.plan()
      return Screen.result(
        output.json
          ? "[" + (try outlines.map { try $0.json }.joined(separator: ",\n")) + "]"
          : outlines.map(\.text).joined(separator: "\n\n")
            + "\n\nAll values together: about \(ExperimentOutline.duration(outlines.reduce(0) { $0 + $1.seconds })).")
    }
    let outline = try Experiment(recipe, progress: progress).plan(isEvaluated: isEvaluated)
    Screen.result(output.json ? try outline.json : outline.text)
  }
}
