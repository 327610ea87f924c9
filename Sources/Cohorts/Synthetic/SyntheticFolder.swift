import Files
import Foundation
import ImageFiles

/// A folder of synthetic images while it is written: `OUT/AD/synthetic-AD-00001.nii.gz`, `OUT/manifest.csv` and
/// `OUT/dataset_description.json`, or a BIDS derivative (`BIDSLayout`).
///
/// Everything is written to `.OUT.partial` beside `OUT` and renamed when it is complete, so `OUT` is whole or not there.
public struct SyntheticFolder {
  let partial: URL
  private let prefix: String
  private let storage: ImageStorage
  private let furtherColumns: [String]
  var manifest: Manifest
  private var written: [String: Int] = [:]
  /// Nil for class folders.
  private var bids: BIDSLayout?

  /// How the files are laid out.
  public enum Layout: String, Sendable, CaseIterable {
    /// A folder for each class, and a manifest.
    case classFolders = "class-folders"
    /// A folder for each image, as if each were of a person; see `BIDSLayout`.
    case bids
  }

  /// Writes a folder with the images that `body` adds.
  ///
  /// - Parameters:
  ///   - out: the folder; whole or not there.
  ///   - prefix: what the file names begin with.
  ///   - description: goes into it as `dataset_description.json`.
  ///   - furtherColumns: names of columns of the manifest after its own.
  ///   - layout: class folders, or a BIDS derivative, whose names have no prefix.
  ///   - storage: what kind of file the images go to; NIfTI in a BIDS derivative.
  ///   - isSkullStripped: whether the images show the brain alone; a BIDS derivative has to say so.
  ///   - overwrite: whether a folder that Manikin wrote before may be replaced.
  ///   - body: is given the folder to add images to, and may throw to leave nothing behind.
  /// - Returns: what `body` returns.
  /// - Throws: `ImagingError` if `out` is in the way or cannot be written, and what `body` throws; then nothing is left.
  @discardableResult
  public static func write<Output>(
    to out: URL, prefix: String = "synthetic", description: DatasetDescription, furtherColumns: [String] = [],
    layout: Layout = .classFolders, storage: ImageStorage = .nifti, isSkullStripped: Bool = true,
    overwrite: Bool = false,
    _ body: (inout SyntheticFolder) throws -> Output
  ) throws -> Output {
    guard isUsable(className: prefix) else {
      throw ImagingError.invalid(
        what: "the prefix '\(prefix)' cannot begin a file name", remedy: "use letters, digits, - and _")
    }
    precondition(layout == .classFolders || storage == .nifti, "a BIDS derivative holds NIfTI images")
    let place = try FolderReplacement(at: out, overwrite: overwrite)
    var folder = SyntheticFolder(
      partial: place.partial, prefix: prefix, storage: storage, furtherColumns: furtherColumns,
      manifest: Manifest(furtherColumns: furtherColumns),
      bids: layout == .bids ? BIDSLayout(furtherColumns: furtherColumns, isSkullStripped: isSkullStripped) : nil)
    do {
      let output = try body(&folder)
      if let bids = folder.bids {
        for (name, data) in try bids.files(of: description) { try folder.save(data, as: name) }
      } else {
        try folder.save(Data(folder.manifest.text.utf8), as: Manifest.fileName)
        try folder.save(description.json(), as: DatasetDescription.fileName)
      }
      try place.commit()
      return output
    } catch {
      place.cancel()
      throw error
    }
  }

  /// Checks, before long work, that a folder of this name could be written.
  public static func requireWritable(_ out: URL, overwrite: Bool) throws {
    try FolderReplacement(at: out, overwrite: overwrite).cancel()
  }

  /// Whether a class name can name a folder: not empty, no slash or control character, no dot at its start, at most
  /// 100 bytes.
  public static func isUsable(className: String) -> Bool {
    !className.isEmpty && !className.hasPrefix(".") && className.utf8.count <= 100
      && !className.unicodeScalars.contains { $0 == "/" || $0 == "\\" || $0.value < 32 || $0.value == 127 }
  }

  /// Writes images, each as the folder's kind of file (see `ImageFile.write`), and their lines of the manifest; numbers go on
  /// from the last call's, per class.
  ///
  /// - Returns: paths of the files below the folder, in the order of the images.
  @discardableResult
  public mutating func add(_ images: [SyntheticImage]) throws -> [String] {
    var paths: [String] = []
    for image in images {
      precondition(
        image.furtherValues.count == furtherColumns.count,
        "\(image.furtherValues.count) further values for \(furtherColumns.count) further columns")
      paths.append(try nextPath(image.className))
    }
    let (partial, storage) = (partial, storage)
    let files = paths
    _ = try ParallelMap.map(count: images.count) { index in
      try ImageFile.write(
        images[index].slice, as: storage, to: partial.appending(path: files[index], directoryHint: .notDirectory))
    }
    if bids != nil {
      for (path, image) in zip(paths, images) {
        try save(bids!.sidecar(of: image), as: BIDSLayout.sidecarName(of: path))
        bids!.append(path, image)
      }
      return paths
    }
    for (path, image) in zip(paths, images) { manifest.append(file: path, image: image) }
    return paths
  }

  /// The manifest as far as it is written; nil in a BIDS derivative, which has none.
  public var manifestData: Data? { bids == nil ? Data(manifest.text.utf8) : nil }

  /// Writes a document about all images beside the manifest; in a BIDS derivative, whose top is not free, in `code`.
  public func attach(_ data: Data, as name: String) throws {
    guard bids != nil else { return try save(data, as: name) }
    let folder = partial.appending(path: "code", directoryHint: .isDirectory)
    if !FileManager.default.fileExists(atPath: folder.path) { try FolderReplacement.makeFolder(folder) }
    try save(data, as: "code/\(name)")
  }

  private mutating func nextPath(_ className: String) throws -> String {
    if bids != nil {
      let number = written[className, default: 0] + 1
      written[className] = number
      let subject = try bids!.subject(className, number)
      let folder = partial.appending(path: subject, directoryHint: .isDirectory)
      try FolderReplacement.makeFolder(folder)
      try FolderReplacement.makeFolder(folder.appending(path: "anat", directoryHint: .isDirectory))
      return "\(subject)/anat/\(subject)_T1w.nii.gz"
    }
    if written[className] == nil { try makeFolder(of: className) }
    let number = written[className, default: 0] + 1
    written[className] = number
    return "\(className)/\(prefix)-\(className)-\(Self.padded(number))\(storage.suffix)"
  }

  /// Makes a class's folder, unless it is there.
  func makeFolder(of className: String) throws {
    guard Self.isUsable(className: className) else {
      throw ImagingError.invalid(
        what: "the class name '\(className)' cannot be the name of a folder",
        remedy: "use a name without slashes and control characters that does not begin with a dot")
    }
    let folder = partial.appending(path: className, directoryHint: .isDirectory)
    if !FileManager.default.fileExists(atPath: folder.path) { try FolderReplacement.makeFolder(folder) }
  }

  /// At least five digits.
  package static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }

  private func save(_ data: Data, as name: String) throws {
    let url = partial.appending(path: name, directoryHint: .notDirectory)
    do { try data.write(to: url) } catch {
      throw ImagingError.unwritable(
        path: url.path, reason: "the file cannot be written", remedy: "check the free space of the disk")
    }
  }
}
