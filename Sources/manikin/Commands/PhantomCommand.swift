import ArgumentParser
import Foundation
import ImageFiles
import Phantoms
import Recipes
import Runs

struct PhantomCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "phantom",
    abstract: "Write a made-up cohort of brain slices, to try things on.",
    discussion: """
      Axial slices of simulated heads: AD enlarges ventricles and sulci by amounts that overlap with normal variation. \
      Class folders AD and CN, and participants.tsv with ages and the true anatomy.

      Example: manikin phantom COHORT --subjects 200 --minority 50 --size 104x88
      """)

  @Argument(help: "The folder to make.")
  var out: String

  @Option(help: ArgumentHelp("People in all.", valueName: "n"))
  var subjects = 416

  @Option(help: ArgumentHelp("How many of them have AD.", valueName: "n"))
  var minority = 100

  @Option(help: ArgumentHelp("Height and width in pixels.", valueName: "size"))
  var size = "208x176"

  @Option(help: ArgumentHelp("Another seed makes other people.", valueName: "n"))
  var seed: UInt64 = 0

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    guard let size = ImageSize(size) else {
      throw ValidationError("--size takes HEIGHTxWIDTH in pixels, such as 208x176, not '\(self.size)'.")
    }
    let configuration = PhantomConfiguration(
      subjects: subjects, minority: minority, height: size.height, width: size.width, seed: seed)
    do { try configuration.validate() } catch { throw ExperimentsError.settings(problem: "\(error)") }
    let bar = Screen.reporter(quiet: output.quiet).stage("Making subjects", total: subjects, unit: "subjects")
    try Phantom.writeCohort(to: URL(filePath: out, directoryHint: .isDirectory), configuration: configuration) {
      done, _ in
      bar.update(to: done)
    }
    bar.finish()
    Screen.result(
      output.json
        ? try Screen.json(["AD": minority, "CN": subjects - minority])
        : "\(out): \(minority) AD and \(subjects - minority) CN, \(size.height) x \(size.width) pixels")
  }
}
