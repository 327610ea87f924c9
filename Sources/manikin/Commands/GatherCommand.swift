import ArgumentParser
import ClusterParts
import Foundation

struct GatherCommand: ComputingCommand {
  static let configuration = CommandConfiguration(
    commandName: "gather",
    abstract: "Make the tables and the report of a planned experiment whose parts are done.",
    discussion: """
      If parts are missing, says which and ends with exit code 1. When all are there, the run folder becomes what \
      'manikin run' makes of the same recipe, byte for byte except for seconds; you can then delete RUN.parts.

      Example: manikin gather RUN
      """)

  @Argument(help: ArgumentHelp("The run folder that was planned.", valueName: "run"))
  var folder: String

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let run = URL(filePath: folder, directoryHint: .isDirectory)
    switch try PartGathering(run: run, progress: Screen.reporter(quiet: output.quiet)).gather() {
    case .experiment(let outcome): try EvaluateCommand.show(outcome, output)
    case .sweep(let outcome): EvaluateCommand.show(outcome, output)
    case .grid(let table): try GridCommand.show(table, output)
    case .comparison(let outcome): CompareCommand.show(outcome, output)
    }
  }
}
