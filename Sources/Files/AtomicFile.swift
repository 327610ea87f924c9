import Foundation

/// Puts a whole file in place at once: a reader sees the old file or the new one, never half of either.
package enum AtomicFile {
  /// Writes under a hidden temporary name in the same folder, then renames.
  ///
  /// - Throws: `ImagingError.unwritable`; the temporary file is removed.
  package static func write(_ bytes: UnsafeRawBufferPointer, to url: URL) throws {
    let temporary = url.deletingLastPathComponent()
      .appendingPathComponent(".\(url.lastPathComponent).\(UUID().uuidString).tmp").path
    func refuse() -> ImagingError {
      .unwritable(
        path: url.path, reason: reasonOfLastError(), remedy: "check that the folder exists, is writable and has room")
    }
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw refuse() }
    var written = 0
    while written < bytes.count {
      let count = systemWrite(descriptor, bytes.baseAddress! + written, bytes.count - written)
      if count <= 0 {
        let error = refuse()
        close(descriptor)
        unlink(temporary)
        throw error
      }
      written += count
    }
    guard close(descriptor) == 0, rename(temporary, url.path) == 0 else {
      let error = refuse()
      unlink(temporary)
      throw error
    }
  }
}

private func systemWrite(_ descriptor: Int32, _ source: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, source, count)
}
