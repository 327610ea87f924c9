import Foundation

/// The table that says which pseudonym is whose: readable by its owner alone, and never written over another file.
struct DICOMKey {
  private let url: URL

  /// - Parameter out: the folder of images, in which the key must not lie.
  /// - Throws: `ImagingError` if the file is there already or cannot be written.
  init(_ patients: DICOMPatients, at url: URL, outside out: URL) throws {
    self.url = url
    func resolved(_ url: URL) -> String { url.standardizedFileURL.resolvingSymlinksInPath().path + "/" }
    guard !resolved(url.deletingLastPathComponent()).hasPrefix(resolved(out)) else {
      throw ImagingError.unwritable(
        path: url.path, reason: "it lies among the images that it is the key to", remedy: "name a file elsewhere")
    }
    func refuse() -> ImagingError {
      .unwritable(
        path: url.path, reason: reasonOfLastError(), remedy: "name a new file in a folder that you may write to")
    }
    let descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw refuse() }
    func cell(_ text: String) -> String { String(text.map { $0 == "\t" || $0.isNewline ? " " : $0 }) }
    let rows = patients.names.sorted { $0.subject.precedesBytewise($1.subject) }
      .map { "\($0.subject)\t\(cell($0.patientID))\t\(cell($0.studyUID))" }
    let text = (["participant_id\tPatientID\tStudyInstanceUID"] + rows).joined(separator: "\n") + "\n"
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try file.write(contentsOf: Data(text.utf8))
      try file.close()
    } catch {
      unlink(url.path)
      throw refuse()
    }
  }

  /// After an import that came to nothing.
  func remove() { unlink(url.path) }
}
