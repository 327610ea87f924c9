import CTIFF
import Foundation
import ImageFiles

/// Small JPEG and TIFF files of many kinds.
enum PictureSeeds {
  private static func slope(_ channels: Int) -> [UInt8] { (0..<12 * channels).map { UInt8(40 + 5 * $0) } }

  /// Grey and colour, with and without an orientation, and two made elsewhere: progressive, and colour at half resolution.
  static var jpegs: [[UInt8]] {
    let plain = [1, 3].map { channels -> [UInt8] in
      let slice = Slice(
        height: 3, width: 4, channels: channels, pixels: slope(channels).map { Float($0) }, frame: .unoriented())
      guard let data = try? ImageFile.pictureData(slice, as: ImageStorage(.jpeg, bits: 8)) else {
        preconditionFailure("a small image can be encoded")
      }
      return Array(data)
    }
    let exif: [UInt8] =
      [0xFF, 0xE1, 0, 34] + Array("Exif\0\0II*\0".utf8) + [
        8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0,
      ]
    let turned = Array(plain[0][..<2]) + exif + Array(plain[0][2...])
    return plain + [turned] + elsewhere.compactMap { Data(base64Encoded: $0).map { Array($0) } }
  }

  /// Made with Pillow 13.0.0.
  private static let elsewhere = [
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7"
      + "gYKBTmCNl4x9lnN+gXz/wgALCAAJAAoBAREA/8QAFQABAQAAAAAAAAAAAAAAAAAABQP/2gAIAQEAAAABisYr/8QAGBAAAgMAAAAA"
      + "AAAAAAAAAAAAAAMBEBH/2gAIAQEAAQUCTBgmv//EABQQAQAAAAAAAAAAAAAAAAAAACD/2gAIAQEABj8CH//EABgQAQADAQAAAAAA"
      + "AAAAAAAAAAABITFB/9oACAEBAAE/IckUcox//9oACAEBAAAAEJ//xAAYEAACAwAAAAAAAAAAAAAAAAAAcRAhMf/aAAgBAQABPxAF"
      + "BQYI/9k=",
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6j"
      + "q62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk"
      + "pKSkpKSkpKT/wAARCAAJAAoDASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAABAID/8QAFhABAQEAAAAAAAAAAAAAAAAAAAMS"
      + "/8QAFAEBAAAAAAAAAAAAAAAAAAAAA//EABoRAAICAwAAAAAAAAAAAAAAAAACAQMEEiH/2gAMAwEAAhEDEQA/AJnRvsORA0pVo6Pj"
      + "JGp//9k=",
    "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAbEhQXFBEbFxYXHhwbIChCKyglJShROj0wQmBVZWRfVV1baniZgWpxkHNbXYW1hpCeo6ut"
      + "q2eAvMm6pseZqKuk/8AAEQgACQAKA1IRAEcRAEIRAP/EABcAAQEBAQAAAAAAAAAAAAAAAAQFAwL/xAAiEAABAwMDBQAAAAAAAAAA"
      + "AAAAAQIDBTFBBGFxExQhIjL/3QAEAAH/2gAMA1IARwBCAAA/AD0tljaXU7kmCHqYP//QsNZ6pwc9zuESn+LH/9HOl4Dyg6fg/9K4"
      + "35TgnjUsh//Z",
  ]

  /// Of every compression, sample type and layout that our writer knows.
  static var tiffs: [[UInt8]] {
    var files: [[UInt8]] = []
    for (number, compression) in [UInt16(1), 5, 8, 32773, 50000, 7, 1, 5].enumerated() {
      for channels in [1, 3] {
        var layout = manikin_tiff_layout()
        layout.compression = compression
        layout.is_big_endian = number % 2 == 0 ? 1 : 0
        layout.is_bigtiff = number == 6 ? 1 : 0
        layout.is_planar = number == 7 && channels == 3 ? 1 : 0
        layout.is_min_white = number == 3 && channels == 1 ? 1 : 0
        layout.orientation = Int32(number + 1)
        if number % 3 == 2 { (layout.tile_width, layout.tile_height) = (16, 16) }
        let isSigned = number % 3 == 1 && channels == 1 && layout.is_min_white == 0
        let type =
          compression == 7 || number < 2
          ? manikin_tiff_uint8 : isSigned ? manikin_tiff_int16 : manikin_tiff_uint16
        let samples = type == manikin_tiff_uint8 ? slope(channels) : slope(channels) + slope(channels)
        files.append(encoded(samples, channels, type, layout))
      }
    }
    let floats: [Float] = (0..<12).map { Float($0) / 3 }
    files.append(encoded(floats.withUnsafeBytes { Array($0) }, 1, manikin_tiff_float32, manikin_tiff_layout()))
    return files
  }

  private static func encoded(
    _ samples: [UInt8], _ channels: Int, _ type: manikin_tiff_type, _ layout: manikin_tiff_layout
  ) -> [UInt8] {
    var (layout, encoded) = (layout, manikin_tiff_bytes())
    guard manikin_tiff_encode(samples, 4, 3, Int32(channels), type, &layout, &encoded) == 0 else {
      preconditionFailure("a small image can be encoded")
    }
    defer { manikin_tiff_free(encoded.bytes) }
    return Array(UnsafeBufferPointer(start: encoded.bytes, count: encoded.count))
  }
}
