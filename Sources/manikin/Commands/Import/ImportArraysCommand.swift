import ArgumentParser
import ArrayImporters
import Foundation
import ImageFiles
import Runs

struct ImportArraysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "arrays",
    abstract: "Array files of public data sets: IDX (MNIST's family), CIFAR-10 and -100, SVHN, MedMNIST.",
    usage: "manikin import arrays <file> ... <out> [<options>]",
    discussion: """
      Writes class folders of PNG images. They lie below train and test if the names of files tell these apart (train-*, \
      t10k-*; data_batch_*, test_batch; train_32x32.mat, test_32x32.mat), or those of arrays in a NumPy archive \
      (train_images, val_images, x_test). Files are known by their content: IDX, plain or gzip, with images and labels in \
      separate files; CIFAR's binary version; SVHN's cropped digits; NumPy archives in the layout of MedMNIST or Keras. A \
      file's number is that of the image in the source, and each image is a subject of its own.

      Example: manikin import arrays FASHION-MNIST DATA --per-class 500
      """)

  @Argument(help: "Array files, or folders of them; last, the folder to make.")
  var paths: [String]

  @Option(help: ArgumentHelp("The most images of each class on each side, drawn by --seed.", valueName: "n"))
  var perClass: Int?

  @Option(help: ArgumentHelp("These classes only, by label or name, such as 3,5.", valueName: "list"))
  var classes: String?

  @Option(
    help: ArgumentHelp(
      "Names for the labels, in ascending order of the labels, such as ant,bee.", valueName: "list"))
  var classNames: String?

  @Option(help: ArgumentHelp("This share of the training images becomes validation images.", valueName: "share"))
  var validation = 0.0

  @Option(help: ArgumentHelp("The seed of the draw.", valueName: "n"))
  var seed = 0

  @Option(
    help: ArgumentHelp(
      "The label to take where a NumPy archive has several for each image, from 0.", valueName: "n"))
  var labelColumn: Int?

  @Option(
    help: ArgumentHelp(
      "The plane to take a slice of where a NumPy archive holds volumes (axes z, y, x): axial, coronal or sagittal.",
      valueName: "plane"))
  var plane: String?

  @Option(
    help: ArgumentHelp("Which slice of that plane: an index from 0, or middle (default: middle).", valueName: "slice"))
  var slice: String?

  @Flag(help: "Replace a folder that Manikin wrote before.")
  var overwrite = false

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    guard paths.count >= 2 else { throw ValidationError("Name the array files and, last, the folder to make.") }
    if let perClass, perClass < 1 { throw ValidationError("--per-class takes a whole number from 1, not \(perClass).") }
    guard validation >= 0, validation < 1 else {
      throw ValidationError("--validation takes a share from 0 to less than 1, not \(validation).")
    }
    guard seed >= 0 else { throw ValidationError("--seed takes a whole number from 0, not \(seed).") }
    if let labelColumn, labelColumn < 0 {
      throw ValidationError("--label-column takes a whole number from 0, not \(labelColumn).")
    }
    if let plane, Plane(rawValue: plane) == nil {
      throw ValidationError("--plane takes axial, coronal or sagittal, not '\(plane)'.")
    }
    if let slice, slice != "middle", (Int(slice) ?? -1) < 0 {
      throw ValidationError("--slice takes an index from 0 or middle, not '\(slice)': arrays have no millimetres.")
    }
    if slice != nil, plane == nil { throw ValidationError("--slice needs --plane beside it.") }
  }

  func run() throws {
    var options = ArrayOptions()
    (options.perClass, options.validation, options.seed) = (perClass, validation, seed)
    (options.labelColumn, options.plane, options.slice) = (
      labelColumn, plane.flatMap(Plane.init), slice.flatMap { Int($0) }
    )
    options.classes = try words(classes, "--classes")
    options.classNames = try words(classNames, "--class-names")
    let plan = try ArrayImport(
      paths.dropLast().map { URL(filePath: $0) }, options: options, version: Manikin.version)
    let bar = Screen.reporter(quiet: output.quiet).stage("Importing", total: plan.count, unit: "images")
    let out = paths[paths.count - 1]
    let outcome = try plan.write(to: URL(filePath: out, directoryHint: .isDirectory), overwrite: overwrite) {
      bar.update(to: $0)
    }
    bar.finish()
    if output.json { return Screen.result(try Screen.json(outcome)) }
    if !output.quiet { for note in outcome.notes { Screen.note("note: \(note)") } }
    for (name, count) in outcome.images.sorted(by: { $0.key < $1.key }) {
      Screen.result("\(name): \(count) \(count == 1 ? "image" : "images"), \(outcome.size) pixels, in \(out)/\(name)")
    }
  }

  private func words(_ text: String?, _ option: String) throws -> [String] {
    guard let text else { return [] }
    let words = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    guard words.allSatisfy({ !$0.isEmpty }) else {
      throw ValidationError("\(option) takes a list such as a,b,c, not '\(text)'.")
    }
    return words
  }
}
