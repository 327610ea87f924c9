import Cohorts
import DICOMFiles
import Files
import Foundation
import ImageSets

/// The class of each DICOM file: by a table, or by the folder inside the source that it lies in.
///
/// A row's id is the UID of an instance, a series or a study, a file's path or name, or the PatientID, the most particular
/// first; PatientIDs may differ by zeros as `RowMatching` says. Notes name no ids, since they are written.
struct DICOMLabels: Sendable {
  /// Nil for a file without one.
  private(set) var classes: [String?]
  /// The table's id for each file.
  private(set) var ids: [String?] = []
  /// The files without a class.
  private(set) var omissions: [DICOMTree.Omission] = []
  private(set) var notes: [String] = []

  /// - Throws: `ImagingError` for a table that cannot be read or fits no file.
  init(_ files: [DICOMTree.File], _ labels: LabelTable?, root: URL) throws {
    guard let labels else {
      classes = try Self.folders(files, root: root)
      ids = files.map { _ in nil }
      omit(files) { _ in "lies in no class folder" }
      return
    }
    let table = try labels.rows()
    let rows = try labels.byID(table.rows)
    let known = Set(rows.keys)
    let matching = RowMatching(
      files.map { .init(path: $0.path, subject: $0.header.patientID ?? $0.path) }, ids: known)
    ids = zip(files, matching.ids).map { file, id in
      Self.candidates(file).first(where: known.contains) ?? id
    }
    guard ids.contains(where: { $0 != nil }) else {
      throw ImagingError.invalid(
        what: "no DICOM file in \(root.path) has a PatientID, UID or name in the column '\(labels.idColumn)' of "
          + "\(labels.url.path) (\(TextList.firstFew(table.rows.map(\.id))))",
        remedy: "name the column with --id-column")
    }
    classes = ids.map { $0.flatMap { rows[$0]?.className } }
    guard classes.contains(where: { $0 != nil }) else {
      throw ImagingError.invalid(
        what: "no row of \(labels.url.path) that fits a DICOM file has a class in '\(labels.classColumn)'",
        remedy: "fill the column, or name another")
    }
    let matched = Set(ids.compactMap { $0 })
    let name = labels.url.lastPathComponent
    let ids = ids
    omit(files) { ids[$0] == nil ? "has no row in \(name)" : "has a row without a class in \(name)" }
    note(
      rows.values.count { $0.className == nil }, "row of \(name) has no class and is",
      "rows of \(name) have no class and are")
    note(
      rows.values.count { $0.className != nil && !matched.contains($0.id) }, "row of \(name) fits no image and is",
      "rows of \(name) fit no image and are")
    let taken = Set(matching.taken.map(\.subject)).count
    if taken > 0 {
      notes.append(
        "\(TextList.count(taken, "subject")) matched to rows of \(name) whose ids differ by zeros or sub- only")
    }
    if !matching.ambiguous.isEmpty {
      notes.append(
        "\(TextList.count(matching.ambiguous.count, "subject")) not matched to rows of \(name) whose ids differ by zeros "
          + "or sub- only, because several would fit")
    }
  }

  /// What may stand in a table for a file beside its PatientID, the most particular first.
  private static func candidates(_ file: DICOMTree.File) -> [String] {
    let name = file.url.lastPathComponent
    let hasSuffix = ["dcm", "dicom", "ima"].contains(file.url.pathExtension.lowercased())
    let header = file.header
    return [file.path, name, hasSuffix ? file.url.deletingPathExtension().lastPathComponent : name]
      + [header.instanceUID, header.seriesUID, header.studyUID].compactMap { $0 }
  }

  private mutating func omit(_ files: [DICOMTree.File], _ reason: (Int) -> String) {
    omissions = files.indices.filter { classes[$0] == nil }.map { .init(path: files[$0].path, reason: reason($0)) }
  }

  private mutating func note(_ count: Int, _ one: String, _ many: String) {
    if count > 0 { notes.append("\(count) \(count == 1 ? one : many) not used") }
  }

  private static func folders(_ files: [DICOMTree.File], root: URL) throws -> [String?] {
    let classes = files.map { file in file.path.firstIndex(of: "/").map { String(file.path[..<$0]) } }
    let remedy = "name a table that says the classes, such as --labels table.csv"
    guard classes.contains(where: { $0 != nil }) else {
      throw ImagingError.invalid(
        what: "the \(TextList.count(files.count, "DICOM image")) in \(root.path) lie in no class folder", remedy: remedy
      )
    }
    let sides = Set(classes.compactMap { $0 }).filter { Split(name: $0) != nil }
    guard sides.isEmpty else {
      throw ImagingError.invalid(
        what: "the folder \(sides.sortedBytewise()[0]) in \(root.path) is called as a side of a split, not as a class",
        remedy: remedy)
    }
    return classes
  }
}
