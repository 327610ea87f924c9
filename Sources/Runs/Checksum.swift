import Foundation
import Geometry
import Parallelism
import Recipes

/// SHA-256 digests, as 64 hexadecimal digits.
public enum Checksum {
  /// The digest of some bytes.
  public static func of(_ data: some DataProtocol) -> String {
    let hash = SHA256()
    hash.update(data)
    return hash.hexadecimalDigest()
  }

  /// The digest of a text's UTF-8.
  public static func of(_ text: String) -> String {
    of(Data(text.utf8))
  }

  /// The digest of a file's content, read piece by piece.
  ///
  /// - Throws: `ExperimentsError.unreadable`.
  public static func ofFile(_ url: URL) throws -> String {
    do {
      let handle = try FileHandle(forReadingFrom: url)
      defer { try? handle.close() }
      let hash = SHA256()
      while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(piece) }
      return hash.hexadecimalDigest()
    } catch let error as CocoaError {
      throw ExperimentsError.unreadable(path: url.relativePath, reason: error.reason)
    }
  }

  /// The digest of many files under their names, whatever order they come in: of a cohort, say, with the class and the
  /// file name of every image as its name.
  ///
  /// - Throws: `ExperimentsError.unreadable`.
  public static func ofFiles(_ files: [(name: String, url: URL)]) throws -> String {
    let sorted = files.sorted { $0.name < $1.name }
    let digests = concurrentMap(sorted.count) { index in Result { try ofFile(sorted[index].url) } }
    let hash = SHA256()
    for ((name, _), digest) in zip(sorted, digests) {
      hash.update(Data("\(try digest.get()) \(name.utf8.count) \(name)\n".utf8))
    }
    return hash.hexadecimalDigest()
  }
}
