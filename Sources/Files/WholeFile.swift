import Foundation
import Synchronization

/// Puts a whole file in place at once, whatever kills the process: a reader sees the old file or the new one, never half of either.
package enum WholeFile {
  /// What the names of unfinished files end with.
  package static let unfinishedSuffix = ".manikin-unfinished"
  private static let counter = Atomic<Int>(0)

  /// Puts `bytes` at `url`.
  ///
  /// - Throws: `ImagingError.unwritable`; nothing is left behind.
  package static func write(_ bytes: UnsafeRawBufferPointer, to url: URL) throws {
    func failure(_ reason: String) -> any Error {
      ImagingError.unwritable(
        path: url.path, reason: reason, remedy: "check that the folder exists, is writable and has room")
    }
    try write(to: url, isDurable: false, failure: failure) { sink in try sink(bytes) }
  }

  /// Puts what `body` gives to its parameter, piece by piece, at `url`: under a hidden name in the same folder, then renamed.
  ///
  /// - Parameters:
  ///   - isDurable: whether it is on the disk before it gets its name, which takes time.
  ///   - failure: the error for the system's reason.
  /// - Throws: that error, and what `body` throws; nothing is left behind.
  package static func write(
    to url: URL, isDurable: Bool, failure: @escaping (_ reason: String) -> any Error,
    _ body: (_ sink: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    let number = counter.add(1, ordering: .relaxed).newValue
    let unfinished = url.deletingLastPathComponent()
      .appending(path: ".\(url.lastPathComponent).\(getpid())-\(number)\(unfinishedSuffix)").path
    let descriptor = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(reasonOfLastError()) }
    do {
      do {
        try body { piece in if let reason = writeAll(piece, to: descriptor) { throw failure(reason) } }
        if isDurable, fsync(descriptor) != 0, errno != EINVAL { throw failure(reasonOfLastError()) }
      } catch {
        close(descriptor)
        throw error
      }
      guard close(descriptor) == 0, rename(unfinished, url.path) == 0 else { throw failure(reasonOfLastError()) }
    } catch {
      unlink(unfinished)
      throw error
    }
  }

  /// - Returns: why it failed; nil when all is written.
  private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> String? {
    var done = 0
    while done < bytes.count {
      let count = systemWrite(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if count > 0 {
        done += count
      } else if count == 0 || errno != EINTR {
        return reasonOfLastError()
      }
    }
    return nil
  }
}

private func systemWrite(_ descriptor: Int32, _ source: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, source, count)
}
