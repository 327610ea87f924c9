import Foundation
import Recipes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Keeps two processes from writing one folder. The lock ends with the value that holds it, or with the process, however
/// it dies.
public final class FolderLock: Sendable {
  private let descriptor: Int32
  private let path: String

  /// Takes the lock of `folder`, which must exist.
  ///
  /// - Throws: `ExperimentsError.locked` with who holds it; `.unwritable`.
  public init(_ folder: URL) throws {
    let path = folder.appending(path: ".lock").path
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else {
        throw ExperimentsError.unwritable(path: folder.relativePath, reason: AtomicFile.lastReason())
      }
      // Some network file systems know no locks: there nothing keeps two processes apart, and nothing is kept from working.
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || [ENOSYS, ENOTSUP, EOPNOTSUPP, ENOLCK].contains(errno) else {
        let isHeld = errno == EWOULDBLOCK
        let reason = AtomicFile.lastReason()
        close(descriptor)
        throw isHeld
          ? ExperimentsError.locked(path: folder.relativePath, owner: Self.owner(path))
          : ExperimentsError.unwritable(path: folder.relativePath, reason: reason)
      }
      // Between opening and locking, the holder may have removed the file: then the lock is on nothing.
      var locked = stat()
      var present = stat()
      guard fstat(descriptor, &locked) == 0, stat(path, &present) == 0, locked.st_ino == present.st_ino else {
        close(descriptor)
        continue
      }
      let text = "process \(getpid())"
      ftruncate(descriptor, 0)
      _ = text.utf8CString.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress!, $0.count - 1) }
      self.descriptor = descriptor
      self.path = path
      return
    }
  }

  deinit {
    unlink(path)
    close(descriptor)
  }

  private static func owner(_ path: String) -> String {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.wholeMatch(of: /process [0-9]+/) == nil ? "another process" : text
  }
}
