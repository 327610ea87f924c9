import ArgumentParser
import Experiments
import Foundation

struct AugmentCommand: ComputingCommand {
  static let configuration = CommandConfiguration(
    commandName: "augment",
    abstract: "Balance an imbalanced set of images with synthetic ones.",
    discussion: """
      Trains a model and writes as many synthetic images of each class as it needs to become as large as the largest; with \
      --per-class, that many of every class. The folder holds synthetic images only, in the file format of yours. \
      --with-real link adds your training images, which makes it a complete, balanced training set.

      'manikin evaluate' measures whether synthetic images help a classifier on your data. Do that first, or let \
      --only-if-helpful do a small version of it without your test images: if it finds no gain of twice its standard \
      error, the folder holds copies of real images instead of synthetic ones, the same number of each class.

      Example: manikin augment DATA --out SYNTHETIC
      """)

  @Argument(help: "A folder of class folders, or one already split into train, val and test.")
  var data: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder of synthetic images to write.", valueName: "folder"))
  var out: String

  @Option(help: ArgumentHelp("Where the models go (default: manikin-runs/NAME-models).", valueName: "folder"))
  var models: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Synthetic images of every class (default: balance to the largest).", valueName: "n"))
  var perClass: String?

  @Option(
    help: ArgumentHelp(
      "manifold, interpolation, transfer, deformation, prior, gmm, posterior or smote (default: manifold).",
      valueName: "name"))
  var method: String?

  @Option(
    help: ArgumentHelp("How points become images: residual, observe or decode (default: residual).", valueName: "way"))
  var render: String?

  @OptionGroup var files: SyntheticFileOptions

  @Flag(help: "Check on validation images first; where synthetic images do not help, write copies of real ones.")
  var onlyIfHelpful = false

  @Flag(help: "Replace a folder that Manikin wrote before.")
  var overwrite = false

  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Recipe") var options: RecipeOptions
  @OptionGroup var plan: DryRunOption
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let folder = models ?? "manikin-runs/\(RecipeOptions.name(of: data))-models"
    let recipe = try options.resolved(
      data: data, out: folder,
      further: dataOptions.overrides + [
        ("synthetic.per-class", perClass, "--per-class"), ("synthetic.method", method, "--method"),
        ("synthetic.render", render, "--render"),
      ] + files.overrides)
    let place = URL(filePath: out, directoryHint: .isDirectory)
    guard !plan.dryRun else {
      return try plan.show(output) {
        let outline = try Augmentation(recipe, progress: $0).plan(
          to: place, overwrite: overwrite, onlyIfHelpful: onlyIfHelpful, archive: files.archive)
        return ([outline], nil)
      }
    }
    let outcome = try Augmentation(recipe, progress: Screen.reporter(quiet: output.quiet))
      .write(
        to: place, overwrite: overwrite, onlyIfHelpful: onlyIfHelpful,
        archive: files.archive)
    try GenerateCommand.show(outcome, output)
  }
}
