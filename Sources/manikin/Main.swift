import ArgumentParser
import Foundation
import Runs

/// Runs the command line: results go to stdout, all else to stderr; exit code 0 done, 1 failed, 2 misused.
@main
enum Main {
  static func main() {
    do {
      var command = try ManikinCommand.parseAsRoot()
      if command is any ComputingCommand { ComputeProcess.prepare() }
      Interruption.watch()
      try command.run()
    } catch {
      exit(Screen.report(error))
    }
  }
}

struct ManikinCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manikin",
    abstract: "Balance a small, imbalanced set of medical images, and measure whether that helps a classifier.",
    discussion: """
      Trains a variational autoencoder (one for all classes, or one for each), samples new images uniformly on the \
      manifold that it learned for each class, writes them as class folders in the file format of yours, and compares \
      classifiers trained with and without them.
      Exit codes: 0 done, 1 failed, 2 misused.

      Example: manikin inspect DATA && manikin evaluate DATA --out RUN
      """,
    version: Manikin.version,
    subcommands: [
      InspectCommand.self, AutoCommand.self, ClassifyCommand.self, AugmentCommand.self, EvaluateCommand.self,
      GridCommand.self,
      CompareCommand.self, AuditCommand.self, TrainCommand.self, GenerateCommand.self, RunCommand.self,
      PlanCommand.self,
      WorkCommand.self, GatherCommand.self, StatusCommand.self, InterpolateCommand.self, NeighboursCommand.self,
      RecipeCommand.self, PhantomCommand.self, ImportCommand.self, BenchmarkCommand.self,
    ])
}

/// A command that trains or samples, for which the process is set up first.
protocol ComputingCommand: ParsableCommand {}
