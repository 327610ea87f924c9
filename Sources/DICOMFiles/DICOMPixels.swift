import CGDCM
import Foundation
import ImageFiles

/// The samples of one image as a DICOM file stores them, decompressed: integers of 8, 16 or 32 bits.
///
/// Uncompressed samples and run lengths are taken from the bytes (GDCM 3.0.21 mixes up run lengths of 16-bit colours);
/// JPEG, JPEG-LS and JPEG 2000 GDCM decodes, after `DICOMCodestream` has checked that the stream's own header agrees with
/// the file's.
///
/// Source: DICOM PS3.5, section 8, and PS3.3, C.7.6.3 (Image Pixel).
package struct DICOMPixels: Sendable {
  enum Colours: Sendable, Equatable {
    case grey, rgb, ybr, palette
  }

  /// Why pixels are refused.
  package struct Refusal: Error {
    package var reason: String
    var remedy = "export the image again"
    /// Whether the file is damaged, and not only of a kind that is not read.
    package var isDamage = false
  }

  let size: ImageSize
  /// 1 or 3 samples of a pixel.
  let samples: Int
  let colours: Colours
  /// Whether low values are bright.
  let isInverted: Bool
  let isSigned: Bool
  let bitsStored: Int
  private let highBit: Int
  /// Bytes of a sample, little-endian.
  private let width: Int
  private let isPlanar: Bool
  private let bytes: [UInt8]

  /// Transfer syntaxes that are decompressed.
  static let codecs: [String: DICOMCodestream.Kind] = [
    "1.2.840.10008.1.2.4.50": .jpeg, "1.2.840.10008.1.2.4.51": .jpeg, "1.2.840.10008.1.2.4.57": .jpeg,
    "1.2.840.10008.1.2.4.70": .jpeg, "1.2.840.10008.1.2.4.80": .jpegLS, "1.2.840.10008.1.2.4.81": .jpegLS,
    "1.2.840.10008.1.2.4.90": .jpeg2000, "1.2.840.10008.1.2.4.91": .jpeg2000, "1.2.840.10008.1.2.5": .runLength,
  ]

  /// What compressions are called, by transfer syntax.
  package static let names: [String: String] = [
    "1.2.840.10008.1.2.1.99": "deflated", "1.2.840.10008.1.2.4.50": "JPEG", "1.2.840.10008.1.2.4.51": "JPEG",
    "1.2.840.10008.1.2.4.57": "lossless JPEG", "1.2.840.10008.1.2.4.70": "lossless JPEG",
    "1.2.840.10008.1.2.4.80": "JPEG-LS", "1.2.840.10008.1.2.4.81": "JPEG-LS", "1.2.840.10008.1.2.4.90": "JPEG 2000",
    "1.2.840.10008.1.2.4.91": "JPEG 2000", "1.2.840.10008.1.2.5": "run lengths",
  ]

  /// - Throws: `Refusal`.
  init(_ file: DICOMFile) throws {
    let set = file.dataset
    guard let element = set.elements[.pixels] else { throw Refusal(reason: "it has no pixels") }
    guard let rows = set.word(.rows), let columns = set.word(.columns), let allocated = set.word(.bitsAllocated) else {
      throw Refusal(reason: "its header does not say how large the image is", isDamage: true)
    }
    size = ImageSize(height: rows, width: columns)
    guard size.isUsable else { throw Refusal(reason: "an image of \(size) pixels is empty or too large") }
    samples = set.word(.samples) ?? 1
    let stored = set.word(.bitsStored) ?? allocated
    let high = set.word(.highBit) ?? stored - 1
    let photometric = set.code(.photometric) ?? "MONOCHROME2"
    guard [1, 8, 16, 32].contains(allocated), (1...allocated).contains(stored), high < allocated, high >= stored - 1
    else { throw Refusal(reason: "samples of \(stored) bits in \(allocated) are not read") }
    var colours = try Self.colours(photometric)
    guard samples == (colours == .grey || colours == .palette ? 1 : 3), allocated > 1 || samples == 1 else {
      throw Refusal(reason: "\(samples) samples of a pixel do not make a picture of the kind \(photometric)")
    }
    isInverted = photometric == "MONOCHROME1"
    let isSignedHeader = set.word(.pixelRepresentation) == 1
    let planar = samples == 3 && set.word(.planar) == 1
    width = max(1, allocated / 8)
    let count = rows * columns * samples * width
    guard count <= DICOMFile.limit else { throw Refusal(reason: "an image of \(size) pixels is too large") }
    guard element.isCompressed else {
      guard Self.codecs[file.transferSyntax ?? ""] == nil else {
        throw Refusal(reason: "its pixels are not compressed as its header says", isDamage: true)
      }
      if allocated == 1 {
        bytes = try Self.unpacked(set, element, count: count)
      } else if photometric == "YBR_FULL_422", allocated == 8, element.range.count < count {
        bytes = try Self.subsampled(set, element, size)
      } else {
        bytes = try Self.native(set, element, count: count, width: width)
      }
      (bitsStored, highBit, isSigned) = (stored, high, isSignedHeader)
      // Chosen colours without compression are plain ones.
      isPlanar = planar && !(photometric == "YBR_FULL_422" && element.range.count < count)
      self.colours = colours
      return
    }
    guard let kind = Self.codecs[file.transferSyntax ?? ""], allocated > 1 else {
      throw Refusal(reason: "its pixels are compressed in a way that is not read")
    }
    let joined = element.fragments.flatMap { set.bytes[$0] }
    // Nothing large is made of next to nothing; a black image of 64 MiB still passes.
    guard count <= 1 << 26 || count / 8192 <= joined.count else {
      throw Refusal(reason: "its \(joined.count) bytes cannot hold an image of \(size) pixels", isDamage: true)
    }
    guard kind != .runLength else {
      guard element.fragments.count == 1,
        let planes = RunLengths.planes(joined, size: size, samples: samples, width: width)
      else { throw Refusal(reason: "the segments of its compressed pixels are damaged", isDamage: true) }
      bytes = planes
      (bitsStored, highBit, isSigned, isPlanar) = (stored, high, isSignedHeader, true)
      self.colours = colours
      return
    }
    let stream = try DICOMCodestream.checked(
      joined, kind: kind, size: size, samples: samples, bitsAllocated: allocated)
    var format = manikin_gdcm_format(
      columns: UInt32(columns), rows: UInt32(rows), samples: UInt16(samples), bits_allocated: UInt16(allocated),
      bits_stored: UInt16(stored), high_bit: UInt16(high), is_signed: isSignedHeader ? 1 : 0, planar: planar ? 1 : 0)
    var (decoded, left) = ([UInt8](repeating: 0, count: count), Int32(0))
    let code = manikin_gdcm_decode(
      file.transferSyntax!, photometric, &format, &left, stream, stream.count, &decoded, count)
    guard code == 0 else { throw Refusal(reason: "its compressed pixels cannot be decoded", isDamage: true) }
    switch Int(left) {
    case MANIKIN_GDCM_GREY: colours = .grey
    case MANIKIN_GDCM_RGB: colours = .rgb
    case MANIKIN_GDCM_YBR: colours = .ybr
    default: colours = .palette
    }
    guard samples == (colours == .grey || colours == .palette ? 1 : 3) else {
      throw Refusal(reason: "its compressed pixels have other colours than its header says", isDamage: true)
    }
    bytes = decoded
    (bitsStored, highBit, isSigned) = (Int(format.bits_stored), Int(format.high_bit), format.is_signed != 0)
    isPlanar = format.planar == 1
    self.colours = colours
  }

  private static func colours(_ photometric: String) throws -> Colours {
    switch photometric {
    case "MONOCHROME1", "MONOCHROME2": return .grey
    case "PALETTE COLOR": return .palette
    case "RGB", "YBR_RCT", "YBR_ICT": return .rgb
    case "YBR_FULL", "YBR_FULL_422": return .ybr
    default: throw Refusal(reason: "pixels of the kind \(photometric) are not read")
    }
  }

  /// One sample: the stored bits alone, with their sign.
  func value(_ pixel: Int, _ channel: Int = 0) -> Int {
    let place = (isPlanar ? channel * size.height * size.width + pixel : pixel * samples + channel) * width
    var raw: UInt32 =
      switch width {
      case 1: UInt32(bytes[place])
      case 2: UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8
      default:
        UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16
          | UInt32(bytes[place + 3]) << 24
      }
    // Overlays may lie above the high bit, and anything below the low one.
    let unused = UInt32(32 - bitsStored)
    raw = (raw >> UInt32(highBit + 1 - bitsStored)) << unused
    return isSigned ? Int(Int32(bitPattern: raw) >> Int32(unused)) : Int(raw >> unused)
  }

  /// What samples can be.
  var range: ClosedRange<Int> {
    isSigned ? -(1 << (bitsStored - 1))...(1 << (bitsStored - 1)) - 1 : 0...(1 << bitsStored) - 1
  }

  private static func require(_ found: Int, _ count: Int) throws {
    guard found >= count else {
      throw Refusal(
        reason: "its pixels are cut short: \(found) of \(count) bytes are there", remedy: "copy or export it again",
        isDamage: true)
    }
    guard found < 2 * count || found - count < 16 else {
      throw Refusal(reason: "it has \(found) bytes of pixels and should have \(count)", isDamage: true)
    }
  }

  private static func native(
    _ set: DICOMDataset, _ element: DICOMDataset.Element, count: Int, width: Int
  ) throws -> [UInt8] {
    try require(element.range.count, count)
    guard set.encoding.isBigEndian, width > 1 || element.kind == "OW" else {
      return Array(set.bytes[element.range.prefix(count)])
    }
    // Samples of 8 bits in words are swapped by two.
    let unit = max(2, width)
    return (0..<count).map { place in
      let swapped = element.range.lowerBound + place / unit * unit + unit - 1 - place % unit
      return swapped < element.range.upperBound ? set.bytes[swapped] : 0
    }
  }

  /// Samples of one bit, the lowest bit of a byte first.
  private static func unpacked(
    _ set: DICOMDataset, _ element: DICOMDataset.Element, count: Int
  ) throws -> [UInt8] {
    let packed = try native(set, element, count: (count + 7) / 8, width: 1)
    return (0..<count).map { packed[$0 / 8] >> UInt8($0 % 8) & 1 }
  }

  /// Two pixels as Y, Y, Cb, Cr.
  private static func subsampled(
    _ set: DICOMDataset, _ element: DICOMDataset.Element, _ size: ImageSize
  ) throws -> [UInt8] {
    guard size.width % 2 == 0 else { throw Refusal(reason: "a subsampled picture has an odd width", isDamage: true) }
    let packed = try native(set, element, count: size.height * size.width * 2, width: 1)
    var bytes = [UInt8](repeating: 0, count: size.height * size.width * 3)
    for pixel in 0..<size.height * size.width {
      let pair = pixel / 2 * 4
      bytes[3 * pixel] = packed[pair + pixel % 2]
      bytes[3 * pixel + 1] = packed[pair + 2]
      bytes[3 * pixel + 2] = packed[pair + 3]
    }
    return bytes
  }
}
