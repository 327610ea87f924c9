import CNIfTI
import Foundation

/// A DICOM file in memory: its transfer syntax and its elements.
///
/// Files without the preamble of 128 bytes, without the group of meta elements, or with neither are taken too, if they
/// begin with an element that a DICOM file begins with.
///
/// Source: DICOM PS3.10, section 7.
package struct DICOMFile: Sendable {
  /// Bytes of the longest file that is read.
  package static let limit = Int(Int32.max)
  /// Bytes that deflated elements may come to.
  private static let inflatedLimit = 1 << 29
  private static let implicit = "1.2.840.10008.1.2"
  private static let bigEndian = "1.2.840.10008.1.2.2"
  private static let deflated = "1.2.840.10008.1.2.1.99"

  /// UIDs; nil where the file states none.
  let transferSyntax: String?
  let mediaClass: String?
  let dataset: DICOMDataset

  /// Whether a file that begins so may be one; `start` are its first 132 bytes or more, or all.
  static func isOne(_ start: [UInt8]) -> Bool {
    if hasPreamble(start) { return true }
    guard start.count >= 16 else { return false }
    let (group, element) = (UInt16(start[0]) | UInt16(start[1]) << 8, UInt16(start[2]) | UInt16(start[3]) << 8)
    let swapped = UInt16(start[0]) << 8 | UInt16(start[1])
    let isKind = (65...90).contains(start[4]) && (65...90).contains(start[5])
    switch (group, swapped) {
    case (2, _): return element <= 0x0102 && isKind
    case (8, _):
      // Without a kind stands the length, and the first elements are short.
      return element <= 0x0070 && (isKind || (start[5] == 0 && start[6] == 0 && start[7] == 0))
    case (_, 8): return isKind
    default: return false
    }
  }

  private static func hasPreamble(_ start: [UInt8]) -> Bool { start.dropFirst(128).starts(with: Array("DICM".utf8)) }

  /// A file of other elements, such as those of one of its frames.
  init(_ file: DICOMFile, _ dataset: DICOMDataset) {
    (transferSyntax, mediaClass, self.dataset) = (file.transferSyntax, file.mediaClass, dataset)
  }

  /// - Throws: `DICOMDataset.Damage`.
  package init(_ bytes: [UInt8]) throws {
    guard Self.isOne(bytes) else { throw DICOMDataset.Damage(reason: "it is no DICOM file") }
    let start = Self.hasPreamble(bytes) ? 132 : 0
    let end = Self.metaEnd(bytes, from: start)
    let meta = try DICOMDataset(bytes, in: start..<end, encoding: .init())
    transferSyntax = meta.text(.transferSyntax)
    mediaClass = meta.text(.mediaClass)
    guard transferSyntax != Self.deflated else {
      let inflated = try Self.inflated(bytes, from: end)
      dataset = try DICOMDataset(inflated, in: 0..<inflated.count, encoding: .init())
      return
    }
    dataset = try DICOMDataset(
      bytes, in: end..<bytes.count, encoding: Self.encoding(bytes, at: end, transferSyntax: transferSyntax))
  }

  /// Where the meta elements end, which are always written alike: the place of the first of another group.
  private static func metaEnd(_ bytes: [UInt8], from start: Int) -> Int {
    var place = start
    while place + 8 <= bytes.count, bytes[place] == 2, bytes[place + 1] == 0 {
      let isLong = bytes[place + 4] == UInt8(ascii: "O") || bytes[place + 4] == UInt8(ascii: "U")
      // UI and UL are short, OB and UN are long.
      let isShort = !isLong || bytes[place + 5] == UInt8(ascii: "I") || bytes[place + 5] == UInt8(ascii: "L")
      guard isShort || place + 12 <= bytes.count else { return place }
      let length =
        isShort
        ? Int(bytes[place + 6]) | Int(bytes[place + 7]) << 8
        : (0..<4).reduce(0) { $0 | Int(bytes[place + 8 + $1]) << (8 * $1) }
      let next = place + (isShort ? 8 : 12) + length
      guard next <= bytes.count else { return place }
      place = next
    }
    return place
  }

  /// How the elements are written: as the transfer syntax says, but for kinds, which are there or are not.
  private static func encoding(
    _ bytes: [UInt8], at place: Int, transferSyntax: String?
  ) -> DICOMDataset.Encoding {
    guard place + 6 <= bytes.count else { return .init() }
    let isKind = (65...90).contains(bytes[place + 4]) && (65...90).contains(bytes[place + 5])
    switch transferSyntax {
    case bigEndian: return .init(isExplicit: isKind, isBigEndian: true)
    case nil: return .init(isExplicit: isKind, isBigEndian: bytes[place] == 0 && bytes[place + 1] != 0)
    default: return .init(isExplicit: isKind, isBigEndian: false)
    }
  }

  /// Inflates a raw deflate stream.
  private static func inflated(_ bytes: [UInt8], from start: Int) throws -> [UInt8] {
    let damage = DICOMDataset.Damage(reason: "its deflated elements are damaged")
    var stream = z_stream()
    // Negative window bits: without a header.
    guard inflateInit2_(&stream, -15, zlibVersion(), Int32(MemoryLayout<z_stream>.size)) == Z_OK else { throw damage }
    defer { inflateEnd(&stream) }
    guard start < bytes.count else { throw damage }
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    let isWhole = bytes.withUnsafeBufferPointer { source in
      stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress! + start)
      stream.avail_in = UInt32(bytes.count - start)
      while true {
        let code = chunk.withUnsafeMutableBufferPointer { target in
          stream.next_out = target.baseAddress!
          stream.avail_out = UInt32(target.count)
          return inflate(&stream, Z_NO_FLUSH)
        }
        let made = chunk.count - Int(stream.avail_out)
        result += chunk.prefix(made)
        if code == Z_STREAM_END { return true }
        guard code == Z_OK, made > 0, result.count <= inflatedLimit else { return false }
      }
    }
    guard isWhole else { throw damage }
    return result
  }
}
