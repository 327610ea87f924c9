import ArgumentParser
import Experiments
import Forecasts
import Foundation
import Recipes
import Runs

/// Whether a command only says what it would do.
struct DryRunOption: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Read the images, try a second of the work, say what it would do and how long that takes, and stop."))
  var dryRun = false

  /// - Parameter isEvaluated: whether classifiers are trained.
  func show(_ recipe: Recipe, _ output: OutputOptions, isEvaluated: Bool = true) throws {
    try show(output) { progress in
      guard isEvaluated, let sweep = try Sweep(recipe, progress: progress) else {
        return ([try Experiment(recipe, progress: progress).plan(isEvaluated: isEvaluated)], nil)
      }
      let (outlines, sum) = try sweep.plan()
      return (outlines, sum)
    }
  }

  /// - Parameter plan: what would be done, and a line on several together; nil for one alone.
  func show(
    _ output: OutputOptions, _ plan: (ProgressReporter) throws -> (outlines: [RunOutline], sum: String?)
  ) throws {
    Interruption.keepsNothing.store(true, ordering: .relaxed)
    let (outlines, sum) = try plan(Screen.reporter(quiet: output.quiet))
    guard let sum else { return Screen.result(output.json ? try outlines[0].json : outlines[0].text) }
    Screen.result(
      output.json
        ? "[" + (try outlines.map { try $0.json }.joined(separator: ",\n")) + "]"
        : (outlines.map(\.text) + [sum]).joined(separator: "\n\n"))
  }
}
