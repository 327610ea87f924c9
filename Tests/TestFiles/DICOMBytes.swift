import CNIfTI
import Foundation

/// A DICOM file as a few elements, written in any of the plain transfer syntaxes.
package struct DICOMBytes {
  package enum Encoding: CaseIterable {
    case explicit, implicit, bigEndian, deflated, withoutPreamble, withoutMeta
  }

  package struct Element {
    package var group: UInt16
    package var element: UInt16
    package var kind: String
    package var value: Value

    package init(group: UInt16, element: UInt16, kind: String, value: Value) {
      self.group = group
      self.element = element
      self.kind = kind
      self.value = value
    }
  }

  package enum Value {
    case text(String)
    case words([UInt16])
    case bytes([UInt8])
    /// The pieces of compressed pixels.
    case fragments([[UInt8]])
    /// Items, each a list of elements; with lengths or with end marks.
    case items([[Element]], isOpen: Bool)
  }

  package var elements: [Element] = []
  /// Of compressed files; nil for what the encoding says.
  package var transferSyntax: String?

  package init() {}

  /// A single image.
  ///
  /// - Parameter pixels: as they are stored, little-endian.
  package init(
    rows: Int, columns: Int, pixels: [UInt8], bits: Int = 16, stored: Int? = nil, isSigned: Bool = false,
    photometric: String = "MONOCHROME2", samples: Int = 1, planar: Int = 0, modality: String = "DX",
    sopClass: String = "1.2.840.10008.5.1.4.1.1.7"
  ) {
    set(0x0008, 0x0016, "UI", sopClass)
    set(0x0008, 0x0060, "CS", modality)
    set(0x0028, 0x0002, [samples])
    set(0x0028, 0x0004, "CS", photometric)
    if samples == 3 { set(0x0028, 0x0006, [planar]) }
    set(0x0028, 0x0010, [rows])
    set(0x0028, 0x0011, [columns])
    set(0x0028, 0x0100, [bits])
    set(0x0028, 0x0101, [stored ?? bits])
    set(0x0028, 0x0102, [(stored ?? bits) - 1])
    set(0x0028, 0x0103, [isSigned ? 1 : 0])
    set(0x7FE0, 0x0010, bits > 8 ? "OW" : "OB", .bytes(pixels))
  }

  package mutating func set(_ group: UInt16, _ element: UInt16, _ kind: String, _ value: Value) {
    elements.removeAll { $0.group == group && $0.element == element }
    elements.append(Element(group: group, element: element, kind: kind, value: value))
  }

  package mutating func set(_ group: UInt16, _ element: UInt16, _ kind: String, _ text: String) {
    set(group, element, kind, .text(text))
  }

  package mutating func set(_ group: UInt16, _ element: UInt16, _ words: [Int]) {
    set(group, element, "US", .words(words.map { UInt16(truncatingIfNeeded: $0) }))
  }

  /// The patient, the study, the series and the image, in this order.
  mutating func identify(
    patient: String?, study: String = "1.2.3.1", series: String = "1.2.3.1.1", number: Int = 1, instance: Int = 1
  ) {
    if let patient { set(0x0010, 0x0020, "LO", patient) }
    set(0x0020, 0x000D, "UI", study)
    set(0x0020, 0x000E, "UI", series)
    set(0x0008, 0x0018, "UI", "\(series).\(instance)")
    set(0x0020, 0x0011, "IS", String(number))
    set(0x0020, 0x0013, "IS", String(instance))
  }

  package func bytes(_ encoding: Encoding = .explicit) -> [UInt8] {
    let syntaxes: [Encoding: String] = [
      .implicit: "1.2.840.10008.1.2", .bigEndian: "1.2.840.10008.1.2.2", .deflated: "1.2.840.10008.1.2.1.99",
    ]
    let syntax = transferSyntax ?? syntaxes[encoding] ?? "1.2.840.10008.1.2.1"
    let meta = Self.bytes(
      Element(group: 2, element: 0x0010, kind: "UI", value: .text(syntax)), isExplicit: true, isBigEndian: false)
    let sorted = elements.sorted { ($0.group, $0.element) < ($1.group, $1.element) }
    let isExplicit = encoding != .implicit && encoding != .withoutMeta
    let body = sorted.flatMap { Self.bytes($0, isExplicit: isExplicit, isBigEndian: encoding == .bigEndian) }
    let preamble = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
    switch encoding {
    case .withoutMeta: return body
    case .withoutPreamble: return meta + body
    case .deflated: return preamble + meta + Self.deflated(body)
    default: return preamble + meta + body
    }
  }

  private static func bytes(_ element: Element, isExplicit: Bool, isBigEndian: Bool) -> [UInt8] {
    func word(_ value: UInt16) -> [UInt8] {
      withUnsafeBytes(of: isBigEndian ? value.bigEndian : value.littleEndian, Array.init)
    }
    func long(_ value: UInt32) -> [UInt8] {
      withUnsafeBytes(of: isBigEndian ? value.bigEndian : value.littleEndian, Array.init)
    }
    func item(_ element: UInt16, _ length: UInt32) -> [UInt8] { word(0xFFFE) + word(element) + long(length) }
    var value: [UInt8]
    var length: UInt32?
    switch element.value {
    case .text(let text): value = Array(text.utf8) + (text.utf8.count % 2 == 1 ? [element.kind == "UI" ? 0 : 32] : [])
    case .words(let words): value = words.flatMap(word)
    case .bytes(let bytes):
      value = bytes + (bytes.count % 2 == 1 ? [0] : [])
      if isBigEndian, element.kind == "OW" {
        for place in stride(from: 0, to: value.count, by: 2) { value.swapAt(place, place + 1) }
      }
    case .fragments(let pieces):
      value = ([[]] + pieces).flatMap { piece in
        let even = piece + (piece.count % 2 == 1 ? [0] : [])
        return item(0xE000, UInt32(even.count)) + even
      }
      value += item(0xE0DD, 0)
      length = .max
    case .items(let items, let isOpen):
      value = items.flatMap { elements in
        let inner = elements.flatMap { bytes($0, isExplicit: isExplicit, isBigEndian: isBigEndian) }
        return isOpen ? item(0xE000, .max) + inner + item(0xE00D, 0) : item(0xE000, UInt32(inner.count)) + inner
      }
      if isOpen {
        value += item(0xE0DD, 0)
        length = .max
      }
    }
    let count = length ?? UInt32(value.count)
    let tag = word(element.group) + word(element.element)
    guard isExplicit else { return tag + long(count) + value }
    let isLong = ["OB", "OW", "SQ", "UN", "UT"].contains(element.kind)
    return tag + Array(element.kind.utf8) + (isLong ? [0, 0] + long(count) : word(UInt16(count))) + value
  }

  private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
      &stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var (source, target) = (bytes, [UInt8](repeating: 0, count: bytes.count + 256))
    return source.withUnsafeMutableBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        (stream.next_in, stream.avail_in) = (source.baseAddress, UInt32(source.count))
        (stream.next_out, stream.avail_out) = (target.baseAddress, UInt32(target.count))
        let code = deflate(&stream, Z_FINISH)
        precondition(code == Z_STREAM_END, "a small file fits")
        return Array(target.prefix(target.count - Int(stream.avail_out)))
      }
    }
  }

  /// Words as stored bytes, little-endian.
  package static func stored(_ words: [Int]) -> [UInt8] {
    words.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
  }
}
