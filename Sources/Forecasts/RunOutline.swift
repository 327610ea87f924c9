import Files
import Foundation
import Recipes
import Runs

/// What a run is going to be, for `--dry-run`: images, what is done with them, and the forecast.
public struct RunOutline: Sendable {
  /// What is said of the run, by name.
  package typealias Line = (name: String, text: String)

  private let name: String
  private let folder: String
  private let isResumed: Bool
  private let lines: [Line]
  package let forecast: RunForecast

  /// - Parameters:
  ///   - folder: that is written.
  ///   - isResumed: whether there is a part of the run already.
  package init(name: String, folder: URL, isResumed: Bool, lines: [Line], forecast: RunForecast) {
    self.name = name
    self.folder = folder.relativePath
    (self.isResumed, self.lines, self.forecast) = (isResumed, lines, forecast)
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
    guard isResumed else { return "Nothing was done. The folder will be \(folder)." }
    return forecast.stages.isEmpty
      ? "All of it is done already, in \(folder)."
      : "Nothing was done. What is done already in \(folder) is left out above."
  }

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
      return try ReadableJSON.text(
        Document(
          name: name, seconds: forecast.seconds, memoryBytes: forecast.memoryBytes, diskBytes: forecast.diskBytes,
          stages: forecast.stages))
    }
  }
}
