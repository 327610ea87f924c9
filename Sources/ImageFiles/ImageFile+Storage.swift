import CTIFF
import Files
import Foundation

extension ImageFile {
  /// What kind of file holds these images as they are; those that cannot be read count as NIfTI.
  package static func storage(of urls: [URL]) throws -> ImageStorage {
    ImageStorage(holding: try ParallelMap.map(count: urls.count) { (try? header(urls[$0]))?.storage ?? .nifti })
  }

  /// Writes a slice as a file of this kind; it appears at once or not at all.
  ///
  /// - Parameters:
  ///   - slice: for a picture in its whole numbers, 0 to `storage.largest`: values are rounded and clipped to these;
  ///     those of a TIFF of floats are kept. For NIfTI as `writeNIfTI` has them.
  ///   - storage: the kind of file and, for a picture, how many bits a value takes.
  ///   - url: ends in a suffix of the kind.
  /// - Throws: `ImagingError.unwritable` for pixels that are not finite, an image too large for the kind, or a place
  ///   that cannot be written.
  public static func write(_ slice: Slice, as storage: ImageStorage, to url: URL) throws {
    guard storage.kind.isPicture else { return try writeNIfTI(slice, to: url) }
    guard slice.pixels.allSatisfy(\.isFinite) else {
      throw ImagingError.unwritable(
        path: url.path, reason: "the image has NaN or infinite pixels", remedy: "check what made it")
    }
    guard max(slice.height, slice.width) <= DecodedPicture.largestSide else {
      throw ImagingError.unwritable(
        path: url.path,
        reason: "\(slice.height) x \(slice.width) is over the limit of \(DecodedPicture.largestSide)",
        remedy: "resize the image")
    }
    try pictureData(slice, as: storage).withUnsafeBytes { try WholeFile.write($0, to: url) }
  }

  /// The bytes of a picture's file: `write` without a place.
  ///
  /// - Parameter storage: PNG, TIFF or JPEG.
  package static func pictureData(_ slice: Slice, as storage: ImageStorage) throws -> Data {
    let (height, width, channels) = (slice.height, slice.width, slice.channels)
    let samples = samples(slice, bits: storage.bits)
    switch storage.kind {
    case .nifti: preconditionFailure("NIfTI is no picture")
    case .png:
      return try PNG.encode(samples, width: width, height: height, channels: channels, bits: storage.bits)
    case .tiff:
      return try TIFF.encode(
        samples, width: width, height: height, channels: channels,
        type: storage.isFloat ? manikin_tiff_float32 : storage.bits == 16 ? manikin_tiff_uint16 : manikin_tiff_uint8)
    case .jpeg: return try JPEG.encode(samples, width: width, height: height, channels: channels)
    }
  }

  /// The bytes of whole numbers of 8 or 16 bits, or of floats, in this machine's order.
  private static func samples(_ slice: Slice, bits: Int) -> [UInt8] {
    func whole(_ value: Float, _ largest: Float) -> Float { min(largest, max(0, value.rounded())) }
    if bits == 32 { return slice.pixels.withUnsafeBytes { Array($0) } }
    guard bits == 16 else { return slice.pixels.map { UInt8(whole($0, 255)) } }
    return slice.pixels.map { UInt16(whole($0, 65535)) }.withUnsafeBytes { Array($0) }
  }
}
