import CTIFF
import Files
import Foundation

/// TIFF images in and out; libtiff is called only by the C code behind `CTIFF`.
enum TIFF {
  /// Files of one page: 1 to 16 bits, signed 16 bits and 32-bit floats, grey, palette or colour, in strips or tiles.
  @Sendable static func decode(_ bytes: [UInt8], path: String, headerOnly: Bool) throws -> DecodedPicture {
    var image = manikin_tiff_image()
    guard manikin_tiff_decode(bytes, bytes.count, DecodedPicture.limit, headerOnly ? 1 : 0, &image) == 0 else {
      throw refusal(image, path: path)
    }
    defer { manikin_tiff_free(image.samples) }
    let count = Int(image.height) * Int(image.width) * Int(image.channels)
    func values<Value>(_ pointer: UnsafeMutableRawPointer, _ type: Value.Type) -> [Value] {
      Array(UnsafeBufferPointer(start: pointer.assumingMemoryBound(to: type), count: count))
    }
    let samples: DecodedPicture.Samples =
      image.samples.map { pointer in
        switch image.type {
        case manikin_tiff_uint8: .uint8(values(pointer, UInt8.self))
        case manikin_tiff_uint16: .uint16(values(pointer, UInt16.self))
        case manikin_tiff_int16: .int16(values(pointer, Int16.self))
        default: .float32(values(pointer, Float.self))
        }
      } ?? .none
    let names = [
      manikin_tiff_uint8: "uint8", manikin_tiff_uint16: "uint16", manikin_tiff_int16: "int16",
      manikin_tiff_float32: "float32",
    ]
    return DecodedPicture(
      format: "TIFF", width: Int(image.width), height: Int(image.height), channels: Int(image.channels),
      dataType: names[image.type] ?? "", isBigEndian: image.is_big_endian != 0, samples: samples,
      orientation: PictureOrientation(rawValue: Int(image.orientation)) ?? .upright)
  }

  private static func refusal(_ image: manikin_tiff_image, path: String) -> ImagingError {
    let message = DecodedPicture.oneLine(image.message)
    if image.pages != 0 {
      return .unreadable(
        path: path,
        reason:
          "it is a TIFF of \(image.pages > 1000 ? "over 1000" : "\(image.pages)") pages, and files of one are read",
        remedy:
          "split it, as 'tiffsplit' or ImageMagick's 'convert FILE page-%03d.tif' does, and keep the pages that you mean"
      )
    }
    if image.is_cmyk != 0 {
      return .unreadable(
        path: path, reason: "it is a TIFF that stores inks (CMYK), not light",
        remedy: "convert it, as ImageMagick's 'mogrify -colorspace sRGB -format png *.tif' does")
    }
    if image.is_unsupported != 0 {
      return .unreadable(
        path: path, reason: "it is a TIFF of a kind that is not read: \(message)",
        remedy: "save it as a TIFF or PNG of 8 or 16 bits, grey or RGB")
    }
    return .unreadable(
      path: path, reason: "it is not a sound TIFF (\(message))", remedy: "copy or export the image again")
  }

  /// - Parameters:
  ///   - samples: `[height, width, channel]` of 8 bits each, or of 16 in this machine's order; 1 channel for grey, 3 for
  ///     red, green and blue.
  ///   - layout: compressed by deflate in strips unless it says otherwise.
  static func encode(
    _ samples: [UInt8], width: Int, height: Int, channels: Int, type: manikin_tiff_type,
    layout: manikin_tiff_layout = manikin_tiff_layout()
  ) throws -> Data {
    let size = type == manikin_tiff_uint8 ? 1 : type == manikin_tiff_float32 ? 4 : 2
    let needed = width * height * channels * size
    precondition(
      width > 0 && height > 0 && samples.count == needed,
      "a TIFF of \(height) x \(width) x \(channels) needs \(needed) bytes, not \(samples.count)")
    var encoded = manikin_tiff_bytes()
    var layout = layout
    guard
      manikin_tiff_encode(samples, UInt32(width), UInt32(height), Int32(channels), type, &layout, &encoded) == 0
    else {
      throw ImagingError.invalid(
        what: "libtiff cannot make an image of \(height) x \(width)", remedy: "make it smaller")
    }
    defer { manikin_tiff_free(encoded.bytes) }
    return Data(bytes: encoded.bytes, count: encoded.count)
  }
}
