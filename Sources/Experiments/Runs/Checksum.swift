import Crypto
import Foundation

/// SHA-256 digests, as 64 hexadecimal digits.
public enum Checksum {
  /// The digest of some bytes.
  public static func of(_ data: some DataProtocol) -> String {
    hexadecimal(SHA256.hash(data: data))
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
      var hash = SHA256()
      while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(data: piece) }
      return hexadecimal(hash.finalize())
    } catch let error as CocoaError {
      throw ExperimentsError.unreadable(path: url.relativePath, reason: error.reason)
    }
  }

  /// The digest of many files under their names, whatever order they come in: of a cohort, say, with the class and the
  /// file name of every image as its name.
  ///
  /// - Throws: `ExperimentsError.unreadable`.
  public static func ofFiles(_ files: [(name: String, url: URL)]) throws -> String {
    var hash = SHA256()
    for (name, url) in files.sorted(by: { $0.name < $1.name }) {
      hash.update(data: Data("\(try ofFile(url)) \(name.utf8.count) \(name)\n".utf8))
    }
    return hexadecimal(hash.finalize())
  }

  private static func hexadecimal(_ digest: SHA256.Digest) -> String {
    digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }
}
