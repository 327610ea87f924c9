import ArgumentParser
import Cohorts
import Foundation
import Importers

/// A table that says the classes of the images of a folder.
struct LabelOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A table (TSV or CSV) with the class of each image.", valueName: "file"))
  var labels: String?

  @Option(help: ArgumentHelp("The table's column of ids.", valueName: "name"))
  var idColumn = "participant_id"

  @Option(help: ArgumentHelp("The table's column of classes.", valueName: "name"))
  var classColumn = "class"

  @Option(help: ArgumentHelp("The table's column of subjects, if the ids are those of files.", valueName: "name"))
  var subjectColumn: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How to find the subject in a file's name: a regex, whose first group is the subject, or none.",
      valueName: "regex"))
  var subjectPattern: String?

  var subjects: SubjectRule { get throws { try SubjectRule(pattern: subjectPattern) } }

  var table: LabelTable? {
    labels.map {
      LabelTable(
        url: URL(filePath: $0), idColumn: idColumn, classColumn: classColumn, subjectColumn: subjectColumn)
    }
  }
}

struct ImportVolumesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "volumes",
    abstract: "NIfTI, ANALYZE or MGH volumes in class folders, or with a table.",
    discussion: """
      Volumes that were stored in different orders come out alike. An ANALYZE file does not say where left and right \
      are, and programs disagree: tell Manikin with --analyze-orientation, from what you know about the data. --volume takes \
      one image of a file that holds a series.

      Example: manikin import volumes SCANS DATA --labels participants.tsv --plane axial --slice largest
      """)

  @Argument(help: "The folder of volumes.")
  var source: String

  @Argument(help: "The folder to make.")
  var out: String

  @Option(
    help: ArgumentHelp(
      "How the axes run in files that do not say: LAS runs to the left, the front and the top.", valueName: "letters"))
  var analyzeOrientation: String?

  @OptionGroup(title: "Classes") var labels: LabelOptions
  @OptionGroup(title: "Slices") var slices: SliceOptions
  @OptionGroup(title: "Output") var output: ImportOutputOptions

  func run() throws {
    let choice = try slices.choice()
    let letters = try analyzeOrientation.map { text in
      guard let letters = AxisLetters(text) else {
        throw ValidationError("--analyze-orientation takes three letters such as LAS or RAS, not '\(text)'.")
      }
      return letters
    }
    let plan = try ImportPlan.volumes(
      URL(filePath: source, directoryHint: .isDirectory), labels: labels.table, subjects: labels.subjects,
      orientation: letters)
    try output.write(plan, choice, to: out)
  }
}
