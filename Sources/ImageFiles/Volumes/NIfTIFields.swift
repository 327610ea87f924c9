import Files

/// The fields of a NIfTI-1, NIfTI-2 or ANALYZE 7.5 header that we use, unchecked, in either order of bytes.
///
/// Source: `nifti1.h` and `nifti2.h` of the NIfTI standard, which give each field's place; ANALYZE 7.5 shares those of
/// sizes, types and offset with NIfTI-1.
struct NIfTIFields {
  static let (firstByteCount, secondByteCount) = (348, 540)

  let isBigEndian: Bool
  let form: VolumeHeader.Form
  /// `dim[0]` to `dim[7]`.
  let dim: [Int]
  let (datatype, bitpix): (Int, Int)
  /// `pixdim[0]` to `pixdim[7]`.
  let pixdim: [Double]
  let offset: Double
  let (slope, intercept): (Double, Double)
  let (units, qformCode, sformCode): (Int, Int, Int)
  /// `quatern_b`, `_c`, `_d`, then `qoffset_x`, `_y`, `_z`.
  let qform: [Double]
  /// Three rows of four.
  let sform: [Double]

  typealias Refusal = VoxelGrid.Refusal

  /// Bytes of the header that starts so: 348 or 540; nil if it is none.
  static func byteCount(_ start: [UInt8]) -> Int? {
    guard start.count >= 4 else { return nil }
    for isBigEndian in [false, true] {
      let size = EndianBytes(bytes: start, isBigEndian: isBigEndian).int32(0)
      if size == firstByteCount || size == secondByteCount { return size }
    }
    return nil
  }

  /// - Parameters:
  ///   - bytes: the first 348 bytes of the file, or 540 of a NIfTI-2 file; or fewer if it has no more.
  ///   - isPair: whether the voxels lie in an `.img` file of their own.
  ///   - refuse: makes the error.
  init(_ bytes: [UInt8], isPair: Bool, refuse: Refusal) throws {
    let export = "export the image again as NIfTI-1"
    if bytes.starts(with: Array("<nifti_image".utf8)) {
      throw refuse("it is a NIfTI text header (.nia), which is not supported", export)
    }
    guard bytes.count >= Self.firstByteCount else {
      throw refuse("it has only \(bytes.count) bytes, and a header alone takes 348", export)
    }
    guard let size = Self.byteCount(bytes) else {
      let isText = bytes.allSatisfy { $0 >= 32 && $0 < 127 || (9...13).contains($0) }
      throw refuse(
        isText ? "it is a text file" : "it does not start with a NIfTI or ANALYZE header", "name an image file")
    }
    guard bytes.count >= size else {
      throw refuse("it has only \(bytes.count) bytes, and a NIfTI-2 header alone takes 540", export)
    }
    isBigEndian = EndianBytes(bytes: bytes, isBigEndian: true).int32(0) == size
    let isSecond = size == Self.secondByteCount
    form = try Self.form(bytes, isSecond: isSecond, isPair: isPair, refuse: refuse)
    let header = EndianBytes(bytes: bytes, isBigEndian: isBigEndian)
    if isSecond {
      dim = (0..<8).map { header.int64(16 + 8 * $0) }
      (datatype, bitpix) = (header.int16(12), header.int16(14))
      pixdim = (0..<8).map { header.float64(104 + 8 * $0) }
      offset = Double(header.int64(168))
      (slope, intercept) = (header.float64(176), header.float64(184))
      (units, qformCode, sformCode) = (header.int32(500), header.int32(344), header.int32(348))
      qform = (0..<6).map { header.float64(352 + 8 * $0) }
      sform = (0..<12).map { header.float64(400 + 8 * $0) }
    } else {
      dim = (0..<8).map { header.int16(40 + 2 * $0) }
      (datatype, bitpix) = (header.int16(70), header.int16(72))
      pixdim = (0..<8).map { header.float32(76 + 4 * $0) }
      offset = header.float32(108)
      (slope, intercept) = (header.float32(112), header.float32(116))
      (units, qformCode, sformCode) = (Int(bytes[123]), header.int16(252), header.int16(254))
      qform = (0..<6).map { header.float32(256 + 4 * $0) }
      sform = (0..<12).map { header.float32(280 + 4 * $0) }
    }
  }

  /// What the header's mark says, beside the file's name.
  private static func form(
    _ bytes: [UInt8], isSecond: Bool, isPair: Bool, refuse: Refusal
  ) throws -> VolumeHeader.Form {
    let mark = bytes.dropFirst(isSecond ? 4 : 344)
    let word = String(decoding: mark.prefix(3), as: UTF8.self)
    let version = isSecond ? "2" : "1"
    switch (word, isPair) {
    case ("n+" + version, false), ("ni" + version, true):
      // NIfTI-2 checks as PNG does that nobody took it for text.
      guard !isSecond || mark.dropFirst(3).prefix(5).elementsEqual([0, 13, 10, 26, 10]) else {
        throw refuse(
          "the mark of NIfTI-2 at its start is damaged, as by a copy that took it for text", "copy it again as binary")
      }
      return isSecond ? (isPair ? .nifti2Pair : .nifti2) : isPair ? .niftiPair : .nifti
    case ("n+" + version, true):
      throw refuse("it is a single-file NIfTI image named like a pair", "rename it to .nii")
    case ("ni" + version, false):
      throw refuse("it is the header of a .hdr/.img pair", "rename it to .hdr, beside its .img")
    case (_, true) where !isSecond: return .analyze
    default:
      throw refuse(
        "its header lacks the NIfTI-\(version) mark '\(isPair ? "ni" : "n+")\(version)'",
        "export the image again as NIfTI-1")
    }
  }
}
