import Foundation
import Recipes
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes files that are whole or not there, whatever kills the process.
public enum AtomicFile {
  /// What the names of unfinished files end with.
  package static let unfinishedSuffix = ".manikin-unfinished"
  private static let counter = Atomic<Int>(0)

  /// Puts `data` at `url`: under a temporary name in the same folder, to the disk, then renamed. An old file stays as it
  /// is until then.
  ///
  /// - Throws: `ExperimentsError.unwritable` with the system's reason; then nothing is left behind.
  public static func write(_ data: Data, to url: URL) throws {
    try write(to: url) { sink in try data.withUnsafeBytes { try sink($0) } }
  }

  /// Puts what `body` gives to its parameter, piece by piece, at `url`, as `write(_:to:)` does.
  ///
  /// - Throws: `ExperimentsError.unwritable`, and what `body` throws; then nothing is left behind.
  static func write(
    to url: URL, _ body: (_ sink: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    let number = counter.add(1, ordering: .relaxed).newValue
    let unfinished = url.deletingLastPathComponent()
      .appending(path: ".\(url.lastPathComponent).\(getpid())-\(number)\(unfinishedSuffix)")
    let descriptor = open(unfinished.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw ExperimentsError.unwritable(path: url.relativePath, reason: lastReason()) }
    do {
      do {
        func check(_ failure: String?) throws {
          if let failure { throw ExperimentsError.unwritable(path: url.relativePath, reason: failure) }
        }
        try body { try check(writeAll($0, to: descriptor)) }
        try check(fsync(descriptor) == 0 || errno == EINVAL ? nil : lastReason())
      } catch {
        close(descriptor)
        throw error
      }
      guard close(descriptor) == 0, rename(unfinished.path, url.path) == 0 else {
        throw ExperimentsError.unwritable(path: url.relativePath, reason: lastReason())
      }
    } catch {
      unlink(unfinished.path)
      throw error
    }
  }

  /// Puts `text` at `url` as UTF-8.
  public static func write(_ text: String, to url: URL) throws {
    try write(Data(text.utf8), to: url)
  }

  /// Makes a folder with those above it, unless it is there.
  ///
  /// - Throws: `ExperimentsError.unwritable`.
  public static func makeFolder(_ url: URL) throws {
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch let error as CocoaError {
      throw ExperimentsError.unwritable(path: url.relativePath, reason: error.reason)
    }
  }

  /// - Returns: why it failed; nil when all is written.
  private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> String? {
    var done = 0
    while done < bytes.count {
      let count = Foundation.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if count > 0 {
        done += count
      } else if count == 0 || errno != EINTR {
        return lastReason()
      }
    }
    return nil
  }

  /// The system's reason for the last failure, in lower case.
  package static func lastReason() -> String {
    String(cString: strerror(errno)).lowercasedFirst
  }
}
