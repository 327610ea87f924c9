import CNIfTI
import Foundation

/// A folder of its own for one test, removed when the value goes.
package final class ImageScratch {
  package let url: URL

  package init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("manikin-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  package func path(_ name: String) -> URL { url.appendingPathComponent(name) }

  /// Writes the bytes, through zlib where the name ends in `.gz`.
  @discardableResult
  package func write(_ bytes: [UInt8], _ name: String) throws -> URL {
    let target = path(name)
    guard name.hasSuffix(".gz") else {
      try Data(bytes).write(to: target)
      return target
    }
    let file = gzopen(target.path, "wb1")
    let count = gzwrite(file, bytes, UInt32(bytes.count))
    guard count == Int32(bytes.count), gzclose(file) == Z_OK else { throw CocoaError(.fileWriteUnknown) }
    return target
  }

  package var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() } }
}
