import Cohorts
import DICOMFiles
import Files
import Foundation

/// How `manikin import dicom` goes about it.
public struct DICOMOptions: Sendable {
  /// The table of classes; nil takes the folders inside the source.
  public var labels: URL?
  /// The table's column of PatientIDs, UIDs or file names; nil takes the first usual one.
  public var idColumn: String?
  public var classColumn = "class"
  /// Columns of the table that go to the written one.
  public var keptColumns: [String] = []
  /// Elements of the header that are kept.
  package var keptTags: [DICOMKeyword] = []
  public var window = DICOMWindow.full
  /// Such as `CT`; empty for all.
  public var modalities: Set<String> = []
  /// What the description of a series must hold, whatever the case; nil for anything.
  public var series: String?
  /// Whether people are numbered.
  public var pseudonymises = false
  /// Where the table of pseudonyms goes; nil for nowhere.
  public var key: URL?
  /// Whether files that are damaged are left out, and not an error.
  public var skipsDamaged = false
  /// Whether images count in which text is burnt.
  public var allowsBurnedIn = false

  public init() {}

  /// - Parameter list: keywords with commas between them, such as `PatientAge,PatientSex`.
  /// - Throws: `ImagingError` for one that may not be kept.
  public mutating func keepTags(_ list: String) throws { keptTags = try DICOMKeyword.list(list) }

  static let idColumns = ["participant_id", "PatientID", "patient_id", "StudyInstanceUID", "id"]

  /// The table, with its column of ids found.
  func table() throws -> LabelTable? {
    guard let labels else { return nil }
    let header = try TextTable(labels).header
    let column = idColumn ?? Self.idColumns.first(where: header.contains) ?? Self.idColumns[0]
    return LabelTable(url: labels, idColumn: column, classColumn: classColumn)
  }
}
