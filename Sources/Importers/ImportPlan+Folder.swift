import Cohorts
import Files
import Foundation
import ImageFiles
import ImageSets

extension ImportPlan {
  /// Volumes in class folders, or anywhere with a table that says their classes; see `Cohort`.
  ///
  /// - Parameters:
  ///   - root: the folder.
  ///   - labels: the table that says the classes; nil for class folders.
  ///   - subjects: how subjects are found in names, where the table does not name them.
  ///   - orientation: how the axes of files run that do not say, as ANALYZE files.
  /// - Throws: `ImagingError` for a cohort that cannot be loaded, and for pictures among the volumes.
  public static func volumes(
    _ root: URL, labels: LabelTable? = nil, subjects: SubjectRule = .names, orientation: AxisLetters? = nil
  ) throws -> ImportPlan {
    let cohort = try Cohort.load(root, labels: labels, subjects: subjects)
    if let picture = cohort.images.first(where: isPicture) {
      throw ImagingError.invalid(
        what: "\(picture.url.path) is a picture, not a volume", remedy: "use 'manikin import images' for pictures")
    }
    var plan = try folder(
      cohort, labels, importer: "volumes", options: ["orientation": orientation?.description ?? "none"])
    plan.orientation = orientation
    return plan
  }

  /// Pictures (PNG, JPEG, TIFF) in class folders, or anywhere with a table.
  ///
  /// - Throws: `ImagingError`.
  public static func images(
    _ root: URL, labels: LabelTable? = nil, subjects: SubjectRule = .names
  ) throws -> ImportPlan {
    let cohort = try Cohort.load(root, labels: labels, subjects: subjects)
    if let other = cohort.images.first(where: { !isPicture($0) }) {
      throw ImagingError.invalid(
        what: "\(other.url.path) is no picture (PNG, JPEG or TIFF)",
        remedy: "use 'manikin import volumes' for NIfTI, ANALYZE and MGH files")
    }
    var plan = try folder(cohort, labels, importer: "images", options: [:])
    plan.isPictures = true
    return plan
  }

  private static func isPicture(_ image: CohortImage) -> Bool { ImageFile.isPicture(image.url) }

  private static func folder(
    _ cohort: Cohort, _ labels: LabelTable?, importer: String, options: [String: String]
  ) throws -> ImportPlan {
    var sources: [String: String] = [:]
    let scans = try cohort.images.map { image in
      let subject = statedSubject(image.subject)
      if let other = sources.updateValue(image.subject, forKey: subject), other != image.subject {
        throw ImagingError.invalid(
          what: "the subjects '\(other)' and '\(image.subject)' of \(cohort.root.path) would both be called \(subject)",
          remedy: "rename one of them")
      }
      return Scan(
        url: image.url, path: image.path, name: name(of: image, subject: subject), subject: subject,
        className: image.className, split: image.split)
    }
    var options = options
    var columns: [String] = []
    var values: [String: [String?]] = [:]
    if let labels {
      options["labels"] = labels.url.lastPathComponent
      (columns, values) = try covariates(labels, cohort)
    }
    return try ImportPlan(
      importer: importer, root: cohort.root, scans: scans, columns: columns, values: values, options: options,
      notes: cohort.notes)
  }

  /// The subject and what else the file's path says.
  private static func name(of image: CohortImage, subject: String) -> String {
    let stem = ImageFile.stem(image.url)
    if SubjectName.stated(in: stem) == subject { return stem }
    let rest = stem.hasPrefix(image.subject) ? String(stem.dropFirst(image.subject.count)) : "_" + stem
    let trimmed = rest.drop { "_-. ".contains($0) }
    return trimmed.isEmpty ? subject : "\(subject)_\(trimmed)"
  }

  /// The table's further columns by subject: the first row of each counts.
  private static func covariates(
    _ labels: LabelTable, _ cohort: Cohort
  ) throws -> (columns: [String], values: [String: [String?]]) {
    let table = try TextTable(labels.url)
    let id = try table.column(labels.idColumn)
    let own = [labels.idColumn, labels.classColumn, labels.splitColumn, labels.subjectColumn]
    let further = table.header.indices.filter { !own.contains(table.header[$0]) && !table.header[$0].isEmpty }
    var rows: [String: [String]] = [:]
    for cells in table.rows {
      if let name = TextTable.value(cells, id), rows[name] == nil { rows[name] = cells }
    }
    var values: [String: [String?]] = [:]
    let named = RowMatching(
      cohort.images.map { .init(path: $0.path, subject: SubjectName.of(path: $0.path)) }, ids: Set(rows.keys))
    let matching = RowMatching(cohort.images.map { .init(path: $0.path, subject: $0.subject) }, ids: Set(rows.keys))
    for (place, image) in cohort.images.enumerated() {
      guard let row = (matching.ids[place] ?? named.ids[place]).flatMap({ rows[$0] }) else { continue }
      let subject = statedSubject(image.subject)
      if values[subject] == nil { values[subject] = further.map { TextTable.value(row, $0) } }
    }
    return (further.map { columnName(table.header[$0]) }, values)
  }
}
