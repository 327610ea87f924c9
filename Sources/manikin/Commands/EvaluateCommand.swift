import ArgumentParser
import Experiments
import Foundation

struct EvaluateCommand: ComputingCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure whether synthetic images help a classifier on your data.",
    discussion: """
      Splits the images by subject (or takes the split that is there), trains one model for each class on the training \
      images, draws synthetic images by each method, trains a small classifier on each set over repeated runs, and \
      scores it on the test images. Everything goes to one run folder, with a report to open in a browser; a run that \
      was stopped goes on where it was.

      Example: manikin evaluate DATA --out RUN --runs 10
      """)

  @Argument(help: "A folder of class folders, or one already split into train, val and test.")
  var data: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The run folder (default: manikin-runs/NAME).", valueName: "folder"))
  var out: String?

  @Option(help: ArgumentHelp("Classifier trainings for each method (default: 5).", valueName: "n"))
  var runs: String?

  @Option(help: ArgumentHelp("Methods to compare, with commas between them (default: all).", valueName: "names"))
  var methods: String?

  @Option(help: ArgumentHelp("Train on 'synthetic' images alone or 'both' (default: both).", valueName: "set"))
  var trainOn: String?

  @Option(
    help: ArgumentHelp("How points become images: residual, observe or decode (default: residual).", valueName: "way"))
  var render: String?

  @Option(help: ArgumentHelp("Synthetic images of each class (default: 500).", valueName: "n"))
  var syntheticPerClass: String?

  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Recipe") var options: RecipeOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let recipe = try options.resolved(
      data: data, out: out,
      further: dataOptions.overrides + [
        ("evaluation.runs", runs, "--runs"), ("evaluation.methods", methods, "--methods"),
        ("evaluation.train-on", trainOn, "--train-on"), ("synthetic.render", render, "--render"),
        ("evaluation.synthetic-per-class", syntheticPerClass, "--synthetic-per-class"),
      ])
    guard recipe.evaluation.runs > 0 else {
      throw ExperimentsError.option(
        name: "--runs", problem: "an evaluation needs at least 1 classifier training for each method, not 0")
    }
    try Self.run(recipe, output)
  }

  /// Runs an experiment and prints its table.
  static func run(_ recipe: Recipe, _ output: OutputOptions) throws {
    let outcome = try Experiment(recipe, progress: Screen.reporter(quiet: output.quiet)).evaluate()
    if output.json {
      Screen.result(try String(contentsOf: outcome.folder.appending(path: "results.json"), encoding: .utf8))
    } else if recipe.evaluation.runs > 0 {
      Screen.result(outcome.results.text + "\n" + outcome.results.answer)
    }
    if !output.quiet { Screen.note("Open the report: \(outcome.report.relativePath)") }
  }
}
