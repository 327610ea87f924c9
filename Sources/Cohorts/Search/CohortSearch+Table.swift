import DICOMFiles
import Files
import Foundation
import ImageFiles
import ImageSets

extension CohortSearch {
  /// Finds images at any depth and takes their classes from a table.
  ///
  /// `RowMatching` says which row belongs to an image. In a folder that is already split only the split folders are
  /// searched, and they give the split unless a column does.
  ///
  /// The subject is what the table's column says. Where that is the column of ids, unasked, and a row is of one file,
  /// the file's name says whose it is: a `participant_id` of `patient7_slice3` is still of `patient7`.
  mutating func find(labels: LabelTable) throws {
    let table = try labels.rows()
    let rows = try labels.byID(table.rows)
    let listing = try FolderListing(root)
    let sides = try splitFolders(in: listing, hasTable: true)
    var paths: [(path: String, split: Split?)] = []
    if sides.isEmpty {
      let found = try ImageListing(below: root, root: root)
      paths = found.images.map { ($0, nil) }
      unread = found.others
    } else {
      for side in sides {
        let found = try ImageListing(below: url(side.name), root: root)
        paths += found.images.map { (side.name + "/" + $0, side.split) }
        unread += found.others.map { side.name + "/" + $0 }
      }
      try note(unused: listing.folders.filter { name in !sides.contains { $0.name == name } })
    }
    guard !paths.isEmpty else {
      throw ImagingError.unreadable(
        path: root.path, reason: "there are no images in it",
        remedy: DICOMTree.remedy(for: root) ?? UnreadFormat.remedy(for: unread)
          ?? "name the folder that holds \(ImageFormat.suffixList) files")
    }

    var matched: Set<String> = []
    var unmatched: [String] = []
    var noSide: [String] = []
    let named = try paths.map { try rule.subject(of: $0.path, below: $0.path) }
    let matching = RowMatching(
      zip(paths, named).map { RowMatching.Image(path: $0.path, subject: $1) }, ids: Set(rows.keys))
    notes += matching.notes(table: labels.url.lastPathComponent)
    for (place, (path, folderSplit)) in paths.enumerated() {
      guard let row = matching.ids[place].flatMap({ rows[$0] }) else {
        unmatched.append(path)
        continue
      }
      matched.insert(row.id)
      guard let className = row.className else { continue }
      var split = folderSplit
      if labels.splitColumn != nil {
        split = row.split.flatMap { Split(name: $0) }
        if split == nil {
          noSide.append(path)
          continue
        }
      }
      classes.insert(className)
      images.append(
        CohortImage(
          url: url(path), path: path, subject: subject(row, named: named[place], path: path, labels),
          className: className,
          split: split))
    }
    let ids = table.rows.map(\.id)
    guard !matched.isEmpty else {
      throw ImagingError.invalid(
        what: "no image in \(root.path) (\(TextList.firstFew(paths.map(\.path)))) has an id of the column "
          + "'\(labels.idColumn)' of \(labels.url.path) (\(TextList.firstFew(ids)))",
        remedy: "name the column that holds the file names or the subjects")
    }
    guard !images.isEmpty else {
      throw ImagingError.invalid(
        what: "no image in \(root.path) has both a class and a side of the split in \(labels.url.path)",
        remedy: "fill the columns, or name others")
    }
    let rowsWithoutFile = rows.values.filter { !matched.contains($0.id) && $0.className != nil }.map(\.id)
    let withoutClass = rows.values.filter { $0.className == nil }.map(\.id)
    let name = labels.url.lastPathComponent
    note(rowsWithoutFile, "row of \(name) has no image file", "rows of \(name) have no image file")
    note(withoutClass, "row of \(name) has no class and is not used", "rows of \(name) have no class and are not used")
    note(unmatched, "image has no row in \(name) and is not used", "images have no row in \(name) and are not used")
    note(
      noSide, "image is neither of train, validation nor test and is not used",
      "images are neither of train, validation nor test and are not used")
    if table.unusedSplitColumn, sides.isEmpty {
      notes.append("\(name) has a column 'split' that is not used; name it to use the split it gives")
    }
  }

  private func subject(_ row: LabelRow, named: String, path: String, _ labels: LabelTable) -> String {
    guard let subject = row.subject else { return named }
    if labels.subjectColumn == nil, rule != .names { return named }
    guard labels.subjectColumn == nil, rule == .names else { return subject }
    let name = url(path).lastPathComponent
    let stem = ImageFile.stem(url(path))
    guard [path, name, stem].contains(subject) else { return subject }
    let stated = SubjectName.of(path: name)
    return stated == stem ? subject : stated
  }

  private mutating func note(_ items: [String], _ one: String, _ many: String) {
    guard !items.isEmpty else { return }
    notes.append("\(items.count) \(items.count == 1 ? one : many): \(TextList.firstFew(items.sortedBytewise()))")
  }
}
