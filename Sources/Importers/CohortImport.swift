import Cohorts
import DICOMFiles
import Files
import Foundation
import ImageFiles
import ImageSets

/// Writes what an `ImportPlan` says: class folders of `.nii.gz` slices, `participants.tsv`, `dataset_description.json`
/// and `import.json`.
///
/// `OUT/AD/OAS1_0003_MR1_axial-090.nii.gz`; below `OUT/train` and so on if the source is already split. Slices are
/// stored right, anterior, superior as float32, colours as RGB24, each with its place in space. Everything is written beside `OUT` and
/// takes its name when it is complete. The same source gives the same bytes.
public struct CohortImport: Sendable {
  public let plan: ImportPlan
  public let choice: SliceChoice
  /// Manikin's.
  public let version: String

  /// What was written.
  public struct Outcome: Codable, Sendable, Equatable {
    public var out: String
    /// By class.
    public var images: [String: Int]
    /// By class.
    public var subjects: [String: Int]
    /// The sizes in pixels, such as `208 x 176`, the commonest first.
    public var sizes: [CohortInspection.Tally]
    /// The same of each class.
    public var sizesByClass: [String: [CohortInspection.Tally]]
    public var notes: [String]
    /// The DICOM files that are left out, each with the reason; nil for other sources.
    public var omitted: [String]?
  }

  public init(plan: ImportPlan, choice: SliceChoice, version: String) {
    self.plan = plan
    self.choice = choice
    self.version = version
  }

  struct Written: Sendable {
    var images: [ImportRecord.Image]
    var size: String
    var nonFiniteCount: Int
    var isColour = false
    var isTurned = false
    /// Why a DICOM file is left out after all.
    var omission: DICOMTree.Omission?
  }

  /// Writes the slices.
  ///
  /// - Parameters:
  ///   - out: the folder; whole or not there. It must not lie inside the source.
  ///   - overwrite: whether a folder that Manikin wrote before may be replaced.
  ///   - progress: called now and then, on the caller's thread, with the number of scans done.
  /// - Throws: `ImagingError`; then nothing is left.
  public func write(to out: URL, overwrite: Bool = false, progress: ((Int) -> Void)? = nil) throws -> Outcome {
    try refuseInsideSource(out)
    let place = try FolderReplacement(at: out, overwrite: overwrite)
    do {
      for folder in folders {
        try FolderReplacement.makeFolder(place.partial.appending(path: folder, directoryHint: .isDirectory), for: out)
      }
      let written = try ParallelMap.map(count: plan.scans.count, chunk: 16, progress: progress) {
        try write(plan.scans[$0], to: place.partial)
      }
      let outcome = try outcome(written, out)
      try save(participants(written), as: "participants.tsv", in: place.partial)
      let record = ImportRecord(
        importer: plan.importer, version: version, source: sourceName, options: options,
        orientation: plan.isPictures ? "none" : "RAS", images: written.flatMap(\.images), notes: outcome.notes)
      try save(ImportRecord.text(of: record), as: ImportRecord.fileName, in: place.partial)
      let description = DatasetDescription(
        name: "Images imported from \(sourceName)", version: version, sources: [sourceName])
      try save(
        String(decoding: description.json(), as: UTF8.self), as: DatasetDescription.fileName, in: place.partial)
      try place.commit()
      return outcome
    } catch {
      place.cancel()
      throw error
    }
  }

  /// The name of the source's folder; where it lies is nobody's business with whom the images are shared.
  private var sourceName: String { plan.dicom == nil ? plan.root.standardizedFileURL.lastPathComponent : "DICOM files" }

  private var options: [String: String] {
    guard !plan.isPictures else { return plan.options }
    var options = plan.options
    options["plane"] = choice.plane.rawValue
    options["slice"] = choice.position.description
    options["slices"] = choice.extent.description
    options["volume"] = choice.volume.map(String.init)
    return options
  }

  /// Folders to make, parents first.
  private var folders: [String] {
    let sides = Set(plan.scans.compactMap { $0.split?.rawValue }).sortedBytewise()
    return sides + Set(plan.scans.map(folder)).sortedBytewise()
  }

  private func folder(of scan: ImportPlan.Scan) -> String {
    (scan.split.map { $0.rawValue + "/" } ?? "") + scan.className
  }

