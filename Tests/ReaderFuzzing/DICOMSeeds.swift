import Foundation

/// Small DICOM files: each plain transfer syntax, each kind of colour, each codec. The compressed streams were made for
/// this, with CharLS, libjpeg and OpenJPEG.
enum DICOMSeeds {
  static var files: [[UInt8]] {
    let grey = (0..<12).map { UInt8(20 * $0) }
    let window = element(0x0028, 0x1050, "DS", "40") + element(0x0028, 0x1051, "DS", "80")
    let place =
      element(0x0020, 0x0032, "DS", "1\\2\\3 ") + element(0x0020, 0x0037, "DS", "0\\1\\0\\0\\0\\-1")
    let palette = (0..<3).flatMap { channel in
      element(0x0028, UInt16(0x1101 + channel), "US", [2, 0, 0, 0, 16, 0])
    }
    let colours = (0..<3).flatMap { element(0x0028, UInt16(0x1201 + $0), "OW", [0, 16, 255, 255]) }
    let table = element(
      0x0028, 0x3000, "SQ",
      item(element(0x0028, 0x3002, "US", [2, 0, 3, 0, 16, 0]) + element(0x0028, 0x3006, "OW", [9, 0, 7, 1])))
    return [
      file(size: [3, 4], bits: 8, before: place, after: window, pixels: element(0x7FE0, 0x0010, "OB", grey)),
      file(size: [2, 3], bits: 16, after: window, pixels: element(0x7FE0, 0x0010, "OW", grey)),
      file(
        size: [2, 3], bits: 16, photometric: "MONOCHROME1 ", after: window + table,
        pixels: element(0x7FE0, 0x0010, "OW", grey)),
      file(size: [2, 2], bits: 8, photometric: "RGB ", samples: 3, pixels: element(0x7FE0, 0x0010, "OB", grey)),
      file(
        size: [2, 2], bits: 8, photometric: "YBR_FULL_422", samples: 3,
        pixels: element(0x7FE0, 0x0010, "OB", Array(grey.prefix(8)))),
      file(
        size: [3, 4], bits: 8, photometric: "PALETTE COLOR ", after: palette + colours,
        pixels: element(0x7FE0, 0x0010, "OB", grey)),
      file(
        "1.2.840.10008.1.2.5", size: [2, 2], bits: 16, after: window,
        pixels: fragments(
          [2, 0, 0, 0, 64, 0, 0, 0, 68] + [UInt8](repeating: 0, count: 55) + [254, 1, 0, 2, 1, 7, 8, 255, 9, 0])),
      file("1.2.840.10008.1.2.4.80", size: [6, 8], bits: 16, stored: 12, after: window, pixels: fragments(jpegLS)),
      file("1.2.840.10008.1.2.4.70", size: [6, 8], bits: 16, stored: 12, after: window, pixels: fragments(jpeg)),
      file("1.2.840.10008.1.2.4.90", size: [32, 32], bits: 16, stored: 12, after: window, pixels: fragments(jpeg2000)),
      // Without preamble and meta elements.
      Array(
        file(size: [3, 4], bits: 8, after: window, pixels: element(0x7FE0, 0x0010, "OB", grey)).dropFirst(
          132 + 8 + 20)),
    ]
  }

  private static func file(
    _ syntax: String = "1.2.840.10008.1.2.1", size: [UInt8], bits: UInt8, stored: UInt8? = nil,
    photometric: String = "MONOCHROME2 ", samples: UInt8 = 1, before: [UInt8] = [], after: [UInt8] = [],
    pixels: [UInt8]
  ) -> [UInt8] {
    let depth = stored ?? bits
    var parts = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
    parts += element(0x0002, 0x0010, "UI", Array(syntax.utf8) + (syntax.utf8.count % 2 == 1 ? [0] : []))
    parts += element(0x0008, 0x0060, "CS", "DX") + before
    parts += element(0x0028, 0x0002, "US", [samples, 0]) + element(0x0028, 0x0004, "CS", photometric)
    parts += element(0x0028, 0x0010, "US", [size[0], 0]) + element(0x0028, 0x0011, "US", [size[1], 0])
    parts += element(0x0028, 0x0100, "US", [bits, 0]) + element(0x0028, 0x0101, "US", [depth, 0])
    parts += element(0x0028, 0x0102, "US", [depth - 1, 0]) + element(0x0028, 0x0103, "US", [0, 0])
    return parts + after + pixels
  }

  private static func element(_ group: UInt16, _ element: UInt16, _ kind: String, _ text: String) -> [UInt8] {
    self.element(group, element, kind, Array(text.utf8) + (text.utf8.count % 2 == 1 ? [32] : []))
  }

  private static func element(_ group: UInt16, _ element: UInt16, _ kind: String, _ value: [UInt8]) -> [UInt8] {
    let isLong = ["OB", "OW", "SQ"].contains(kind)
    return word(group) + word(element) + Array(kind.utf8)
      + (isLong ? [0, 0] + long(UInt32(value.count)) : word(UInt16(value.count))) + value
  }

  private static func item(_ bytes: [UInt8]) -> [UInt8] {
    word(0xFFFE) + word(0xE000) + long(UInt32(bytes.count)) + bytes
  }

  private static func fragments(_ stream: [UInt8]) -> [UInt8] {
    word(0x7FE0) + word(0x0010) + Array("OB".utf8) + [0, 0] + long(.max) + item([])
      + item(stream + (stream.count % 2 == 1 ? [0] : [])) + word(0xFFFE) + word(0xE0DD) + long(0)
  }

  private static func word(_ value: UInt16) -> [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }

  private static func long(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }

  private static let jpegLS = bytes(
    """
    /9j/9wALEAAGAAgBAREA//gADQH//wASAEMBFABA/9oACAEBAAAAAKE8Q4ux7krV8z0UKEUizyrleLJWwOofJ/yGEZJMTNo5tjOCb04JwTetycAFUPUA\
    Ie21bFrdScEKADaFKLeF52VmhymA/9k=
    """)
  private static let jpeg = bytes(
    """
    /9j/wwALEAAGAAgBAREA/8QAHAAAAgIDAQEAAAAAAAAAAAAACQoGCAcLDAUQ/9oACAEBAAEAAPvUkUwn2TMtZoYosJZK0FrreXKuxtqL6ECIgR4lhOik\
    aScshcjAGOM4ao3HZUHU4eE+B/mDGGmKJRxIbKTMDNzPjRTTH//Z
    """)
  private static let jpeg2000 = bytes(
    """
    /0//UQApAAAAAAAgAAAAIAAAAAAAAAAAAAAAIAAAACAAAAAAAAAAAAABCwEB/1IADAAAAAEABQQEAAH/XAATQGBoaHBoaHBoaHBoaHBoaHD/ZAAlAAFD\
    cmVhdGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjL/kAAKAAAAAABoAAH/k8/kCAWPwH2gUfyBAAMzAtnAPqA4fsCADQCZCzxjWcAfODg/MFAiGdcD\
    f7QwGcAPkCQPwCg2oZrHPaY0WxDcsWirj8AHwiQH2hpfp8eJnawpQQYbDgGEgR6cP//Z
    """)

  /// The texts are this file's; one that cannot be read is a mistake here.
  private static func bytes(_ base64: String) -> [UInt8] { Array(Data(base64Encoded: base64)!) }
}
