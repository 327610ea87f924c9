import ArgumentParser
import Comparisons
import Foundation

struct CompareCommand: ComputingCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare generative models and ways of drawing on your images, as the paper's Table 1 does.",
    discussion: """
      Trains every model of compare.models on the images of all classes, draws images by every method of compare.methods \
      that goes with it, and gives their Fréchet distance from the test images and their precision and recall. The \
      validation images choose the settings. A comparison that was stopped continues where it was; you can add models, \
      methods, seeds and settings.

      Example: manikin compare DATA --out RUN --models vae,ae --seeds 3
      """)

  @Argument(help: "A folder of class folders, or one already split; or a recipe (.yaml) that names one.")
  var data: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The run folder (default: manikin-runs/NAME-compare).", valueName: "folder"))
  var out: String?

  @Option(help: ArgumentHelp("Models, with commas between them (default: those of Table 1).", valueName: "names"))
  var models: String?

  @Option(help: ArgumentHelp("Ways of drawing (default: prior, gmm, manifold and a model's own).", valueName: "names"))
  var methods: String?

  @Option(help: ArgumentHelp("Trainings of each model; 2 or more give intervals (default: 1).", valueName: "n"))
  var seeds: String?

  @Option(help: ArgumentHelp("Settings to try for each model (default: 1).", valueName: "n"))
  var settings: String?

  @Option(help: ArgumentHelp("Numbers of training images, such as 1000,5000,all (default: all).", valueName: "list"))
  var sizes: String?

  @Option(help: ArgumentHelp("Images drawn each time (default: as many as test images).", valueName: "n"))
  var samples: String?

  @Flag(help: "See in minutes what you will get, with few small images and few steps.")
  var quick = false

  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Recipe") var options: RecipeOptions
  @OptionGroup var plan: DryRunOption
  @OptionGroup(title: "Output") var output: OutputOptions

  private var namesRecipe: Bool { ["yaml", "yml"].contains(URL(filePath: data).pathExtension.lowercased()) }

  func validate() throws {
    guard namesRecipe, options.recipe != nil else { return }
    throw ValidationError("Give one recipe: as DATA, or with --recipe and a folder of images as DATA.")
  }

  func run() throws {
    var options = options
    if namesRecipe { options.recipe = data }
    let place = namesRecipe ? out : out ?? "manikin-runs/\(RecipeOptions.name(of: data))-compare"
    let recipe = try options.resolved(
      data: namesRecipe ? nil : data, out: place,
      further: dataOptions.overrides + [
        ("compare.models", models, "--models"), ("compare.methods", methods, "--methods"),
        ("compare.seeds", seeds, "--seeds"), ("compare.settings", settings, "--settings"),
        ("compare.sizes", sizes, "--sizes"), ("compare.samples", samples, "--samples"),
        ("compare.quick", quick ? "true" : nil, "--quick"),
      ])
    guard !plan.dryRun else {
      return try plan.show(output) { ([try ModelComparison(recipe, progress: $0).plan()], nil) }
    }
    Self.show(
      try ModelComparison(recipe, progress: Screen.reporter(quiet: output.quiet)).run(), output)
  }

  /// Prints the table of a comparison.
  static func show(_ outcome: ModelComparison.Outcome, _ output: OutputOptions) {
    Screen.result(output.json ? outcome.json : outcome.text)
    if !output.quiet { Screen.note("Open the report: \(outcome.report.relativePath)") }
  }
}
