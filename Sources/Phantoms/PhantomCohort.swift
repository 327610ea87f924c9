import Files
import Foundation
import ImageFiles
import Parallelism
import Synchronization

extension Phantom {
  /// Writes the cohort as class folders with a table of subjects and a description of the data set.
  ///
  /// `OUT/AD/sub-0001.nii.gz`, `OUT/CN/sub-0002.nii.gz`, ..., `OUT/participants.tsv`, `OUT/dataset_description.json`.
  /// Subjects are drawn side by side on all cores; the bytes do not depend on how many there are. Everything is written
  /// to a temporary folder beside `folder`, which takes its name when it is complete.
  ///
  /// - Parameters:
  ///   - folder: must not exist, or be empty.
  ///   - configuration: how many subjects of each class, the size of the images, and the seed.
  ///   - progress: called after each subject with the number done and the number in all, never twice at once, from any
  ///     thread.
  /// - Throws: `ImagingError`; no file is left behind.
  public static func writeCohort(
    to folder: URL, configuration: PhantomConfiguration = PhantomConfiguration(),
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) throws {
    let phantom = try Phantom(configuration: configuration)
    let files = FileManager.default
    let path = folder.path
    var isFolder: ObjCBool = false
    if files.fileExists(atPath: path, isDirectory: &isFolder) {
      let remedy = "choose a new folder, or empty this one"
      guard isFolder.boolValue else {
        throw ImagingError.unwritable(path: path, reason: "it is a file", remedy: remedy)
      }
      guard let contents = try? files.contentsOfDirectory(atPath: path), contents.isEmpty else {
        throw ImagingError.unwritable(path: path, reason: "the folder is not empty", remedy: remedy)
      }
    }
    let staging = folder.deletingLastPathComponent()
      .appendingPathComponent(".\(folder.lastPathComponent).\(UUID().uuidString).tmp")
    do {
      for className in Set(phantom.classNames) {
        try phantom.createFolder(staging.appendingPathComponent(className), for: path)
      }
      try phantom.writeSubjects(to: staging, progress: progress)
      try phantom.writeTable(to: staging.appendingPathComponent("participants.tsv"))
      try phantom.writeDescription(to: staging.appendingPathComponent("dataset_description.json"))
      // Renaming replaces an empty folder in one step.
      guard rename(staging.path, path) == 0 else {
        throw ImagingError.unwritable(
          path: path, reason: "the finished cohort cannot take its name",
          remedy: "check that the folder above it is writable and that nothing else writes there")
      }
    } catch {
      try? files.removeItem(at: staging)
      throw error
    }
  }

  private func createFolder(_ folder: URL, for path: String) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw ImagingError.unwritable(
        path: path, reason: "its folders cannot be made", remedy: "check that the folder above it is writable")
    }
  }

  private func writeSubjects(to folder: URL, progress: (@Sendable (Int, Int) -> Void)?) throws {
    let total = configuration.subjects
    let state = Mutex<(done: Int, failure: (any Error)?)>((0, nil))
    concurrentForEach(total) { index in
      guard state.withLock({ $0.failure == nil }) else { return }
      do {
        let subject = subject(index)
        let place = folder.appendingPathComponent(subject.className)
        try ImageFile.writeNIfTI(subject.slice, to: place.appendingPathComponent("\(subject.name).nii.gz"))
        state.withLock {
          $0.done += 1
          progress?($0.done, total)
        }
      } catch {
        state.withLock { if $0.failure == nil { $0.failure = error } }
      }
    }
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  private func writeTable(to url: URL) throws {
    var lines = ["participant_id\tclass\tage\tsex\tseverity\tventricle_scale\tsulcal_width_mm\tbrain_scale"]
    for index in 0..<configuration.subjects {
      let traits = traits(index)
      let numbers = [traits.severity, traits.ventricleScale, traits.sulcalWidthMillimetres, traits.brainScale]
      let columns =
        [name(index), traits.className, String(Int(traits.age)), traits.sex]
        + numbers.map { String(format: "%.4f", $0) }
      lines.append(columns.joined(separator: "\t"))
    }
    try write(lines.joined(separator: "\n") + "\n", to: url)
  }

  private func writeDescription(to url: URL) throws {
    let description = PhantomDescription(generatedBy: [.init(configuration: configuration)])
    try write(try ReadableJSON.text(description) + "\n", to: url)
  }

  private func write(_ text: String, to url: URL) throws {
    try Array(text.utf8).withUnsafeBytes { try WholeFile.write($0, to: url) }
  }
}

/// The content of `dataset_description.json`, in the form of BIDS derivatives.
private struct PhantomDescription: Encodable {
  struct Source: Encodable {
    var name = "Manikin phantom"
    var description = "Simulated axial T1-weighted brain slices, skull stripped; no person was scanned."
    var configuration: PhantomConfiguration

    enum CodingKeys: String, CodingKey {
      case name = "Name"
      case description = "Description"
      case configuration = "Configuration"
    }
  }

  var name = "Manikin phantom cohort"
  var version = "1.9.0"
  var kind = "derivative"
  var generatedBy: [Source]

  enum CodingKeys: String, CodingKey {
    case name = "Name"
    case version = "BIDSVersion"
    case kind = "DatasetType"
    case generatedBy = "GeneratedBy"
  }
}
