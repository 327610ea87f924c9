import Foundation
import Generators
import Recipes
import Runs

extension RunForecast {
  /// One line for the screen, before the work begins.
  package var sentence: String {
    "Forecast: about \(ProgressText.duration(seconds)), \(ProgressText.size(memoryBytes)) of memory at most, "
      + "\(ProgressText.size(diskBytes)) on disk"
      + (readsFromFile ? "; the images are read from a temporary file" : "")
  }

  /// The stages and what they come to, a line each.
  package var table: String {
    let rows = stages.map { ($0.name, $0.work, ProgressText.duration($0.seconds)) }
    let width = rows.map(\.1.count).max() ?? 0
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    let lines = rows.map { "  \(padded($0.0, 12)) \(padded($0.1, width))  \($0.2)" }
    return
      (lines + [
        "  \(padded("time", 12)) about \(ProgressText.duration(seconds)) on this machine, as it is now",
        "  \(padded("memory", 12)) \(ProgressText.size(memoryBytes)) at most",
        "  \(padded("disk", 12)) \(ProgressText.size(diskBytes))",
      ]).joined(separator: "\n")
  }

  package static func counted(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(ProgressText.grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  static func models(_ splits: [WorkAmounts], _ recipe: Recipe) -> String {
    let count = splits.reduce(0) { $0 + $1.trainings.count }
    let epochs = splits.flatMap(\.trainings).map(\.epochs)
    let passes =
      epochs.min() == epochs.max()
      ? counted(epochs.max() ?? 0, "epoch") : "\(epochs.min()!) to \(ProgressText.grouped(epochs.max()!)) epochs"
    return "\(ProgressText.grouped(count)) \(recipe.generatorConfiguration.kind.rawValue) of "
      + "\(recipe.generatorConfiguration.architecture.rawValue), \(passes)\(count == 1 ? "" : " each") at most"
  }

  static func classifiers(_ rests: [EvaluationScope.Rest], _ recipe: Recipe) -> String {
    let jobs = rests.flatMap(\.jobs).filter { $0 != .linear && $0 != .covariates }
    return "\(ProgressText.grouped(jobs.count)), \(counted(recipe.classifier.epochs, "epoch")) each"
  }
}
