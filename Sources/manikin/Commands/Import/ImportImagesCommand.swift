import ArgumentParser
import Foundation
import Importers

struct ImportImagesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "images",
    abstract: "Pictures (PNG, JPEG, TIFF) in class folders, or with a table.",
    discussion: """
      Colours stay colours (RGB24). A picture says nothing about its place in space, so the images have no orientation.

      Example: manikin import images PICTURES DATA
      """)

  @Argument(help: "The folder of pictures.")
  var source: String

  @Argument(help: "The folder to make.")
  var out: String

  @OptionGroup(title: "Classes") var labels: LabelOptions
  @OptionGroup(title: "Output") var output: ImportOutputOptions

  func run() throws {
    let plan = try ImportPlan.images(
      URL(filePath: source, directoryHint: .isDirectory), labels: labels.table, subjects: labels.subjects)
    try output.write(plan, SliceChoice(), to: out)
  }
}
