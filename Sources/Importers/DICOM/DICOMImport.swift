import Cohorts
import DICOMFiles
import Files
import Foundation
import ImageFiles

/// Brings a tree of DICOM files into class folders of slices.
///
/// The subject is the PatientID or a number; names of files count series and images within the subject. Of the headers
/// only spacing, orientation, modality and the kept elements go further.
public struct DICOMImport {
  private let root: URL
  private let options: DICOMOptions
  private let labels: LabelTable?
  private let version: String
  private let tree: DICOMTree
  private let files: [DICOMTree.File]
  private let classes: [String: String]
  private let rows: [String: String]
  private let covariates: CovariateTable?
  private let patients: DICOMPatients
  private let series: [DICOMSeries]
  private let converter: DICOMConverter?
  private let omissions: [DICOMTree.Omission]
  private let notes: [String]

  /// How many images and volumes there are.
  public var count: Int { series.reduce(0) { $0 + $1.contents.count } }

  /// Reads the headers.
  ///
  /// - Parameters:
  ///   - root: the folder, searched to any depth.
  ///   - options: which images are taken, how their classes are found, and what of the headers is kept.
  ///   - version: Manikin's, for `import.json`.
  ///   - progress: called now and then, on the caller's thread, with the number of files done.
  /// - Throws: `ImagingError` for a folder without images, damaged files, a table that does not fit, and volumes without
  ///   `dcm2niix`.
  public init(
    _ root: URL, options: DICOMOptions, version: String, progress: ((Int) -> Void)? = nil
  ) throws {
    (self.root, self.options, self.version) = (root, options, version)
    labels = try options.table()
    covariates = try Self.covariates(labels, options)
    tree = try DICOMTree(
      root, keeping: options.keptTags, allowsBurnedIn: options.allowsBurnedIn, progress: progress)
    try Self.refuseDamage(tree.omissions.filter(\.isDamage), options, root)
    let wanted = tree.files.filter { file in
      let description = file.header.seriesDescription?.lowercased() ?? ""
      return (options.modalities.isEmpty || options.modalities.contains(file.header.modality))
        && (options.series.map { description.contains($0.lowercased()) } ?? true)
    }
    guard !wanted.isEmpty else { throw Self.noImages(tree, root, tree.omissions) }
    let table = try DICOMLabels(wanted, labels, root: root)
    let chosen = wanted.indices.filter { table.classes[$0] != nil }
    files = chosen.map { wanted[$0] }
    omissions = tree.omissions + table.omissions
    classes = Dictionary(uniqueKeysWithValues: chosen.map { (wanted[$0].path, table.classes[$0]!) })
    rows = Dictionary(
      uniqueKeysWithValues: chosen.compactMap { place in table.ids[place].map { (wanted[place].path, $0) } })
    patients = try DICOMPatients(files, pseudonyms: options.pseudonymises, root: root.path)
    if options.pseudonymises {
      let privacy = DICOMPrivacy(files: files, subjects: patients.subjects)
      try privacy.refuseNames(in: files.map { [classes] in classes[$0.path]! }, table: options.labels)
      if let labels {
        try privacy.refuseNames(in: options.keptColumns, idColumn: labels.idColumn) { [rows, covariates] file in
          rows[file.path].flatMap { covariates?.row($0) }
        }
      }
    }
    series = DICOMSeries.all(files, subjects: patients.subjects)
    let hasVolumes = series.contains { $0.contents.contains { if case .volume = $0.content { true } else { false } } }
    converter = hasVolumes ? try DICOMConverter() : nil
    var notes: [String] = []
    if tree.files.count > wanted.count {
      notes.append(
        "\(TextList.count(tree.files.count - wanted.count, "image")) left out by --modality or --series")
    }
    if tree.otherCount > 0 {
      notes.append("\(TextList.count(tree.otherCount, "file")) that \(tree.otherCount == 1 ? "is" : "are") not DICOM")
    }
    self.notes = notes + table.notes + patients.notes + Self.notes(on: files, options) + Self.notes(on: series)
  }

  /// Writes the slices, and the key of the pseudonyms if one was asked for.
  ///
  /// - Parameters:
  ///   - out: the folder; whole or not there.
  ///   - choice: which slices of volumes.
  ///   - overwrite: whether a folder that Manikin wrote before may be replaced.
  ///   - progress: called now and then, on the caller's thread, with the number of images and volumes done.
  /// - Throws: `ImagingError`; then nothing is left.
  public func write(
    to out: URL, choice: SliceChoice, overwrite: Bool = false, progress: ((Int) -> Void)? = nil
  ) throws -> CohortImport.Outcome {
    try FolderReplacement.requireReplaceable(
      out.resolvingSymlinksInPath().standardizedFileURL, overwrite: overwrite)
    var gathered = Gathered(omissions: omissions)
    for one in series {
      for (name, content) in one.contents {
        try gather(content, name: name, subject: one.subject, &gathered)
      }
    }
    let (scans, omissions) = (gathered.scans, gathered.omissions)
    guard !scans.isEmpty else { throw Self.noImages(tree, root, omissions) }
    let (columns, values) = columns(scans)
    var plan = try ImportPlan(
      importer: "dicom", root: root, scans: scans, columns: columns, values: values, options: recordedOptions,
      notes: notes + Self.notes(onMended: gathered.mended))
    plan.dicom = DICOMSource(omissions: omissions, skipsDamaged: options.skipsDamaged)
    let key = try options.key.map { try DICOMKey(patients, at: $0, outside: out) }
    let outcome: CohortImport.Outcome
    do {
      outcome = try CohortImport(plan: plan, choice: choice, version: version)
        .write(to: out, overwrite: overwrite, progress: progress)
    } catch {
      key?.remove()
      throw error
    }
    try key?.commit()
    return outcome
  }