  private func write(_ scan: ImportPlan.Scan, to partial: URL) throws -> Written {
    func image(_ name: String) -> ImportRecord.Image {
      ImportRecord.Image(
        file: "\(folder(of: scan))/\(name).nii.gz", source: plan.dicom == nil ? scan.path : nil, subject: scan.subject,
        className: scan.className, modality: scan.dicom?.modality, tags: scan.dicom?.keptTags)
    }
    var written = Written(images: [], size: "", nonFiniteCount: 0)
    func add(_ slice: Slice, _ image: ImportRecord.Image) throws {
      try ImageFile.writeNIfTI(slice, to: partial.appending(path: image.file, directoryHint: .notDirectory))
      written.images.append(image)
      written.size = "\(slice.height) x \(slice.width)"
      written.nonFiniteCount += slice.nonFiniteCount
      if slice.isColour { written.isColour = true }
      if slice.isTurned { written.isTurned = true }
    }
    guard !plan.isPictures else {
      try add(Self.picture(scan.url), image(scan.name))
      return written
    }
    if case .picture(let window)? = scan.dicom?.reading {
      switch try DICOMSource.picture(scan, window, skipsDamaged: plan.dicom?.skipsDamaged == true) {
      case .failure(let omission): written.omission = omission
      case .success(let picture):
        var image = image(scan.name)
        (image.plane, image.millimetres, image.sourceOrientation) = (
          picture.plane, picture.millimetres, picture.letters
        )
        image.orientationSource = picture.plane.map { _ in Volume.OrientationSource.file.rawValue }
        try add(picture.slice, image)
      }
      return written
    }
    do { try addSlices(of: scan, image: image, add: add) } catch ImagingError.unreadable(_, let reason, let remedy)
      where scan.dicom != nil
    {
      // The volume's own file is a passing one.
      throw ImagingError.unreadable(
        path: plan.root.appending(path: scan.path).path, reason: "of the volume that it belongs to, \(reason)",
        remedy: remedy)
    }
    return written
  }

  /// The chosen slices of a volume.
  private func addSlices(
    of scan: ImportPlan.Scan, image: (String) -> ImportRecord.Image,
    add: (Slice, ImportRecord.Image) throws -> Void
  ) throws {
    let volume = try Volume(
      scan.url, number: choice.volume, orientation: plan.orientation?.orientation,
      overriding: plan.overridesOrientation)
    if let required = plan.requiredExtent, volume.header.extent != required {
      func text(_ sizes: [Int]) -> String { sizes.map(String.init).joined(separator: " x ") }
      throw ImagingError.unreadable(
        path: scan.url.path, reason: "it has \(text(volume.header.extent)) voxels and should have \(text(required))",
        remedy: "take the volumes as they were released")
    }
    let plane = volume.onlyPlane ?? choice.plane
    for index in volume.onlyPlane == nil ? try choice.indices(in: volume) : [0] {
      let digits = String(index)
      let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
      var image = image(volume.onlyPlane == nil ? "\(scan.name)_\(plane.rawValue)-\(padded)" : scan.name)
      image.plane = plane
      image.index = index
      image.millimetres = volume.millimetres(of: plane, index: index)
      image.sourceOrientation = volume.orientation.letters
      image.orientationSource = volume.orientationSource.rawValue
      try add(windowed(volume.slice(plane, index: index), scan), image)
    }
  }

  /// A picture as it is written: colours of 16 bits from 0 to 255.
  private static func picture(_ url: URL) throws -> Slice {
    let (header, slice) = try ImageFile.open(url)
    guard var picture = slice else { preconditionFailure("a picture is no volume") }
    if picture.channels == 3, header.dataType == "uint16" { picture.pixels = picture.pixels.map { $0 / 257 } }
    return picture
  }

  /// A slice of a volume from DICOM files in the window that is asked for.
  private func windowed(_ slice: Slice, _ scan: ImportPlan.Scan) -> Slice {
    guard case .volume(let setting?)? = scan.dicom?.reading, slice.channels == 1 else { return slice }
    var slice = slice
    slice.pixels = slice.pixels.map { Float(setting.grey(Double($0))) }
    return slice
  }

