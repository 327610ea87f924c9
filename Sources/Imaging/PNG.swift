import CPNG
import Foundation

/// PNG images in and out; libpng is called only by the C code behind `CPNG`.
enum PNG {
  /// Most bytes that a PNG file may have, and most that its pixels may take: 256 MiB. A file too short for the size that
  /// its header states is refused before memory is taken for that size.
  static let limit = 1 << 28

  /// The image as stored: 0 to 255, or 0 to 65535 for 16 bits; in colour where red, green and blue differ anywhere.
  /// Transparency is ignored.
  static func slice(_ file: RegularFile) throws -> Slice {
    let image = try decode(file, headerOnly: false)
    defer { manikin_png_free(image.samples) }
    return slice(image)
  }

  /// What the file says about its image, and the image as `slice` gives it.
  static func image(_ file: RegularFile) throws -> (header: ImageHeader, slice: Slice?) {
    let image = try decode(file, headerOnly: false)
    defer { manikin_png_free(image.samples) }
    return (header(image), slice(image))
  }

  private static func slice(_ image: manikin_png_image) -> Slice {
    let (height, width, channels) = (Int(image.height), Int(image.width), Int(image.channels))
    func value(_ index: Int) -> Float {
      image.bits == 16
        ? Float(image.samples.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
        : Float(image.samples.load(fromByteOffset: index, as: UInt8.self))
    }
    let pixels = (0..<height * width * channels).map(value)
    return channels == 3
      ? Slice(height: height, width: width, storedColours: pixels, frame: .unoriented())
      : Slice(height: height, width: width, pixels: pixels, frame: .unoriented())
  }

  static func header(_ file: RegularFile) throws -> ImageHeader { header(try decode(file, headerOnly: true)) }

  private static func header(_ image: manikin_png_image) -> ImageHeader {
    ImageHeader(
      format: "PNG", dimensions: [Int(image.width), Int(image.height)], spacingMillimetres: [], orientation: nil,
      dataType: image.bits == 16 ? "uint16" : "uint8", isBigEndian: true, slope: 1, intercept: 0, qformCode: 0,
      sformCode: 0, isVolume: false, mayBeColour: image.channels == 3)
  }

  /// - Parameter pixels: `[height, width, channels]`.
  static func encode(_ pixels: [UInt8], width: Int, height: Int, channels: Int) throws -> Data {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height * channels,
      "a PNG of \(height) x \(width) x \(channels) needs \(width * height * channels) bytes, not \(pixels.count)")
    var encoded = manikin_png_bytes()
    guard manikin_png_encode(pixels, UInt32(width), UInt32(height), Int32(channels), &encoded) == 0 else {
      throw ImagingError.invalid(what: "libpng cannot make an image of \(height) x \(width)", remedy: "make it smaller")
    }
    defer { manikin_png_free(encoded.bytes) }
    return Data(bytes: encoded.bytes, count: encoded.count)
  }

  /// Values scaled so that the smallest is 0 and the largest 255, channels together; a constant image is 0.
  static func bytes(_ slice: Slice) -> [UInt8] {
    let low = slice.pixels.min() ?? 0
    let range = (slice.pixels.max() ?? 0) - low
    guard range > 0, range.isFinite else { return [UInt8](repeating: 0, count: slice.pixels.count) }
    return slice.pixels.map { UInt8(min(255, max(0, (($0 - low) / range * 255).rounded()))) }
  }

  private static func decode(_ file: RegularFile, headerOnly: Bool) throws -> manikin_png_image {
    let bytes = try file.allBytes(limit: limit)
    var image = manikin_png_image()
    guard manikin_png_decode(bytes, bytes.count, limit, headerOnly ? 1 : 0, &image) == 0 else {
      let message = withUnsafeBytes(of: image.message) { buffer in
        String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
      }
      throw ImagingError.unreadable(
        path: file.path, reason: "it is not a sound PNG (\(message))", remedy: "export the image again")
    }
    return image
  }
}
