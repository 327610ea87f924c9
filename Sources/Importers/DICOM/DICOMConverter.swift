import DICOMFiles
import Files
import Foundation
import ImageFiles

/// Volumes from DICOM series by `dcm2niix`, in a folder of its own that no other user can read and that goes when the
/// value goes.
///
/// The program sees links of neutral names to the files that were checked, and its results are only read from: what it
/// writes into their headers (times, descriptions) goes no further.
package final class DICOMConverter {
  package struct Result {
    /// `.nii` files, in the order of their names; they are there while the converter is.
    package var urls: [URL] = []
    /// Why others are not volumes that are read, such as series over time.
    var refusals: [String] = []
    /// Whether values of the program's were wrong, and are those of the slices now.
    var isMended = false
  }

  private let program: URL
  private let folder: URL
  private let limit: Double

  /// - Parameters:
  ///   - path: folders with colons between them, of which only absolute ones are searched.
  ///   - limit: seconds that one series may take.
  /// - Throws: `ImagingError` if there is no `dcm2niix`, or no folder for temporary files.
  package init(
    searching path: String? = ProcessInfo.processInfo.environment["PATH"], limit: Double = 900
  ) throws {
    program = try Self.find(path ?? "")
    self.limit = limit
    let pattern = FileManager.default.temporaryDirectory.appending(path: "manikin-XXXXXX", directoryHint: .notDirectory)
    var name = Array(pattern.path.utf8CString)
    // Readable by this user alone.
    guard mkdtemp(&name) != nil else {
      throw ImagingError.unwritable(
        path: pattern.deletingLastPathComponent().path, reason: reasonOfLastError(),
        remedy: "set TMPDIR to a folder that you may write to")
    }
    folder = URL(
      filePath: String(decoding: name.dropLast().map(UInt8.init), as: UTF8.self), directoryHint: .isDirectory)
    UnfinishedFolders.begin(folder)
  }

  deinit {
    UnfinishedFolders.end(folder)
    try? FileManager.default.removeItem(at: folder)
  }

  private static func find(_ path: String) throws -> URL {
    for folder in path.split(separator: ":") where folder.hasPrefix("/") {
      let file = URL(filePath: String(folder), directoryHint: .isDirectory)
        .appending(path: "dcm2niix", directoryHint: .notDirectory)
      var isFolder: ObjCBool = false
      if FileManager.default.isExecutableFile(atPath: file.path),
        FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue
      {
        return file
      }
    }
    throw ImagingError.invalid(
      what: "these DICOM files hold volumes, and the program dcm2niix, which converts them, is not on your PATH",
      remedy: "install it (apt-get install dcm2niix, or brew install dcm2niix)")
  }

  /// Converts the files of one stack, and holds the volumes against the files.
  ///
  /// - Throws: `DICOMVolumeCheck.Refusal` if the volumes are not what the files hold; `ImagingError` as `volumes` does.
  func checkedVolumes(from files: [DICOMTree.File], name: String) throws -> Result {
    let check = try DICOMVolumeCheck(files)
    // What is wrong with other volumes the check says better.
    let isUneven = DICOMSeries.isUneven(files) || check.hasSharedPlaces || files.count == 1
    var result: Result
    do { result = try convert(files.map(\.url), name: name, isUneven: isUneven) } catch let failure as Failure {
      let compressions = Set(files.compactMap { DICOMPixels.names[$0.header.transferSyntax] }).sortedBytewise()
      guard !compressions.isEmpty else {
        throw DICOMVolumeCheck.Refusal(reason: "dcm2niix \(failure.reason)", isDamage: true)
      }
      throw DICOMVolumeCheck.Refusal(
        reason: "dcm2niix \(failure.reason), and the files are compressed (\(TextList.joined(compressions)))",
        isDamage: true, remedy: "decompress the files, such as with gdcmconv --raw")
    }
    if !result.refusals.isEmpty { try check.refuseUnequalPlaces() }
    result.isMended = try check.check(result.urls, isPartial: !result.refusals.isEmpty)
    return result
  }

  /// Converts the files of one series.
  ///
  /// - Parameters:
  ///   - name: what the volumes are called.
  ///   - isUneven: whether the gaps between slices differ; then the program may fail (code 1) after it has written the
  ///     volume, because it cannot make another with even ones.
  /// - Throws: `ImagingError` if the program fails, takes too long or loses slices.
  package func volumes(from files: [URL], name: String, isUneven: Bool = false) throws -> Result {
    do { return try convert(files, name: name, isUneven: isUneven) } catch let failure as Failure {
      throw ImagingError.unreadable(
        path: files[0].deletingLastPathComponent().path,
        reason: "dcm2niix \(failure.reason) for a series of \(TextList.count(files.count, "file")) there",
        remedy: "take the series out of the folder, or leave it out with --series or --modality")
    }
  }

  /// What the program did; completes "dcm2niix ...".
  private struct Failure: Error {
    var reason: String
  }

  private func convert(_ files: [URL], name: String, isUneven: Bool) throws -> Result {
    let place = folder.appending(path: UUID().uuidString, directoryHint: .isDirectory)
    let (source, target) = (place.appending(path: "in"), place.appending(path: "out"))
    for folder in [place, source, target] { try FolderReplacement.makeFolder(folder) }
    for (number, file) in files.enumerated() {
      let link = source.appending(path: "\(DICOMPatients.padded(number + 1, 6)).dcm", directoryHint: .notDirectory)
      guard symlink(file.standardizedFileURL.path, link.path) == 0 else {
        throw ImagingError.unwritable(
          path: link.path, reason: reasonOfLastError(), remedy: "set TMPDIR to another folder")
      }
    }
    guard let code = try run(on: source, to: target, log: place.appending(path: "log")) else {
      throw Failure(reason: "took over \(Int(limit.rounded(.up))) seconds")
    }
    guard code == 0 || (code == 1 && isUneven) else { throw Failure(reason: "failed (code \(code))") }
    try FileManager.default.removeItem(at: source)
    return try results(in: target, name: name, count: files.count)
  }

  /// - Returns: the exit code, negative for a signal; nil if it took too long.
  private func run(on source: URL, to target: URL, log: URL) throws -> Int32? {
    let process = Process()
    process.executableURL = program
    // No sidecar, no compression, no defaults of the user's, a suffix where names are alike, no folders below.
    process.arguments = [
      "-b", "n", "-z", "n", "-g", "i", "-w", "2", "-d", "0", "-f", "v", "-o", target.path, source.path,
    ]
    process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": folder.path, "TMPDIR": folder.path]
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    do { try process.run() } catch {
      throw ImagingError.invalid(what: "\(program.path) cannot be started", remedy: "install dcm2niix again")
    }
    guard ended.wait(timeout: .now() + limit) == .success else {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
      return nil
    }
    return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
  }

  /// The volumes, each under its own name; of a volume and the same one mended, the one to use.
  private func results(
    in folder: URL, name: String, count: Int
  ) throws -> Result {
    var stems = try FolderListing(folder).files.filter { $0.hasSuffix(".nii") }.map { String($0.dropLast(4)) }
    // With even distances between slices; the original has the slices as they were taken.
    stems.removeAll { $0.contains("_Eq") }
    // With the gantry's tilt undone, without which the axes are not at right angles.
    stems = stems.filter { stem in !stems.contains { $0.hasPrefix(stem + "_Tilt") } }
    guard !stems.isEmpty else { throw Failure(reason: "made no volume") }
    var slices = 0
    var result = Result()
    for (place, stem) in stems.enumerated() {
      let file = folder.appending(path: stem + ".nii", directoryHint: .notDirectory)
      let own = stems.count == 1 ? name : "\(name)_volume-\(place + 1)"
      let target = folder.deletingLastPathComponent().appending(path: own + ".nii", directoryHint: .notDirectory)
      guard rename(file.path, target.path) == 0 else { throw Failure(reason: "made a volume that cannot be moved") }
      do {
        slices += try VolumeReader.files(.file(target)).header.image(nil, path: target.path).extent[2]
        result.urls.append(target)
      } catch ImagingError.unreadable(_, let reason, _) {
        slices = count
        result.refusals.append(reason)
      }
    }
    guard slices >= count else { throw Failure(reason: "made volumes of \(slices) slices") }
    return result
  }
}
