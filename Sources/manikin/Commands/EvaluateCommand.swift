import ArgumentParser
import Experiments
import Foundation

struct EvaluateCommand: ComputingCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure whether synthetic images help a classifier on your data.",
    discussion: """
      Splits the images by subject several times (or takes the split that is there), and in each split trains one \
      model for each class on the training images, draws synthetic images by each method, trains a small classifier on \
      each set, and scores it on the test images. The answer has an interval and a test beside it. Everything goes to one run folder, with a report to open in a browser; a run that \
      was stopped goes on where it was.

      Example: manikin evaluate DATA --out RUN --splits 10
      """)

  @Argument(help: "A folder of class folders, or one already split into train, val and test.")
  var data: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The run folder (default: manikin-runs/NAME).", valueName: "folder"))
  var out: String?

  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp("'repeated' splits, or one as in the 'paper' (default: repeated).", valueName: "name"))
  var evaluationProtocol: String?

  @Option(help: ArgumentHelp("How many splits (default: 5).", valueName: "n"))
  var splits: String?

  @Option(
    help: ArgumentHelp("Classifier trainings for each method and split (default: by protocol).", valueName: "n"))
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

  @Option(
    help: ArgumentHelp("Score on these images of another place too, of the same classes.", valueName: "folder"))
  var test: String?

  @Option(help: ArgumentHelp("A table with the classes of these.", valueName: "file"))
  var testLabels: String?

  @Option(
    help: ArgumentHelp("Divide by 'subject', 'site-stratified', or test on one 'site' at a time.", valueName: "way"))
  var splitBy: String?

  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Recipe") var options: RecipeOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let recipe = try options.resolved(
      data: data, out: out,
      further: dataOptions.overrides + [
        ("evaluation.protocol", evaluationProtocol, "--protocol"), ("evaluation.splits", splits, "--splits"),
        ("evaluation.runs", runs, "--runs"), ("evaluation.methods", methods, "--methods"),
        ("evaluation.train-on", trainOn, "--train-on"), ("synthetic.render", render, "--render"),
        ("evaluation.synthetic-per-class", syntheticPerClass, "--synthetic-per-class"),
        ("data.test", test, "--test"), ("data.test-labels", testLabels, "--test-labels"),
        ("data.split.by", splitBy, "--split-by"),
      ])
    guard recipe.evaluation.runs > 0 else {
      throw ExperimentsError.option(
        name: "--runs", problem: "an evaluation needs at least 1 classifier training for each method, not 0")
    }
    try Self.run(recipe, output)
  }

  /// Runs an experiment and prints its table.
  static func run(_ recipe: Recipe, _ output: OutputOptions) throws {
    if let sweep = try Sweep(recipe, progress: Screen.reporter(quiet: output.quiet)) {
      let outcome = try sweep.run()
      Screen.result(output.json ? outcome.json : outcome.text)
      if !output.quiet { Screen.note("Open the report: \(outcome.report.relativePath)") }
      return
    }
    let outcome = try Experiment(recipe, progress: Screen.reporter(quiet: output.quiet)).evaluate()
    if output.json {
      Screen.result(try String(contentsOf: outcome.folder.appending(path: "results.json"), encoding: .utf8))
    } else if outcome.statistics != nil {
      Screen.result(outcome.text)
    }
    if !output.quiet { Screen.note("Open the report: \(outcome.report.relativePath)") }
  }
}
