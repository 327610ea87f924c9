import ArgumentParser
import Foundation
import Judgement

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Say what synthetic images give away about the images that they were made from.",
    discussion: """
      Lists copies and near copies, and compares distances to the training images with those of real images that took no \
      part: the data-copying test, authenticity, and membership inference. Works on any folder of class folders, even one \
      that other software made. If DATA is split, the training images are those of train, and the others are held out. \
      It does not find copies that were shifted or flipped. The exit code is 0 whatever it finds.

      Example: manikin audit SYNTHETIC DATA --pairs pairs.png
      """)

  @Argument(help: "A folder of class folders of synthetic images.")
  var synthetic: String

  @Argument(help: "The real images that they were made from.")
  var data: String

  @Option(help: ArgumentHelp("Class folders of real images that took no part.", valueName: "folder"))
  var heldOut: String?

  @Option(help: ArgumentHelp("Write the nearest pairs as a PNG, which shows your images.", valueName: "file"))
  var pairs: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The range that the real images were prepared with (default: min-max).", valueName: "range"))
  var range: String?

  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let recipe = try RecipeOptions.parse([]).resolved(
      data: data, further: dataOptions.overrides + [("preprocessing.range", range, "--range")])
    let reading = try AuditReading(
      synthetic: URL(filePath: synthetic, directoryHint: .isDirectory), recipe: recipe,
      heldOut: heldOut.map { URL(filePath: $0, directoryHint: .isDirectory) },
      progress: Screen.reporter(quiet: output.quiet))
    if !output.quiet { for note in reading.notes { Screen.note("note: \(note)") } }
    if let pairs {
      try reading.writePairs(to: URL(filePath: pairs, directoryHint: .notDirectory))
      if !output.quiet { Screen.note("Look at \(pairs)") }
    }
    Screen.result(output.json ? try Screen.json(reading.audit) : reading.audit.text)
  }
}
