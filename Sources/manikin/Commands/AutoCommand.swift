import ArgumentParser
import Automation
import Foundation
import Recipes

struct AutoCommand: ComputingCommand {
  static let configuration = CommandConfiguration(
    commandName: "auto",
    abstract: "Find out what suits your images, and how sure that is.",
    discussion: """
      Tries ways of training a classifier on your images (a linear model, real images alone, augmentation in several \
      strengths, synthetic images) by racing on inner folds: what is clearly behind stops early. Several divisions of the \
      subjects, whose test images no choice has seen, say what the procedure gains. The run folder gets the recipe, the trained \
      classifier with its threshold and calibration, images where they are part of the choice, a page for the methods section, \
      and a report. A run that was stopped goes on where it was.

      Example: manikin auto DATA --out RUN --minutes 30
      """)

  @Argument(help: "A folder of class folders, or one already split into train, val and test.")
  var data: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The run folder (default: manikin-runs/NAME-auto).", valueName: "folder"))
  var out: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("How long it may take in all (default: 30).", valueName: "n"))
  var minutes: Double = 30

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Divisions that the procedure is tried on (default: 5).", valueName: "n"))
  var divisions: Int = 5

  @Option(
    help: ArgumentHelp("Use so many training subjects of the smallest class at most (default: all).", valueName: "n"))
  var minority: String?

  @Flag(
    help: "Choose among synthetic images that can be given away: no residual, no copy, no sign of who was trained on.")
  var `private` = false

  @Flag(
    help: ArgumentHelp(
      "Afterwards train every way on every division, too, and say what the best single one comes to; takes time beyond --minutes, "
        + "often much."))
  var hindsight = false

  @Flag(help: "Read the images, say what would be done, and stop.")
  var dryRun = false

  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Recipe") var options: RecipeOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let recipe = try options.resolved(
      data: data, out: out ?? "manikin-runs/\(RecipeOptions.name(of: data))-auto",
      further: dataOptions.overrides + [("data.minority", minority, "--minority")])
    var settings = AutoSettings()
    (settings.minutes, settings.divisions, settings.isPrivate) = (minutes, divisions, `private`)
    settings.looksBack = hindsight
    let auto = try AutoRun(recipe, settings: settings, progress: Screen.reporter(quiet: output.quiet))
    if dryRun {
      Interruption.keepsNothing.store(true, ordering: .relaxed)
      let plan = try auto.plan()
      return Screen.result(output.json ? try Screen.json(plan) : plan.text)
    }
    let answer = try auto.run()
    Screen.result(output.json ? try Screen.json(answer) : answer.text)
    if !output.quiet { Screen.note("Open the report: \(recipe.runFolder.appending(path: "report.html").relativePath)") }
  }
}
