import ArgumentParser
import Foundation
import Importers

struct ImportBIDSCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bids",
    abstract: "A BIDS data set, classes from a column of participants.tsv.",
    discussion: """
      Takes sub-*/anat/*_T1w.nii.gz and sub-*/ses-*/anat/*_T1w.nii.gz. Subjects without a value in the column are left \
      out, and listed. The other columns go to the written participants.tsv.

      Example: manikin import bids BIDS DATA --label-column diagnosis --plane axial --slice 20mm
      """)

  @Argument(help: "The folder with participants.tsv and sub-*.")
  var root: String

  @Argument(help: "The folder to make.")
  var out: String

  @Option(help: ArgumentHelp("The column of participants.tsv with the classes.", valueName: "name"))
  var labelColumn: String

  @Option(help: ArgumentHelp("Which images, by the end of their names.", valueName: "suffix"))
  var suffix = "T1w"

  @Option(help: ArgumentHelp("What to do with further sessions of a subject.", valueName: "what"))
  var repeats = ImportPlan.Repeats.group

  @OptionGroup(title: "Slices") var slices: SliceOptions
  @OptionGroup(title: "Output") var output: ImportOutputOptions

  func run() throws {
    let choice = try slices.choice()
    let plan = try ImportPlan.bids(
      root: URL(filePath: root, directoryHint: .isDirectory), labelColumn: labelColumn, suffix: suffix,
      repeats: repeats)
    try output.write(plan, choice, to: out)
  }
}
