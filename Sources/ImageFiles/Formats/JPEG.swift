import CJPEG
import Files
import Foundation

/// JPEG images in and out; libjpeg is called only by the C code behind `CJPEG`.
enum JPEG {
  /// What is written is this good, 1 to 100; colours at full resolution.
  static let quality = 95

  /// 8-bit samples, grey or red, green and blue.
  ///
  /// What is damaged or cut short is refused where other readers fill in grey. So is what stores inks, or other than 8 bits.
  @Sendable static func decode(_ bytes: [UInt8], path: String, headerOnly: Bool) throws -> DecodedPicture {
    var image = manikin_jpeg_image()
    guard manikin_jpeg_decode(bytes, bytes.count, DecodedPicture.limit, headerOnly ? 1 : 0, &image) == 0 else {
      throw refusal(image, path: path)
    }
    defer {
      manikin_jpeg_free(image.samples)
      manikin_jpeg_free(image.exif)
    }
    let count = Int(image.height) * Int(image.width) * Int(image.channels)
    return DecodedPicture(
      format: "JPEG", width: Int(image.width), height: Int(image.height), channels: Int(image.channels),
      dataType: "uint8",
      samples: image.samples.map { .uint8(Array(UnsafeBufferPointer(start: $0, count: count))) } ?? .none,
      orientation: PictureOrientation(
        exif: Array(UnsafeBufferPointer(start: image.exif, count: image.exif == nil ? 0 : image.exif_count))))
  }

  private static func refusal(_ image: manikin_jpeg_image, path: String) -> ImagingError {
    if image.is_cmyk != 0 {
      return .unreadable(
        path: path, reason: "it is a JPEG that stores inks (CMYK), not light",
        remedy: "convert it, as ImageMagick's 'mogrify -colorspace sRGB -format png *.jpg' does")
    }
    if image.precision != 0 {
      return .unreadable(
        path: path, reason: "it is a JPEG of \(image.precision) bits a sample, and those of 8 are read",
        remedy: "save it as PNG or TIFF of 16 bits")
    }
    return .unreadable(
      path: path, reason: "it is not a sound JPEG (\(DecodedPicture.oneLine(image.message)))",
      remedy: "copy or export the image again")
  }

  /// - Parameter samples: `[height, width, channel]`, 1 channel for grey, 3 for red, green and blue.
  static func encode(_ samples: [UInt8], width: Int, height: Int, channels: Int) throws -> Data {
    precondition(
      width > 0 && height > 0 && samples.count == width * height * channels,
      "a JPEG of \(height) x \(width) x \(channels) needs \(width * height * channels) bytes, not \(samples.count)")
    var encoded = manikin_jpeg_bytes()
    guard
      manikin_jpeg_encode(samples, UInt32(width), UInt32(height), Int32(channels), Int32(quality), &encoded) == 0
    else {
      throw ImagingError.invalid(
        what: "libjpeg cannot make an image of \(height) x \(width)", remedy: "make it smaller")
    }
    defer { manikin_jpeg_free(encoded.bytes) }
    return Data(bytes: encoded.bytes, count: encoded.count)
  }
}
