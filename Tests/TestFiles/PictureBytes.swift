import CTIFF
import Foundation

/// Pictures that the tests make.
package enum PictureBytes {
  /// A TIFF laid out as the layout says.
  ///
  /// - Parameter samples: `[height, width, channel]`, `UInt8`, `UInt16`, `Int16` or `Float`.
  package static func tiff<Sample>(
    _ samples: [Sample], width: Int, height: Int, channels: Int, _ layout: manikin_tiff_layout = manikin_tiff_layout()
  ) throws -> [UInt8] {
    let type: manikin_tiff_type
    switch Sample.self {
    case is UInt8.Type: type = manikin_tiff_uint8
    case is UInt16.Type: type = manikin_tiff_uint16
    case is Int16.Type: type = manikin_tiff_int16
    default: type = manikin_tiff_float32
    }
    var encoded = manikin_tiff_bytes()
    var layout = layout
    let code = samples.withUnsafeBytes {
      manikin_tiff_encode(
        $0.baseAddress, UInt32(width), UInt32(height), Int32(channels), type, &layout, &encoded)
    }
    guard code == 0 else { throw CocoaError(.fileWriteUnknown) }
    defer { manikin_tiff_free(encoded.bytes) }
    return Array(UnsafeBufferPointer(start: encoded.bytes, count: encoded.count))
  }

  /// An entry of a TIFF directory.
  package struct Entry {
    package var tag: UInt16
    /// 3: SHORT, 4: LONG.
    package var type: UInt16 = 3
    package var values: [UInt32]

    package init(tag: UInt16, type: UInt16 = 3, values: [UInt32]) {
      self.tag = tag
      self.type = type
      self.values = values
    }
  }

  /// A little-endian TIFF field by field, independent of libtiff: the pages' directories one after the other, each with its
  /// pixels in one uncompressed strip.
  package static func directories(_ pages: [(entries: [Entry], strip: [UInt8])]) -> [UInt8] {
    func bytes<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
      withUnsafeBytes(of: value.littleEndian, Array.init)
    }
    var file = Array("II".utf8) + bytes(UInt16(42)) + bytes(UInt32(8))
    for (number, page) in pages.enumerated() {
      let start = file.count
      let entries =
        (page.entries + [
          Entry(tag: 273, type: 4, values: [0]), Entry(tag: 279, type: 4, values: [UInt32(page.strip.count)]),
        ]).sorted { $0.tag < $1.tag }
      var further = start + 2 + 12 * entries.count + 4
      let strip = further
      var tail = page.strip + (page.strip.count % 2 == 0 ? [] : [0])
      further += tail.count
      var directory = bytes(UInt16(entries.count))
      for entry in entries {
        let values = entry.tag == 273 ? [UInt32(strip)] : entry.values
        let data = values.flatMap { entry.type == 3 ? bytes(UInt16($0)) : bytes($0) }
        directory += bytes(entry.tag) + bytes(entry.type) + bytes(UInt32(values.count))
        if data.count <= 4 {
          directory += data + [UInt8](repeating: 0, count: 4 - data.count)
        } else {
          directory += bytes(UInt32(further))
          tail += data
          further += data.count
        }
      }
      directory += bytes(number == pages.count - 1 ? 0 : UInt32(further))
      file += directory + tail
    }
    return file
  }

  /// The entries that any page has.
  package static func page(
    width: Int, height: Int, bits: [UInt32], photometric: UInt32, _ further: [Entry] = []
  ) -> [Entry] {
    [
      Entry(tag: 256, values: [UInt32(width)]), Entry(tag: 257, values: [UInt32(height)]),
      Entry(tag: 258, values: bits), Entry(tag: 259, values: [1]), Entry(tag: 262, values: [photometric]),
      Entry(tag: 277, values: [UInt32(bits.count)]), Entry(tag: 278, values: [UInt32(height)]),
    ] + further
  }

  /// An EXIF block that states an orientation, with another tag before it.
  package static func exif(_ orientation: UInt8, isBigEndian: Bool) -> [UInt8] {
    func number(_ value: Int, _ count: Int) -> [UInt8] {
      let little = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return isBigEndian ? little.reversed() : little
    }
    let entry = number(274, 2) + number(3, 2) + number(1, 4) + number(Int(orientation), 2) + [0, 0]
    let other = number(271, 2) + number(2, 2) + number(2, 4) + [65, 0, 0, 0]
    return Array((isBigEndian ? "MM" : "II").utf8) + number(42, 2) + number(8, 4) + number(2, 2) + other + entry
      + number(0, 4)
  }

  /// A JPEG with an EXIF block after its first mark.
  package static func withEXIF(_ jpeg: [UInt8], _ exif: [UInt8]) -> [UInt8] {
    let length = 2 + 6 + exif.count
    let marker: [UInt8] = [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + Array("Exif\0\0".utf8)
    return Array(jpeg[..<2]) + marker + exif + Array(jpeg[2...])
  }

  /// A picture in which every pixel differs from its neighbours by little.
  package static func slope(width: Int, height: Int, channels: Int) -> [UInt8] {
    (0..<height * width * channels).map { index in
      let (row, column, channel) = (index / channels / width, index / channels % width, index % channels)
      return UInt8((3 * row + 2 * column + 40 * channel) % 200 + 20)
    }
  }
}
