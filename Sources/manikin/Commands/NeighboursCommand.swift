import ArgumentParser
import Foundation
import Synthesis
import Training

struct NeighboursCommand: ComputingCommand {
  static let configuration = CommandConfiguration(
    commandName: "neighbours",
    abstract: "List the training images nearest to an image, by distance under the model's metric.",
    discussion: """
      The distance is the length of the shortest curve found between two codes under the metric G. The list also has the \
      plain distance of the codes and the rank by it. The metric's settings are those of the run that the model lies in.

      Example: manikin neighbours RUN/models/AD sub-0003 --count 5
      """)

  @OptionGroup var options: LatentOptions

  @Argument(help: "A training image by path, file name or number from 1, or an image file to encode.")
  var image: String

  @Option(parsing: .unconditional, help: ArgumentHelp("How many to list, at least 1.", valueName: "n"))
  var count = 10

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    guard count >= 1 else { throw ValidationError("--count takes a number of at least 1, not \(count).") }
  }

  func run() throws {
    let (model, recipe) = try options.load()
    let found = try Neighbours(
      model, of: model.code(of: image, option: "IMAGE"), count: count, recipe: recipe)
    if output.json { return Screen.result(try Screen.json(found)) }
    Screen.result("  under G       plain  rank  image")
    for neighbour in found.neighbours {
      Screen.result(
        String(
          format: "%9.4g   %9.4g  %4d  ", neighbour.riemannianDistance, neighbour.euclideanDistance,
          neighbour.euclideanRank) + neighbour.image)
    }
  }
}
