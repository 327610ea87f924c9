import ArgumentParser
import ClusterParts
import Foundation
import Recipes

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Say how far a planned experiment is.",
    discussion: """
      Shows which parts are done, at work, failed or waiting, and how much time is left: the forecast, corrected by what \
      finished parts took. A part whose process has not written for a minute counts as killed.

      Example: manikin status RUN --watch
      """)

  @Argument(help: ArgumentHelp("The run folder that was planned.", valueName: "run"))
  var folder: String

  @Flag(help: "Show it again every five seconds until all is done.")
  var watch = false

  @Flag(help: "Print the ids of parts that are not done, one on each line.")
  var missing = false

  @Option(help: ArgumentHelp("Only these kinds of parts, with commas between them.", valueName: "kinds"))
  var kind: String?

  @Flag(help: "Print results as JSON.")
  var json = false

  func run() throws {
    let kinds = try kind.map { text in
      try Set(
        text.split(separator: ",").map { word in
          guard let kind = Part.Kind(rawValue: String(word)) else {
            throw ExperimentsError.option(
              name: "--kind",
              problem: "there are \(Part.Kind.allCases.map(\.rawValue).joined(separator: ", ")), not '\(word)'")
          }
          return kind
        })
    }
    let parts = PartsFolder(run: URL(filePath: folder, directoryHint: .isDirectory))
    let plan = try parts.readPlan()
    while true {
      let status = PartStatus(plan, parts, kinds: kinds)
      if missing {
        if !status.missing.isEmpty { Screen.result(status.missing.joined(separator: "\n")) }
      } else {
        Screen.result(json ? try Screen.json(status) : status.text)
      }
      guard watch, !status.missing.isEmpty else { return }
      Thread.sleep(forTimeInterval: 5)
    }
  }
}
