import CNIfTI
import Foundation

/// NumPy archives made byte by byte: a ZIP file of `.npy` members, stored or deflated.
struct NumPyBytes {
  /// The header's dictionary as NumPy writes it.
  static func text(_ type: String, _ shape: [Int], fortran: Bool = false) -> String {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    return "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(sizes)), }"
  }

  /// A `.npy` file with any text for a header.
  static func array(text: String, version: UInt8 = 1, _ values: [UInt8]) -> [UInt8] {
    let start = version == 1 ? 10 : 12
    let padding = (64 - (start + text.utf8.count + 1) % 64) % 64
    let header = Array(text.utf8) + [UInt8](repeating: 32, count: padding) + [10]
    let length =
      version == 1
      ? withUnsafeBytes(of: UInt16(header.count).littleEndian, Array.init)
      : withUnsafeBytes(of: UInt32(header.count).littleEndian, Array.init)
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + header + values
  }

  /// Of unsigned bytes.
  static func array(_ shape: [Int], _ values: [UInt8]) -> [UInt8] { array("|u1", shape, values) }

  static func array(_ type: String, _ shape: [Int], fortran: Bool = false, _ values: [UInt8]) -> [UInt8] {
    array(text: text(type, shape, fortran: fortran), values)
  }

  struct Member {
    var name: String
    var bytes: [UInt8]
    /// What the directory declares; nil: what is true.
    var declaredSize: UInt32?
    var isDeflated = false
    var flags: UInt16 = 0
    var checksum: UInt32?
  }

  static func archive(_ members: [Member]) -> [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      let data = member.isDeflated ? deflated(member.bytes) : member.bytes
      let checksum = member.checksum ?? UInt32(crc32(0, member.bytes, UInt32(member.bytes.count)))
      let common =
        half(20) + half(member.flags) + half(member.isDeflated ? 8 : 0) + half(0) + half(33) + word(checksum)
        + word(UInt32(data.count)) + word(member.declaredSize ?? UInt32(member.bytes.count))
        + half(UInt16(member.name.utf8.count))
      directory +=
        word(0x0201_4B50) + half(20) + common + half(0) + half(0) + half(0) + half(0) + word(0)
        + word(UInt32(file.count)) + Array(member.name.utf8)
      file += word(0x0403_4B50) + common + half(0) + Array(member.name.utf8) + data
    }
    let end =
      word(0x0605_4B50) + half(0) + half(0) + half(UInt16(members.count)) + half(UInt16(members.count))
      + word(UInt32(directory.count)) + word(UInt32(file.count)) + half(0)
    return file + directory + end
  }

  /// An archive of these arrays, `.npy` added to their names.
  static func archive(_ arrays: [(name: String, bytes: [UInt8])], isDeflated: Bool = true) -> [UInt8] {
    archive(arrays.map { Member(name: $0.name + ".npy", bytes: $0.bytes, isDeflated: isDeflated) })
  }

  private static func half(_ value: UInt16) -> [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }
  private static func word(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }

  /// Without zlib's header, as ZIP wants it.
  private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var count = compressBound(UInt(bytes.count))
    var target = [UInt8](repeating: 0, count: Int(count))
    precondition(compress(&target, &count, bytes, UInt(bytes.count)) == Z_OK, "compressBound promises room enough")
    return Array(target.prefix(Int(count)).dropFirst(2).dropLast(4))
  }
}
