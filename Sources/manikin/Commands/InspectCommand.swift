import ArgumentParser
import Experiments
import Foundation
import Imaging

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what is in a folder of images, and what will hurt.",
    discussion: """
      Counts, sizes, spacing, orientation and intensities of each class, with warnings of mixed shapes, constant images,
      duplicates and classes with too few images.

      Example: manikin inspect DATA
      """)

  @Argument(help: "A folder of class folders, or one already split into train, val and test.")
  var data: String

  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let recipe = try RecipeOptions.parse([]).resolved(data: data, further: dataOptions.overrides)
    let cohort = try Cohort.load(URL(filePath: data, directoryHint: .isDirectory), labels: recipe.labelTable)
    let bar = Screen.reporter(quiet: output.quiet).stage("Reading images", total: cohort.images.count, unit: "images")
    let inspection = try CohortInspection(of: cohort, selection: recipe.sliceSelection) { bar.update(to: $0) }
    bar.finish()
    Screen.result(output.json ? try Screen.json(inspection) : inspection.text())
  }
}
