import ArgumentParser
import Cohorts
import Evaluations
import Figures
import Files
import Foundation
import Recipes
import Runs

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what is in a folder of images, and what will hurt.",
    discussion: """
      Shows counts, sizes, spacing, orientation and intensities of each class. Warns of mixed shapes, constant images, \
      classes with too few images, duplicates, and nearly equal images of different subjects (the fine detail at \
      32 x 32 pixels correlates by 0.95 or more), which leak from training to test. The exit code is 1 if an image or \
      the split cannot be used.

      Example: manikin inspect DATA --sheets SHEETS
      """)

  @Argument(help: "A folder of class folders, or one already split into train, val and test.")
  var data: String

  @Option(help: ArgumentHelp("Write a contact sheet of each class, which shows your images.", valueName: "folder"))
  var sheets: String?

  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let recipe = try RecipeOptions.parse([]).resolved(data: data, further: dataOptions.overrides)
    let cohort = try Cohort.load(
      URL(filePath: data, directoryHint: .isDirectory), labels: recipe.labelTable, subjects: recipe.subjectRule,
      checksSplit: false)
    let sheetFolder = sheets.map { URL(filePath: $0, directoryHint: .isDirectory) }
    if let sheetFolder { try ClassSheets.requireWritable(cohort, to: sheetFolder) }
    let bar = Screen.reporter(quiet: output.quiet).stage("Reading images", total: cohort.images.count, unit: "images")
    let inspection = try CohortInspection(of: cohort, selection: recipe.sliceSelection) { bar.update(to: $0) }
    bar.finish()
    let sites = inspection.problems.isEmpty ? try self.sites(recipe, cohort) : nil
    Screen.result(
      output.json
        ? try Screen.json(Document(inspection: inspection, sites: sites))
        : inspection.text(hasMore: sites?.hasDifferences ?? false) + (sites?.text() ?? ""))
    if let sheetFolder {
      let files = try ClassSheets.write(cohort, selection: recipe.sliceSelection, to: sheetFolder)
      if !output.quiet { Screen.note("Look at \(files.joined(separator: ", "))") }
    }
    if !inspection.problems.isEmpty { throw ExitCode.failure }
  }

  /// A first look at the sites, if a table has any; gaps in a column that nobody named are no reason to fail.
  private func sites(_ recipe: Recipe, _ cohort: Cohort) throws -> SiteReport? {
    do { return try SiteReport(recipe, cohort) } catch let error as ImagingError where recipe.data.siteColumn == nil {
      Screen.note("note: the sites are not compared: \(error)")
      return nil
    }
  }

  /// The inspection's keys, and `sites` beside them where there are any.
  private struct Document: Encodable {
    let inspection: CohortInspection
    let sites: SiteReport?

    private enum CodingKeys: CodingKey { case sites }

    func encode(to encoder: any Encoder) throws {
      try inspection.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encodeIfPresent(sites, forKey: .sites)
    }
  }
}
