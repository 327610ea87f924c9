import ArgumentParser
import Experiments
import Foundation
import Judgement
import Recipes
import Synthesis
import Training

struct GenerateCommand: ComputingCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Write class folders of synthetic images from trained models.",
    discussion: """
      Beside the images it writes manifest.csv (file, class, model, seed, chain, acceptance, the nearest training image and \
      its distance, how it was drawn and rendered), dataset_description.json, leak.json (whether simple statistics tell \
      the generated classes apart better than the real ones), crowding.json (how many training images stand behind \
      them) and DATASHEET.md, a data card whose licence you fill in. Settings without an option (metric, sampler, \
      rendering, seed) come from the recipe of the run that the models lie in.

      Example: manikin generate MODELS --per-class 200 --out SYNTHETIC
      """)

  @Argument(help: "A folder that 'manikin train' or 'manikin evaluate' wrote.")
  var models: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write.", valueName: "folder"))
  var out: String

  @Option(parsing: .unconditional, help: ArgumentHelp("Images of each class.", valueName: "n"))
  var perClass: String

  @Option(
    help: ArgumentHelp(
      "manifold, interpolation, transfer, deformation, prior, gmm, posterior or smote (default: the run's, else "
        + "manifold).",
      valueName: "name"))
  var method: String?

  @Option(
    help: ArgumentHelp(
      "How points become images: residual, observe or decode (default: the run's, else residual).", valueName: "way"))
  var render: String?

  @Option(
    help: ArgumentHelp("Where the training images lie (default: where the run's recipe says).", valueName: "folder"))
  var data: String?

  @OptionGroup var files: SyntheticFileOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seed of everything random (default: the run's, else 0).", valueName: "n"))
  var seed: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Set any key of a recipe, such as metric.lambda=0.1; may be repeated.", valueName: "key=value"))
  var settings: [String] = []

  @Flag(help: "Run 4 further chains of 1,000 steps for each class to tell how well the sampler mixes.")
  var diagnose = false

  @Flag(help: "Replace a folder that Manikin wrote before.")
  var overwrite = false

  @OptionGroup var plan: DryRunOption
  @OptionGroup(title: "Output") var output: OutputOptions

  /// The sections of a recipe that drawing from trained models goes by.
  private static let usedSections = ["metric", "sampler", "synthetic"]

  func validate() throws {
    for setting in settings {
      let key = setting.prefix { $0 != "=" }
      guard let section = key.split(separator: ".").first, key.contains("."), setting.contains("=") else { continue }
      guard !Self.usedSections.contains(String(section)), Recipe.settings.contains(where: { $0.key == key }) else {
        continue
      }
      throw ValidationError(
        "--set \(key) changes nothing here: the models are trained already; 'generate' goes by the sections "
          + "\(Self.usedSections.joined(separator: ", ")).")
    }
  }

  func run() throws {
    var options = try RecipeOptions.parse([])
    options.settings = settings
    options.seed = seed
    let folder = URL(filePath: models, directoryHint: .isDirectory)
    let trained = try TrainedModel.load(all: folder)
    let recipe = try options.resolved(
      base: TrainedModel.recipe(of: trained, in: folder),
      further: [
        ("synthetic.per-class", perClass, "--per-class"), ("synthetic.method", method, "--method"),
        ("sampler.diagnostic-draws", diagnose ? "1000" : nil, "--diagnose"),
        ("synthetic.render", render, "--render"), ("data.path", data, "--data"),
      ] + files.overrides)
    if data != nil { for model in trained { try model.requireTrainingImages(recipe, option: "--data") } }
    let counts = Dictionary(uniqueKeysWithValues: trained.map { ($0.card.className, recipe.synthetic.perClass ?? 0) })
    guard recipe.synthetic.perClass != nil else {
      throw ExperimentsError.option(name: "--per-class", problem: "give a number of images, not '\(perClass)'")
    }
    let place = URL(filePath: out, directoryHint: .isDirectory)
    guard !plan.dryRun else {
      return try plan.show(output) {
        let outline = try Generation(recipe, progress: $0).plan(
          trained, counts: counts, to: place, overwrite: overwrite, archive: files.archive)
        return ([outline], nil)
      }
    }
    let outcome = try Generation(recipe, progress: Screen.reporter(quiet: output.quiet))
      .write(
        trained, counts: counts, to: place, overwrite: overwrite,
        archive: files.archive)
    try Self.show(outcome, output)
  }

  /// Prints what was written.
  static func show(_ outcome: Generation.Outcome, _ output: OutputOptions) throws {
    if output.json { return Screen.result(try Screen.json(outcome)) }
    if let benefit = outcome.benefit { Screen.result("check: " + benefit.sentence) }
    if !output.quiet { for note in outcome.notes { Screen.note("note: \(note)") } }
    for (name, count) in outcome.images.sorted(by: { $0.key < $1.key }) {
      Screen.result("\(name): \(count) images in \(outcome.out)\(outcome.layout == "bids" ? "" : "/\(name)")")
    }
    for (name, count) in outcome.real.sorted(by: { $0.key < $1.key }) {
      Screen.result("\(name): \(count) real training images beside them")
    }
    if let archive = outcome.archive { Screen.result("all of them as arrays in \(archive)") }
    for crowding in outcome.crowding { Screen.result("\(crowding.className): \(crowding.sentence)") }
    if let leak = outcome.leak {
      if leak.verdict == .leak {
        Screen.note("warning: \(leak.sentence) See Documentation/Augmentation.md for what cures it.")
      } else {
        Screen.result(leak.sentence)
      }
    }
    for chains in outcome.samplers {
      Screen.result("chains of \(chains.summary)")
      for warning in chains.warnings { Screen.note("warning: \(warning)") }
    }
  }
}
