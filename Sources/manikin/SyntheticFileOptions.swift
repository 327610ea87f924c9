import ArgumentParser
import Foundation

/// What files synthetic images become, and what lies beside them.
struct SyntheticFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("class-folders, or bids for a BIDS derivative (default: class-folders).", valueName: "name"))
  var layout: String?

  @Option(
    help: ArgumentHelp(
      "nifti, png, tiff or jpeg, which is lossy (default: what the training images came in).", valueName: "name"))
  var format: String?

  @Option(
    help: ArgumentHelp("Bits of a value in PNG and TIFF: 8 or 16 (default: as in the training images).", valueName: "n")
  )
  var bits: String?

  @Option(
    help: ArgumentHelp(
      "Add the real training images: link (hard links; copies from another disk) or copy (default: none).",
      valueName: "way"))
  var withReal: String?

  @Option(
    help: ArgumentHelp(
      "Also write one NumPy file: train_images, train_labels, synthetic, class_names.", valueName: "file"))
  var npz: String?

  /// Those that are keys of a recipe.
  var overrides: [(key: String, value: String?, option: String)] {
    [
      ("synthetic.layout", layout, "--layout"), ("synthetic.format", format, "--format"),
      ("synthetic.bits", bits, "--bits"), ("synthetic.with-real", withReal, "--with-real"),
    ]
  }

  /// Where the NumPy file goes; nil for none.
  var archive: URL? { npz.map { URL(filePath: $0, directoryHint: .notDirectory) } }
}
