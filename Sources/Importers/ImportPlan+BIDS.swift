import Files
import Foundation
import ImageFiles

extension ImportPlan {
  /// A BIDS data set: `sub-*/[ses-*/]anat/*_T1w.nii.gz` and `participants.tsv`.
  ///
  /// - Parameters:
  ///   - root: the folder of the data set.
  ///   - labelColumn: the column of `participants.tsv` with the classes; subjects without a value are left out. The
  ///     other columns go to the written table.
  ///   - suffix: which images, such as `T1w` or `FLAIR`.
  ///   - repeats: what happens to further sessions and runs of a subject.
  /// - Throws: `ImagingError`.
  ///
  /// Source: Brain Imaging Data Structure 1.10.0, "Magnetic Resonance Imaging" and "Participants file".
  public static func bids(
    root: URL, labelColumn: String, suffix: String = "T1w", repeats: Repeats = .group
  ) throws -> ImportPlan {
    guard !suffix.isEmpty, suffix.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
      throw ImagingError.invalid(what: "'\(suffix)' is no suffix of BIDS", remedy: "name one such as T1w or FLAIR")
    }
    let table = try TextTable(root.appending(path: "participants.tsv", directoryHint: .notDirectory))
    let id = try table.column("participant_id")
    let label = try table.column(labelColumn)
    let further = table.header.indices.filter { $0 != id && $0 != label }
    var rows: [String: [String]] = [:]
    for cells in table.rows {
      guard let name = TextTable.value(cells, id) else { continue }
      let subject = name.hasPrefix("sub-") ? name : "sub-" + name
      guard rows.updateValue(cells, forKey: subject) == nil else {
        throw ImagingError.unreadable(
          path: table.url.path, reason: "it has two rows for \(subject)", remedy: "keep one")
      }
    }
    let subjects = try FolderListing(root).folders.filter { $0.hasPrefix("sub-") }
    guard !subjects.isEmpty else {
      throw ImagingError.unreadable(
        path: root.path, reason: "there are no folders sub-* in it", remedy: "name the folder of a BIDS data set")
    }
    var scans: [Scan] = []
    var values: [String: [String?]] = [:]
    var (unlisted, unlabelled, without, repeated): ([String], [String], [String], [String]) = ([], [], [], [])
    for subject in subjects {
      guard let cells = rows[subject] else {
        unlisted.append(subject)
        continue
      }
      guard let className = TextTable.value(cells, label) else {
        unlabelled.append(subject)
        continue
      }
      let found = try images(of: subject, in: root, suffix: suffix)
      guard let first = found.first else {
        without.append(subject)
        continue
      }
      if repeats == .drop { repeated += found.dropFirst() }
      for path in repeats == .drop ? [first] : found {
        let url = root.appending(path: path, directoryHint: .notDirectory)
        scans.append(
          Scan(
            url: url, path: path, name: String(ImageFile.stem(url).dropLast(suffix.count + 1)), subject: subject,
            className: className))
      }
      values[subject] = further.map { TextTable.value(cells, $0) }
    }
    var notes: [String] = []
    func note(_ items: [String], _ one: String, _ many: String) {
      guard !items.isEmpty else { return }
      notes.append("\(items.count) \(items.count == 1 ? one : many): \(TextList.firstFew(items.sortedBytewise()))")
    }
    note(unlisted, "folder has no row in participants.tsv", "folders have no row in participants.tsv")
    note(
      unlabelled, "subject has no '\(labelColumn)' and is left out",
      "subjects have no '\(labelColumn)' and are left out")
    note(without, "subject has no \(suffix) image", "subjects have no \(suffix) image")
    note(repeated, "further image of a subject is left out", "further images of subjects are left out")
    note(
      Array(Set(rows.keys).subtracting(subjects)), "row of participants.tsv has no folder",
      "rows of participants.tsv have no folder")
    guard !scans.isEmpty else {
      throw ImagingError.invalid(
        what: "no \(suffix) image in \(root.path) has a class (\(notes.joined(separator: "; ")))",
        remedy: "check the column and the suffix")
    }
    return try ImportPlan(
      importer: "bids", root: root, scans: scans,
      columns: further.map { Self.columnName(table.header[$0]) }, values: values,
      options: ["labelColumn": labelColumn, "suffix": suffix, "repeats": repeats.rawValue], notes: notes)
  }

  /// A name for a source's column beside our own.
  static func columnName(_ name: String) -> String {
    ["participant_id", "class", "split"].contains(name) ? "source_" + name : name
  }

  /// Paths below the root, sessions and names in bytewise order.
  private static func images(of subject: String, in root: URL, suffix: String) throws -> [String] {
    var places: [String] = []
    for name in try FolderListing(root.appending(path: subject, directoryHint: .isDirectory)).folders {
      if name == "anat" { places.append("\(subject)/anat") }
      guard name.hasPrefix("ses-") else { continue }
      let session = "\(subject)/\(name)"
      if try FolderListing(root.appending(path: session, directoryHint: .isDirectory)).folders.contains("anat") {
        places.append("\(session)/anat")
      }
    }
    return try places.flatMap { place in
      try FolderListing(root.appending(path: place, directoryHint: .isDirectory)).files.filter {
        $0.hasPrefix(subject + "_") && ($0.hasSuffix("_\(suffix).nii.gz") || $0.hasSuffix("_\(suffix).nii"))
      }.map { "\(place)/\($0)" }
    }
  }
}