  private func outcome(_ written: [Written], _ out: URL) throws -> Outcome {
    let images = written.flatMap(\.images)
    let omissions = (plan.dicom?.omissions ?? []) + written.compactMap(\.omission)
    guard !images.isEmpty else {
      throw ImagingError.unreadable(
        path: plan.root.path, reason: "none of its images can be used (\(omissions.first.map(\.sentence) ?? "none"))",
        remedy: "name other images")
    }
    let sizes = CohortInspection.tally(written.flatMap { one in one.images.map { _ in one.size } })
    var notes = plan.notes + DICOMSource.notes(on: omissions)
    /// DICOM files are called as they are written.
    func names(_ isMeant: (Written) -> Bool) -> [String] {
      zip(plan.scans, written).filter { isMeant($0.1) }.map { plan.dicom == nil ? $0.0.path : $0.0.name }
    }
    if sizes.count > 1 {
      notes.append(
        "the slices have \(sizes.count) sizes (\(TextList.firstFew(sizes.map { "\($0.value): \($0.count)" }))); give one "
          + "with --size when you use them")
    }
    let bad = names { $0.nonFiniteCount > 0 }
    if !bad.isEmpty {
      notes.append(
        "\(TextList.count(bad.count, "file")) with NaN or infinite voxels, which are written as 0: "
          + TextList.firstFew(bad))
    }
    if let note = ReadingNotes.turned(names(\.isTurned)) { notes.append(note) }
    let colours = names(\.isColour)
    let used = written.count { !$0.images.isEmpty }
    if !colours.isEmpty {
      notes.append(
        "\(TextList.countOf(colours.count, used, "image")) in colour (\(TextList.firstFew(colours))), written "
          + "as RGB24 of 8 bits a channel")
    }
    let several = Dictionary(grouping: images, by: \.subject).filter { Set($0.value.map(\.className)).count > 1 }.keys
    if !several.isEmpty {
      notes.append(
        "\(TextList.count(several.count, "subject")) with images in several classes "
          + "(\(TextList.firstFew(several.sortedBytewise()))); if these are several people, name the table's column of "
          + "subjects, or put their files in no common folder")
    }
    if plan.isPictures {
      notes.append("pictures say nothing of their place in space, so the written images have no orientation")
    }
    let byClass = Dictionary(grouping: images, by: \.className)
    let sizesByClass = Dictionary(
      grouping: written.flatMap { one in one.images.map { (className: $0.className, size: one.size) } }, by: \.className
    ).mapValues { CohortInspection.tally($0.map(\.size)) }
    return Outcome(
      out: out.relativePath, images: byClass.mapValues(\.count),
      subjects: byClass.mapValues { Set($0.map(\.subject)).count }, sizes: sizes,
      sizesByClass: sizesByClass, notes: notes,
      omitted: plan.dicom == nil ? nil : omissions.map(\.sentence))
  }

  /// One row for each subject with an image.
  private func participants(_ written: [Written]) -> String {
    let used = zip(plan.scans, written).filter { !$0.1.images.isEmpty }.map(\.0)
    let bySubject = Dictionary(grouping: used, by: \.subject)
    let hasSplit = plan.scans.contains { $0.split != nil }
    func cell(_ value: String?) -> String {
      let text = (value ?? "").map { $0 == "\t" || $0.isNewline ? " " : $0 }
      return text.isEmpty ? "n/a" : String(text)
    }
    var lines = [["participant_id", "class"] + (hasSplit ? ["split"] : []) + plan.columns]
    for subject in bySubject.keys.sortedBytewise() {
      let scans = bySubject[subject]!
      let classes = Set(scans.map(\.className)).sortedBytewise().joined(separator: "+")
      let values = plan.values[subject] ?? plan.columns.map { _ in nil }
      lines.append(
        [cell(subject), cell(classes)] + (hasSplit ? [cell(scans[0].split?.rawValue)] : []) + values.map(cell))
    }
    return lines.map { $0.joined(separator: "\t") }.joined(separator: "\n") + "\n"
  }

  /// A folder written into the source would be found by the next import.
  private func refuseInsideSource(_ out: URL) throws {
    func resolved(_ url: URL) -> String {
      let path = url.standardizedFileURL.resolvingSymlinksInPath().path
      return path.hasSuffix("/") ? path : path + "/"
    }
    guard !resolved(out).hasPrefix(resolved(plan.root)) else {
      throw ImagingError.unwritable(
        path: out.path, reason: "it lies inside the source", remedy: "name a folder elsewhere")
    }
  }

  private func save(_ text: String, as name: String, in folder: URL) throws {
    try Array(text.utf8).withUnsafeBytes {
      try WholeFile.write($0, to: folder.appending(path: name, directoryHint: .notDirectory))
    }
  }
}
