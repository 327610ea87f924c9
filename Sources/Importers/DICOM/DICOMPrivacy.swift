import DICOMFiles
import Files
import Foundation

/// What would tell who the people are although they are numbered: classes and kept columns that are called as they are.
struct DICOMPrivacy: Sendable {
  /// Files, each with its subject.
  let files: [DICOMTree.File]
  let subjects: [String]

  /// - Parameters:
  ///   - classes: of each file.
  ///   - table: the table that says the classes; nil for folders.
  /// - Throws: `ImagingError` for a class that is called as a patient, and where each patient is a class.
  func refuseNames(in classes: [String], table: URL?) throws {
    let remedy =
      table.map { "give classes that are no people in \($0.path)" }
      ?? "give the classes in a table with --labels, for here the first folders are the classes"
    let byClass = Dictionary(grouping: files.indices, by: { classes[$0] })
    for name in byClass.keys.sortedBytewise() {
      let places = byClass[name]!
      let isOne = Set(places.map { subjects[$0] }).count == 1
      guard places.contains(where: { Self.tells(name, files[$0].header, isWhole: isOne, isFreeText: true) }) else {
        continue
      }
      throw ImagingError.invalid(
        what: "the class '\(name)' is called as a patient's name or PatientID in its files, which --pseudonymise hides",
        remedy: remedy)
    }
    guard byClass.count <= 2 || byClass.values.contains(where: { Set($0.map { subjects[$0] }).count > 1 }) else {
      throw ImagingError.invalid(
        what: "each of the \(byClass.count) classes has one patient, so they are patients and not classes, and "
          + "--pseudonymise hides who is who", remedy: remedy)
    }
  }

  /// - Parameters:
  ///   - columns: that are to be kept.
  ///   - idColumn: that rows are joined by.
  ///   - row: of each file; nil where it has none.
  /// - Throws: `ImagingError` for a column that says who somebody is.
  func refuseNames(in columns: [String], idColumn: String, row: (DICOMTree.File) -> [String?]?) throws {
    let remedy = "take it out of --keep-columns"
    guard !columns.contains(idColumn) else {
      throw ImagingError.invalid(
        what: "the column '\(idColumn)' says who the rows are of, which --pseudonymise hides", remedy: remedy)
    }
    let rows = files.map(row)
    for (place, column) in columns.enumerated() {
      let values = zip(files, rows).compactMap { file, row in row?[place].map { (file.header, $0) } }
      // Two numbers may be one by chance, those of most people may not.
      let same = values.count { Self.tells($0.1, $0.0, isWhole: true, isFreeText: false) }
      guard
        2 * same > values.count || values.contains(where: { Self.tells($0.1, $0.0, isWhole: false, isFreeText: false) })
      else { continue }
      throw ImagingError.invalid(
        what: "the column '\(column)' holds PatientIDs, names, birth dates or UIDs, which --pseudonymise hides",
        remedy: remedy)
    }
  }

  /// Whether a text says whose a file is.
  ///
  /// - Parameters:
  ///   - isWhole: whether a PatientID of one or two letters counts, too, which may be that of a class by chance.
  ///   - isFreeText: whether further words may stand beside the name.
  private static func tells(_ text: String, _ header: DICOMHeader, isWhole: Bool, isFreeText: Bool) -> Bool {
    let own = words(text)
    guard !own.isEmpty else { return false }
    if [header.instanceUID, header.seriesUID, header.studyUID, header.birthDate].contains(text) { return true }
    if let name = header.patientName.map(words), !name.isEmpty {
      if name.joined() == own.joined() || name.sorted() == own.sorted() { return true }
      if isFreeText, name.count > 1, Set(name).isSubset(of: own) { return true }
    }
    guard let id = header.patientID.map(words), !id.isEmpty else { return false }
    let joined = id.joined()
    func bare(_ text: String) -> Substring { text.drop { $0 == "0" } }
    if bare(joined) == bare(own.joined()) { return isWhole || joined.count > 2 }
    return isFreeText && joined.count > 3 && own.contains(joined)
  }

  /// The runs of letters and digits of a text, in small letters.
  private static func words(_ text: String) -> [String] {
    text.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
  }
}
