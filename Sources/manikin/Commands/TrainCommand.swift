import ArgumentParser
import Experiments
import Foundation

struct TrainCommand: ComputingCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a generative model: one for all classes, or one for each.",
    discussion: """
      Uses every image of the cohort, or the training images of one that is already split (its validation images choose \
      the epoch to keep). Weights are safetensors files under PyTorch's names; 'manikin generate' draws from them.

      Example: manikin train DATA --out MODELS
      """)

  @Argument(help: "A folder of class folders, or one already split into train, val and test.")
  var data: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write.", valueName: "folder"))
  var out: String

  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Recipe") var options: RecipeOptions
  @OptionGroup var plan: DryRunOption
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let recipe = try options.resolved(data: data, out: out, further: dataOptions.overrides)
    guard !plan.dryRun else { return try plan.show(recipe, output, isEvaluated: false) }
    let folder = try Experiment(recipe, progress: Screen.reporter(quiet: output.quiet)).train()
    Screen.result(
      output.json ? try Screen.json(["models": folder.relativePath]) : "Models: \(folder.relativePath)")
  }
}
