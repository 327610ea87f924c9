import ArgumentParser
import Foundation

struct RunCommand: ComputingCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run the experiment that a recipe describes.",
    discussion: """
      Does all that 'evaluate' does, with the data that the recipe names. 'manikin recipe --explain' shows every key of a \
      recipe.

      Example: manikin run quickstart --out RUN
      """)

  @Argument(help: "The recipe: a YAML file, or the name of one that comes with Manikin ('manikin recipe --list').")
  var recipe: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The run folder (default: manikin-runs/NAME).", valueName: "folder"))
  var out: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Set any key of the recipe, such as evaluation.runs=20; may be repeated.", valueName: "key=value"))
  var settings: [String] = []

  @OptionGroup var plan: DryRunOption
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    var options = try RecipeOptions.parse([])
    options.recipe = recipe
    options.settings = settings
    try EvaluateCommand.run(options.resolved(out: out), plan, output)
  }
}
