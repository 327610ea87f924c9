import Files
import Foundation

/// The table that says which pseudonym is whose: readable by its owner alone, and never written over another file.
///
/// It is written under a hidden name at once, so that an import does not end without it, and takes its own name with
/// `commit` when the images have theirs: an import that is broken off leaves none.
struct DICOMKey {
  private let url: URL
  private let partial: URL

  /// - Parameter out: the folder of images, in which the key must not lie.
  /// - Throws: `ImagingError` if the file is there already or cannot be written.
  init(_ patients: DICOMPatients, at url: URL, outside out: URL) throws {
    self.url = url
    partial = url.deletingLastPathComponent().appending(
      path: ".\(url.lastPathComponent).partial", directoryHint: .notDirectory)
    func resolved(_ url: URL) -> String { url.standardizedFileURL.resolvingSymlinksInPath().path + "/" }
    guard !resolved(url.deletingLastPathComponent()).hasPrefix(resolved(out)) else {
      throw ImagingError.unwritable(
        path: url.path, reason: "it lies among the images that it is the key to", remedy: "name a file elsewhere")
    }
    func refuse() -> ImagingError {
      .unwritable(
        path: url.path, reason: reasonOfLastError(), remedy: "name a new file in a folder that you may write to")
    }
    var status = stat()
    guard lstat(url.path, &status) != 0 else {
      errno = EEXIST
      throw refuse()
    }
    // Of an import that was killed.
    unlink(partial.path)
    let descriptor = open(partial.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw refuse() }
    UnfinishedFolders.begin(partial)
    func cell(_ text: String) -> String { String(text.map { $0 == "\t" || $0.isNewline ? " " : $0 }) }
    let rows = patients.names.sorted { $0.subject.precedesBytewise($1.subject) }
      .map { "\($0.subject)\t\(cell($0.patientID))\t\(cell($0.studyUID))" }
    let text = (["participant_id\tPatientID\tStudyInstanceUID"] + rows).joined(separator: "\n") + "\n"
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try file.write(contentsOf: Data(text.utf8))
      try file.close()
    } catch {
      let error = refuse()
      remove()
      throw error
    }
  }

  /// Gives the file its name.
  ///
  /// - Throws: `ImagingError` if another file has it by now; the key stays under its hidden name then.
  func commit() throws {
    UnfinishedFolders.end(partial)
    // A new name never takes the place of another file, as that of a renamed one does; some file systems have none.
    guard link(partial.path, url.path) != 0 else {
      unlink(partial.path)
      return
    }
    var status = stat()
    guard errno != EEXIST, lstat(url.path, &status) != 0, rename(partial.path, url.path) == 0 else {
      throw ImagingError.unwritable(
        path: url.path, reason: "there is another file of that name by now, and the key is in \(partial.path)",
        remedy: "rename that file")
    }
  }

  /// After an import that came to nothing.
  func remove() {
    UnfinishedFolders.end(partial)
    unlink(partial.path)
  }
}
