import ArgumentParser
import Experiments
import Foundation
import Recipes

struct EvaluateCommand: ComputingCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure whether synthetic images help a classifier on your data.",
    discussion: """
      Splits the images by subject several times (or takes the split that is there). In each split it trains a model on \
      the training images, draws synthetic images by each method, trains a small classifier on each set, and scores it on \
      the test images. The answer comes with an interval and a test. Everything goes to one run folder, with a report to \
      open in a browser; a run that was stopped continues where it was.

      Example: manikin evaluate DATA --out RUN --splits 10
      """)

  @Argument(help: "A folder of class folders, or one already split into train, val and test.")
  var data: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The run folder (default: manikin-runs/NAME).", valueName: "folder"))
  var out: String?

  @OptionGroup var evaluation: EvaluationOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Recipe") var options: RecipeOptions
  @OptionGroup var plan: DryRunOption
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let recipe = try options.resolved(
      data: data, out: out, further: dataOptions.overrides + evaluation.overrides)
    guard recipe.evaluation.runs > 0 else {
      throw ExperimentsError.option(
        name: "--runs", problem: "an evaluation needs at least 1 classifier training for each method, not 0")
    }
    try Self.run(recipe, plan, output)
  }

  /// Runs an experiment and prints its table.
  static func run(_ recipe: Recipe, _ plan: DryRunOption, _ output: OutputOptions) throws {
    guard !plan.dryRun else { return try plan.show(recipe, output) }
    if let sweep = try Sweep(recipe, progress: Screen.reporter(quiet: output.quiet)) {
      return show(try sweep.run(), output)
    }
    try show(Experiment(recipe, progress: Screen.reporter(quiet: output.quiet)).evaluate(), output)
  }

  /// Prints the table of a sweep.
  static func show(_ outcome: Sweep.Outcome, _ output: OutputOptions) {
    Screen.result(output.json ? outcome.json : outcome.text)
    if !output.quiet { Screen.note("Open the report: \(outcome.report.relativePath)") }
  }

  /// Prints the table of an experiment.
  static func show(_ outcome: Experiment.Outcome, _ output: OutputOptions) throws {
    if output.json {
      Screen.result(try String(contentsOf: outcome.folder.appending(path: "results.json"), encoding: .utf8))
    } else if outcome.statistics != nil {
      Screen.result(outcome.text)
    }
    if !output.quiet { Screen.note("Open the report: \(outcome.report.relativePath)") }
  }
}
