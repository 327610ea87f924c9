import ArgumentParser
import DICOMFiles
import Foundation
import Importers
import Runs

struct ImportDICOMCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dicom",
    abstract: "A tree of DICOM files, classes from a table or the folders in it.",
    discussion: """
      Takes files of any name. dcm2niix makes volumes of series of CT, MR and PET, of which slices are taken; everything \
      else is a single image. The subject is the PatientID; rows of the table are joined by PatientID, StudyInstanceUID or \
      file name. Of the headers it keeps only spacing, orientation, modality and what --keep-tags names. It lists what it \
      leaves out, file by file. Documentation/Dicom.md tells more.

      Example: manikin import dicom SCANS DATA --labels table.csv --pseudonymise --key key.tsv
      """)

  @Argument(help: "The folder of DICOM files.")
  var source: String

  @Argument(help: "The folder to make.")
  var out: String

  @Option(help: ArgumentHelp("A table (TSV or CSV) with the class of each patient, study or file.", valueName: "file"))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "The table's column of ids (default: the first of participant_id, PatientID, patient_id, StudyInstanceUID, id).",
      valueName: "name"))
  var idColumn: String?

  @Option(help: ArgumentHelp("The table's column of classes.", valueName: "name"))
  var classColumn = "class"

  @Option(help: ArgumentHelp("Columns of the table to keep, such as age,sex (default: none).", valueName: "list"))
  var keepColumns: String?

  @Option(help: ArgumentHelp("Elements of the header to keep, such as PatientAge,PatientSex.", valueName: "list"))
  var keepTags: String?

  @Option(help: ArgumentHelp("These modalities only, such as CT,MR.", valueName: "list"))
  var modality: String?

  @Option(help: ArgumentHelp("Only series with this in their description, such as T1.", valueName: "text"))
  var series: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Greys from 0 to 255 through a window: centre,width, or file for each file's own; full keeps all values.",
      valueName: "window"))
  var window = "full"

  @Flag(help: "Number the people, sub-001 and so on, in an order drawn anew.")
  var pseudonymise = false

  @Option(help: ArgumentHelp("Write which number is whose into this new file.", valueName: "file"))
  var key: String?

  @Flag(help: "Accept images that say that text is burnt into them.")
  var allowBurnedIn = false

  @Flag(help: "Leave damaged files out.")
  var skipDamaged = false

  @OptionGroup(title: "Slices of volumes") var slices: SliceOptions
  @OptionGroup(title: "Output") var output: ImportOutputOptions

  func validate() throws {
    guard DICOMWindow(window) != nil else {
      throw ValidationError("--window takes centre,width such as 40,400, file or full, not '\(window)'.")
    }
    guard key == nil || pseudonymise else { throw ValidationError("--key goes with --pseudonymise.") }
  }

  func run() throws {
    let choice = try slices.choice()
    var options = DICOMOptions()
    options.labels = labels.map { URL(filePath: $0) }
    (options.idColumn, options.classColumn) = (idColumn, classColumn)
    options.keptColumns = Self.words(keepColumns)
    if let keepTags { try options.keepTags(keepTags) }
    options.modalities = Set(Self.words(modality).map { $0.uppercased() })
    (options.series, options.window) = (series, DICOMWindow(window)!)
    (options.pseudonymises, options.key) = (pseudonymise, key.map { URL(filePath: $0) })
    (options.allowsBurnedIn, options.skipsDamaged) = (allowBurnedIn, skipDamaged)
    let plan = try DICOMImport(
      URL(filePath: source, directoryHint: .isDirectory), options: options, version: Manikin.version)
    try output.report(to: out, total: plan.count) {
      try plan.write(
        to: URL(filePath: out, directoryHint: .isDirectory), choice: choice, overwrite: output.overwrite, progress: $0)
    }
  }

  private static func words(_ list: String?) -> [String] {
    (list ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }
}