  /// What becomes of the series.
  private struct Gathered {
    var omissions: [DICOMTree.Omission]
    var scans: [ImportPlan.Scan] = []
    /// Names of volumes whose values are not those of `dcm2niix`.
    var mended: [String] = []
  }

  /// Adds what one image or volume comes to.
  private func gather(
    _ content: DICOMSeries.Content, name: String, subject: String, _ gathered: inout Gathered
  ) throws {
    func scan(_ url: URL, _ name: String, _ file: DICOMTree.File, _ reading: DICOMScan.Reading) -> ImportPlan.Scan {
      let tags = zip(options.keptTags, file.header.kept).compactMap { key, value in value.map { (key.name, $0) } }
      return ImportPlan.Scan(
        url: url, path: file.path, name: name, subject: subject, className: classes[file.path]!,
        dicom: .init(
          reading: reading, modality: file.header.modality, tags: Dictionary(uniqueKeysWithValues: tags)))
    }
    switch content {
    case .picture(let file): gathered.scans.append(scan(file.url, name, file, .picture(options.window)))
    case .volume(let files):
      guard Set(files.map { classes[$0.path]! }).count == 1 else {
        throw ImagingError.invalid(
          what: "the slices of one volume, among them \(files[0].path), have different classes",
          remedy: "give all files of a series one class")
      }
      let middle = files[files.count / 2]
      var setting: DICOMWindow.Setting?
      switch options.window {
      case .full: break
      case .given(let centre, let width): setting = .init(centre: centre, width: width)
      case .file:
        guard let own = middle.header.window else {
          gathered.omissions.append(.init(path: files[0].path, reason: "is of a volume that states no window"))
          return
        }
        setting = own
      }
      do {
        let result = try converter!.checkedVolumes(from: files, name: name)
        gathered.omissions += result.refusals.map {
          .init(path: files[0].path, reason: "is of a series that gives no single volume: \($0)")
        }
        if result.isMended { gathered.mended.append(name) }
        gathered.scans += result.urls.map { scan($0, ImageFile.stem($0), middle, .volume(setting)) }
      } catch let refusal as DICOMVolumeCheck.Refusal {
        let omission = DICOMTree.Omission(
          path: files[0].path,
          reason: "is of a series of \(TextList.count(files.count, "file")) that gives no volume: \(refusal.reason)",
          isDamage: refusal.isDamage)
        try Self.refuseDamage(omission.isDamage ? [omission] : [], options, root, remedy: refusal.remedy)
        gathered.omissions.append(omission)
      }
    }
  }

  /// Columns of the written table: those that are kept of the given one, then elements of the header where all files of a
  /// subject agree.
  private func columns(_ scans: [ImportPlan.Scan]) -> (columns: [String], values: [String: [String?]]) {
    let values = Dictionary(grouping: scans, by: \.subject).mapValues { scans -> [String?] in
      let row = scans.lazy.compactMap { rows[$0.path] }.first.flatMap { covariates?.row($0) }
      return (row ?? options.keptColumns.map { _ in nil })
        + options.keptTags.map { tag in
          let found = Set(scans.map { $0.dicom?.tags[tag.name] })
          return found.count == 1 ? found.first! : nil
        }
    }
    return ((options.keptColumns + options.keptTags.map(\.name)).map(ImportPlan.columnName), values)
  }

  /// The kept columns of the table.
  private static func covariates(_ labels: LabelTable?, _ options: DICOMOptions) throws -> CovariateTable? {
    guard options.keptColumns.isEmpty || labels != nil else {
      throw ImagingError.invalid(what: "--keep-columns needs a table", remedy: "name one with --labels")
    }
    return try labels.map { try CovariateTable($0.url, idColumn: $0.idColumn, columns: options.keptColumns) }
  }

  private var recordedOptions: [String: String] {
    [
      "window": options.window.description, "pseudonymise": String(options.pseudonymises),
      "labels": labels?.url.lastPathComponent ?? "folders",
      "modality": options.modalities.isEmpty ? "all" : options.modalities.sortedBytewise().joined(separator: ","),
      "keepTags": options.keptTags.map(\.name).joined(separator: ","),
    ]
  }
}
