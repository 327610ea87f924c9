import ArgumentParser
import Experiments
import Foundation

struct GenerateCommand: ComputingCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Write class folders of synthetic images from trained models.",
    discussion: """
      Beside the images lie manifest.csv (file, class, model, seed, chain, acceptance, the nearest training image and \
      its distance) and dataset_description.json.

      Example: manikin generate MODELS --per-class 200 --out SYNTHETIC
      """)

  @Argument(help: "A folder that 'manikin train' or 'manikin evaluate' wrote.")
  var models: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write.", valueName: "folder"))
  var out: String

  @Option(parsing: .unconditional, help: ArgumentHelp("Images of each class.", valueName: "n"))
  var perClass: String

  @Option(help: ArgumentHelp("manifold, prior, gmm or posterior (default: manifold).", valueName: "name"))
  var method: String?

  @Option(
    help: ArgumentHelp("class-folders, or bids for a BIDS derivative (default: class-folders).", valueName: "name"))
  var layout: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Whatever is random follows from it (default: 0).", valueName: "n"))
  var seed: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Set any key of a recipe, such as metric.lambda=0.1; may be repeated.", valueName: "key=value"))
  var settings: [String] = []

  @Flag(help: "Replace a folder that Manikin wrote before.")
  var overwrite = false

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    var options = try RecipeOptions.parse([])
    options.settings = settings
    options.seed = seed
    let recipe = try options.resolved(further: [
      ("synthetic.per-class", perClass, "--per-class"), ("synthetic.method", method, "--method"),
      ("synthetic.layout", layout, "--layout"),
    ])
    let trained = try TrainedModel.load(all: URL(filePath: models, directoryHint: .isDirectory))
    let counts = Dictionary(uniqueKeysWithValues: trained.map { ($0.card.className, recipe.synthetic.perClass ?? 0) })
    guard recipe.synthetic.perClass != nil else {
      throw ExperimentsError.option(name: "--per-class", problem: "give a number of images, not '\(perClass)'")
    }
    let outcome = try Generation(recipe, progress: Screen.reporter(quiet: output.quiet))
      .write(trained, counts: counts, to: URL(filePath: out, directoryHint: .isDirectory), overwrite: overwrite)
    try Self.show(outcome, output)
  }

  /// Prints what was written.
  static func show(_ outcome: Generation.Outcome, _ output: OutputOptions) throws {
    if output.json { return Screen.result(try Screen.json(outcome)) }
    if !output.quiet { for note in outcome.notes { Screen.note("note: \(note)") } }
    for (name, count) in outcome.images.sorted(by: { $0.key < $1.key }) {
      Screen.result("\(name): \(count) images in \(outcome.out)\(outcome.layout == "bids" ? "" : "/\(name)")")
    }
    for chains in outcome.samplers {
      Screen.result("chains of \(chains.summary)")
      if let warning = chains.warning { Screen.note("warning: \(warning)") }
    }
  }
}
