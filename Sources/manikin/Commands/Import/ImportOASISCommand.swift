import ArgumentParser
import Foundation
import Importers

struct ImportOASISCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "oasis",
    abstract: "OASIS-1 as it is released: the discs and the table.",
    discussion: """
      Takes one slice of each atlas-registered, skull-stripped volume (T88_111, masked_gfc), 208 x 176 pixels by \
      default. AD are the subjects with CDR > 0 (100), CN the rest (316). About 181 of the CN were never rated, and are \
      young: --require-cdr or --min-age make the classes comparable, and the ages are in participants.tsv. The release \
      states neither a slice nor an origin: axial slice 90 lies at the lateral ventricles, and millimetres count from \
      the centre of the volume. The volumes run to the left, front and top (LAS), whatever their headers say.

      Example: manikin import oasis --root OASIS1 --csv oasis_cross-sectional.csv DATA --min-age 60 --require-cdr
      """)

  @Option(help: ArgumentHelp("The folder with disc1, disc2, and so on.", valueName: "folder"))
  var root: String

  @Option(help: ArgumentHelp("The table of the release, as CSV.", valueName: "file"))
  var csv: String

  @Argument(help: "The folder to make.")
  var out: String

  @Flag(help: "Leave out subjects without a CDR, instead of counting them as CN.")
  var requireCdr = false

  @Option(help: ArgumentHelp("Leave out younger subjects.", valueName: "years"))
  var minAge: Double?

  @Option(help: ArgumentHelp("What to do with the second sessions of 20 subjects.", valueName: "what"))
  var repeats = ImportPlan.Repeats.drop

  @OptionGroup(title: "Slices") var slices: SliceOptions
  @OptionGroup(title: "Output") var output: ImportOutputOptions

  func run() throws {
    let choice = try slices.choice(ImportPlan.oasisSlice)
    let plan = try ImportPlan.oasis(
      root: URL(filePath: root, directoryHint: .isDirectory), csv: URL(filePath: csv),
      options: .init(requiresCDR: requireCdr, minimumAge: minAge, repeats: repeats))
    try output.write(plan, choice, to: out)
  }
}

extension ImportPlan.Repeats: ExpressibleByArgument {}
