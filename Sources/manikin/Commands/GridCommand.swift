import ArgumentParser
import Comparisons
import Foundation
import Recipes

struct GridCommand: ComputingCommand {
  static let configuration = CommandConfiguration(
    commandName: "grid",
    abstract: "Find the way of augmenting that suits your data, by its validation images.",
    discussion: """
      Tries every combination of generator.share, synthetic.render and synthetic.method (section 'grid' of a recipe). It \
      adds the images to balanced real ones (or replaces those, with grid.train-on) and compares with balanced real images \
      alone, in pairs of classifiers that take as many steps. It names the best combination on the validation images, with \
      its score on the test images. A grid that was stopped continues where it was; more --runs extend it.

      Example: manikin grid DATA --out GRID --runs 10
      """)

  @Argument(help: "A folder of class folders, or one already split into train, val and test.")
  var data: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The run folder (default: manikin-runs/NAME-grid).", valueName: "folder"))
  var out: String?

  @Option(help: ArgumentHelp("Classifiers trained for each way (default: 5).", valueName: "n"))
  var runs: String?

  @Option(help: ArgumentHelp("Synthetic images of each class (default: 500).", valueName: "n"))
  var syntheticPerClass: String?

  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Recipe") var options: RecipeOptions
  @OptionGroup var plan: DryRunOption
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let recipe = try options.resolved(
      data: data, out: out ?? "manikin-runs/\(RecipeOptions.name(of: data))-grid",
      further: dataOptions.overrides + [
        ("evaluation.runs", runs, "--runs"),
        ("evaluation.synthetic-per-class", syntheticPerClass, "--synthetic-per-class"),
      ])
    guard recipe.evaluation.runs > 0 else {
      throw ExperimentsError.option(name: "--runs", problem: "a grid needs at least 1 classifier for each way, not 0")
    }
    guard !plan.dryRun else {
      return try plan.show(output) { ([try BenefitGrid(recipe, progress: $0).plan()], nil) }
    }
    let table = try BenefitGrid(recipe, progress: Screen.reporter(quiet: output.quiet)).run()
    try Self.show(table, output)
  }

  /// Prints the table of a grid.
  static func show(_ table: BenefitTable, _ output: OutputOptions) throws {
    Screen.result(output.json ? try Screen.json(BenefitSummary(table)) : table.text)
  }
}
