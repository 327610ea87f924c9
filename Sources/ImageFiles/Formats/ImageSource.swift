import Files
import Foundation

/// Where an image's bytes are: in a file, or in memory under the name that a file would have.
package enum ImageSource: Sendable {
  case file(URL)
  /// - Parameter voxels: for `.hdr`, the bytes of its `.img`.
  case memory([UInt8], voxels: [UInt8]?, name: String)

  var path: String {
    switch self {
    case .file(let url): url.path
    case .memory(_, _, let name): name
    }
  }

  /// The bytes of a file that lies whole in memory while it is read.
  ///
  /// - Parameter limit: most bytes that it may have.
  func bytes(limit: Int) throws -> [UInt8] {
    switch self {
    case .file(let url): try RegularFile(path: url.path).allBytes(limit: limit)
    case .memory(let bytes, _, let name): try RegularFile(bytes: bytes, path: name).allBytes(limit: limit)
    }
  }
}
