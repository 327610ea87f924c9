import CPNG
import Files
import Foundation

/// PNG images in and out; libpng is called only by the C code behind `CPNG`.
package enum PNG {
  /// The image as stored: 0 to 255, or 0 to 65535 for 16 bits. Transparency is ignored. A file too short for the size that
  /// its header states is refused before memory is taken for that size.
  @Sendable static func decode(_ bytes: [UInt8], path: String, headerOnly: Bool) throws -> DecodedPicture {
    var image = manikin_png_image()
    guard manikin_png_decode(bytes, bytes.count, DecodedPicture.limit, headerOnly ? 1 : 0, &image) == 0 else {
      throw ImagingError.unreadable(
        path: path, reason: "it is not a sound PNG (\(DecodedPicture.oneLine(image.message)))",
        remedy: "export the image again")
    }
    defer {
      manikin_png_free(image.samples)
      manikin_png_free(image.exif)
    }
    let count = Int(image.height) * Int(image.width) * Int(image.channels)
    let samples: DecodedPicture.Samples =
      image.samples.map { samples in
        image.bits == 16
          ? .uint16(Array(UnsafeBufferPointer(start: samples.assumingMemoryBound(to: UInt16.self), count: count)))
          : .uint8(Array(UnsafeBufferPointer(start: samples.assumingMemoryBound(to: UInt8.self), count: count)))
      } ?? .none
    return DecodedPicture(
      format: "PNG", width: Int(image.width), height: Int(image.height), channels: Int(image.channels),
      dataType: image.bits == 16 ? "uint16" : "uint8", samples: samples,
      orientation: PictureOrientation(
        exif: Array(UnsafeBufferPointer(start: image.exif, count: image.exif == nil ? 0 : image.exif_count))))
  }

  /// - Parameters:
  ///   - samples: `[height, width, channel]` of 8 bits each, or of 16 in this machine's order.
  ///   - channels: 1 for grey, 3 for red, green and blue.
  package static func encode(_ samples: [UInt8], width: Int, height: Int, channels: Int, bits: Int = 8) throws -> Data {
    let needed = width * height * channels * bits / 8
    precondition(
      width > 0 && height > 0 && samples.count == needed,
      "a PNG of \(height) x \(width) x \(channels) needs \(needed) bytes, not \(samples.count)")
    var encoded = manikin_png_bytes()
    guard manikin_png_encode(samples, UInt32(width), UInt32(height), Int32(channels), Int32(bits), &encoded) == 0 else {
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
}
