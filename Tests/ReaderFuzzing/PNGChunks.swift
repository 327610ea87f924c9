import CNIfTI

/// PNG files chunk by chunk, independent of libpng.
enum PNGChunks {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The file with each chunk's checksum set to what it should be, as far as the chunks' lengths lead.
  static func withSoundChecksums(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    var place = 8
    while place + 12 <= bytes.count {
      let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = place + 8 + length
      guard end + 4 <= bytes.count else { break }
      bytes.replaceSubrange(end..<end + 4, with: checksum(bytes[place + 4..<end]))
      place = end + 4
    }
    return bytes
  }

  /// A file of one image.
  ///
  /// - Parameter rows: scanlines with a filter byte each; for an interlaced image those of all passes.
  static func file(
    width: UInt32, height: UInt32, depth: UInt8, colour: UInt8, interlaced: Bool = false, rows: [UInt8],
    before: [[UInt8]] = []
  ) -> [UInt8] {
    let sizes = [width, height].flatMap { withUnsafeBytes(of: $0.bigEndian, Array.init) }
    let header = chunk("IHDR", sizes + [depth, colour, 0, 0, interlaced ? 1 : 0])
    return signature + header + before.flatMap { $0 } + chunk("IDAT", deflated(rows)) + chunk("IEND", [])
  }

  static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let named = Array(name.utf8) + data
    return withUnsafeBytes(of: UInt32(data.count).bigEndian, Array.init) + named + checksum(named[...])
  }

  private static func checksum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    let value = bytes.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
    return withUnsafeBytes(of: UInt32(value).bigEndian, Array.init)
  }

  private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var count = compressBound(UInt(bytes.count))
    var target = [UInt8](repeating: 0, count: Int(count))
    let code = compress(&target, &count, bytes, UInt(bytes.count))
    precondition(code == Z_OK, "compressBound promises room enough")
    return Array(target.prefix(Int(count)))
  }
}
