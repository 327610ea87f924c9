import Files
import Foundation
import Recipes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files and folders of a run: whole or not there, whatever kills the process.
public enum AtomicFile {
  /// What the names of unfinished files end with.
  package static let unfinishedSuffix = WholeFile.unfinishedSuffix

  /// Puts `data` at `url`, to the disk. An old file stays as it is until then.
  ///
  /// - Throws: `ExperimentsError.unwritable` with the system's reason; then nothing is left behind.
  public static func write(_ data: Data, to url: URL) throws {
    try write(to: url) { sink in try data.withUnsafeBytes { try sink($0) } }
  }

  /// Puts what `body` gives to its parameter, piece by piece, at `url`, as `write(_:to:)` does.
  ///
  /// - Throws: `ExperimentsError.unwritable`, and what `body` throws; then nothing is left behind.
  package static func write(
    to url: URL, _ body: (_ sink: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    try WholeFile.write(
      to: url, isDurable: true, failure: { ExperimentsError.unwritable(path: url.relativePath, reason: $0) }, body)
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

  /// Refuses a folder that could not be made or written to, by making an empty one there and removing it at once: permissions alone
  /// do not tell, below `/proc`, say.
  ///
  /// - Throws: `ExperimentsError.unwritable`, as `makeFolder` and a first file in it would.
  package static func requireWritable(_ url: URL) throws {
    let missing = url.existing.missing
    defer { for folder in missing { rmdir(folder.path) } }
    try makeFolder(url)
    guard missing.isEmpty else { return }
    let trial = url.appending(path: ".\(UUID().uuidString)\(unfinishedSuffix)").path
    guard mkdir(trial, 0o777) == 0 else {
      throw ExperimentsError.unwritable(path: url.relativePath, reason: lastReason())
    }
    rmdir(trial)
  }

  /// The system's reason for the last failure, in lower case.
  package static func lastReason() -> String {
    String(cString: strerror(errno)).lowercasedFirst
  }
}
