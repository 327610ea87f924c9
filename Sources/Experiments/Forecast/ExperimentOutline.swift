import Datasets
import Foundation
import ImageFiles
import ImageSets
import Recipes
import Runs

/// What an experiment is going to be, for `--dry-run`: images, splits, methods, and the forecast.
public struct ExperimentOutline: Sendable {
  private let name: String
  private let folder: String
  private let isResumed: Bool
  private let lines: [(name: String, text: String)]
  let forecast: RunForecast

  init(_ inputs: ExperimentInputs, forecast: RunForecast, isResumed: Bool) {
    let (recipe, data, plan) = (inputs.recipe, inputs.data, inputs.plan)
    name = recipe.name
    folder = recipe.runFolder.relativePath
    self.isResumed = isResumed
    let sides = [(Split.train, "train"), (.validation, "validation"), (.test, "test")].compactMap { side, word in
      let count = data.indices(in: side).count
      return count > 0 ? "\(ProgressText.grouped(count)) \(word)" : nil
    }
    let size = data.set.size
    var lines = [
      (
        "images",
        "\(ProgressText.grouped(data.set.count)) of \(RunForecast.counted(data.classes.count, "class", "classes")), "
          + "\(size.height) x \(size.width)" + (data.set.channels == 1 ? "" : " in colour")
          + (inputs.isScored ? ": " + sides.joined(separator: ", ") : "")
      )
    ]
    if inputs.isScored {
      lines.append(
        (
          "splits",
          "\(plan.splits), with \(RunForecast.counted(plan.runs, "training")) of \(RunForecast.counted(plan.methods.count, "method")) each"
        ))
      lines.append(("methods", plan.methods.map(\.rawValue).joined(separator: ", ")))
    }
    self.lines = lines
    self.forecast = forecast
  }

  /// For the screen.
  public var text: String {
    let head = lines.map {
      "  \($0.name.padding(toLength: 12, withPad: " ", startingAt: 0)) "
        + TextWrap.lines($0.text, width: 64).joined(separator: "\n" + String(repeating: " ", count: 15))
    }
    return (["Plan of \(name)"] + head + [forecast.table, "", last]).joined(separator: "\n")
  }

  private var last: String {
    guard isResumed else { return "Nothing was done. The run folder will be \(folder)." }
    return forecast.stages.isEmpty
      ? "All of it is done already, in \(folder)."
      : "Nothing was done. What is done already in \(folder) is left out above."
  }

  /// "2 min 05 s".
  public static func duration(_ seconds: Double) -> String { ProgressText.duration(seconds) }

  /// Seconds in all.
  public var seconds: Double { forecast.seconds }

  /// For programs: seconds, bytes, and the stages.
  public var json: String {
    get throws {
      struct Document: Encodable {
        let name: String
        let seconds: Double
        let memoryBytes: Int
        let diskBytes: Int
        let stages: [RunForecast.Stage]
        enum CodingKeys: String, CodingKey {
          case name, seconds, stages
          case memoryBytes = "memory_bytes"
          case diskBytes = "disk_bytes"
        }
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(
        decoding: try encoder.encode(
          Document(
            name: name, seconds: forecast.seconds, memoryBytes: forecast.memoryBytes, diskBytes: forecast.diskBytes,
            stages: forecast.stages)), as: UTF8.self)
    }
  }
}
