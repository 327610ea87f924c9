import ArgumentParser
import Automation
import Cohorts
import Foundation

struct ClassifyCommand: ComputingCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify",
    abstract: "Tell the classes of images by the classifier that 'manikin auto' handed over.",
    discussion: """
      Prepares images as those that the classifier was trained on, asks all of its members, and calibrates what they say. The \
      table has a line for each image: path, subject, the decided class, and the probability of each class, all classes being \
      equally common. Images may lie at any depth; folders need not be classes. An image of another size, or in colour where \
      the classifier knows grey ones, is refused, and then nothing is written. It is no medical device.

      Example: manikin classify NEW --with RUN/classifier --out predictions.csv
      """)

  @Argument(help: "A folder of images, or one image.")
  var images: String

  @Option(help: ArgumentHelp("The folder classifier/ of a run of 'manikin auto', or the run.", valueName: "folder"))
  var with: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The table to write.", valueName: "file"))
  var out: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How to find the subject in a file's name: a regex, whose first group is the subject, or none.",
      valueName: "regex"))
  var subjectPattern: String?

  @OptionGroup(title: "Output") var output: OutputOptions

  /// What was found, for programs.
  private struct Summary: Encodable {
    var images: Int
    var decided: [String: Int]
    var file: String
  }

  func run() throws {
    let subjects = try SubjectRule(pattern: subjectPattern)
    let classifier = try AppliedClassifier(contentsOf: URL(filePath: with, directoryHint: .isDirectory))
    let found = try classifier.predictions(
      of: URL(filePath: images), subjects: subjects, progress: Screen.reporter(quiet: output.quiet))
    try classifier.write(found, to: URL(filePath: out, directoryHint: .notDirectory))
    let counts = classifier.classes.indices.map { index in found.count { $0.decided == index } }
    if output.json {
      let decided = Dictionary(uniqueKeysWithValues: zip(classifier.classes, counts))
      return Screen.result(try Screen.json(Summary(images: found.count, decided: decided, file: out)))
    }
    let parts = zip(classifier.classes, counts).map { "\($1) \($0)" }.joined(separator: ", ")
    Screen.result("\(found.count) image\(found.count == 1 ? "" : "s"): \(parts); the probabilities are in \(out)")
  }
}
