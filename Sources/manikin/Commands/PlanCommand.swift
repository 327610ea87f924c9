import ArgumentParser
import ClusterParts
import Foundation
import Recipes

struct PlanCommand: ComputingCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Cut an experiment into parts for a cluster or several workstations.",
    discussion: """
      Takes a recipe as 'run' does, or a folder of images with the options of 'evaluate'. With --for grid or --for compare \
      it plans those commands; give their own settings with --set. A sweep is cut for all its values. Begins the run \
      folder, and writes the parts beside it: RUN.parts/plan.json and plan.tsv say what each part needs and makes, with a \
      forecast. 'manikin work RUN --part ID' does one part, on any machine, and 'manikin gather RUN' puts them together: \
      the run folder is then what one machine makes. Documentation/Cluster.md has examples.

      Example: manikin plan table.yaml --out RUN && manikin status RUN
      """)

  @Argument(help: "A recipe, or a folder of class folders.")
  var source: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The run folder (default: manikin-runs/NAME).", valueName: "folder"))
  var out: String?

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      "The command whose work to cut into parts.", valueName: "command"))
  var task = PartPlan.Task.evaluate

  @Option(
    help: ArgumentHelp(
      "Classifier trainings of each method in one part.", valueName: "n"))
  var runsPerPart = 5

  @Option(help: ArgumentHelp("Threads of each part.", valueName: "n"))
  var partThreads = 1

  @Flag(help: "Also write RUN.parts/slurm.sh, which submits the parts as job arrays.")
  var slurm = false

  @OptionGroup var evaluation: EvaluationOptions
  @OptionGroup(title: "Data") var dataOptions: DataOptions
  @OptionGroup(title: "Recipe") var options: RecipeOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    guard (1...100_000).contains(runsPerPart) else {
      throw ValidationError("--runs-per-part takes a number from 1 to 100000, not \(runsPerPart).")
    }
    guard (1...1024).contains(partThreads) else {
      throw ValidationError("--part-threads takes a number from 1 to 1024, not \(partThreads).")
    }
  }

  func run() throws {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: source, isDirectory: &isFolder)
    var options = options
    if exists, !isFolder.boolValue {
      guard options.recipe == nil else {
        throw ExperimentsError.option(
          name: "--recipe",
          problem: "'\(source)' is a recipe already; give one of them, or a folder of images before it")
      }
      options.recipe = source
    }
    let recipe = try options.resolved(
      data: isFolder.boolValue || !exists ? source : nil, out: out,
      further: dataOptions.overrides + evaluation.overrides)
    let (plan, folder) = try PartPlanning(
      recipe, task: task, runsPerPart: runsPerPart, threads: partThreads,
      progress: Screen.reporter(quiet: output.quiet)
    ).write()
    if slurm { try SlurmScript(plan, folder).write(program: SlurmScript.program) }
    if output.json {
      Screen.result(try String(contentsOf: folder.planFile, encoding: .utf8))
    } else {
      Screen.result(plan.table)
    }
    if !output.quiet {
      Screen.note(plan.summary)
      Screen.note("The plan: \(folder.tableFile.path)")
      if slurm { Screen.note("Submit it: bash \(folder.slurmScript.path)") }
    }
  }
}

extension PartPlan.Task: ExpressibleByArgument {}
