import Files

/// What a decoder of pictures gives: samples as the file stores them, and what it says of them.
struct DecodedPicture {
  /// Most bytes that a picture's file may have, and most that its samples may take: 256 MiB.
  static let limit = 1 << 28
  /// Most pixels along a side.
  static let largestSide = 32768

  enum Samples {
    /// The header alone was read.
    case none
    /// 0 to 255.
    case uint8([UInt8])
    /// 0 to 65535.
    case uint16([UInt16])
    case int16([Int16])
    case float32([Float])
  }

  /// Such as `PNG`.
  var format: String
  var width: Int
  var height: Int
  /// 1 for grey, 3 for red, green and blue.
  var channels: Int
  /// Such as `uint8`.
  var dataType: String
  var isBigEndian = true
  /// `[height, width, channel]`, as stored, before it is turned.
  var samples: Samples
  var orientation = PictureOrientation.upright

  var header: ImageHeader {
    ImageHeader(
      format: format, dimensions: [width, height], spacingMillimetres: [], orientation: nil, dataType: dataType,
      isBigEndian: isBigEndian, slope: 1, intercept: 0, qformCode: 0, sformCode: 0, isVolume: false,
      mayBeColour: channels == 3)
  }

  /// The image, turned as its orientation says; in colour where red, green and blue differ anywhere.
  ///
  /// - Throws: `ImagingError` where most samples are NaN or infinite.
  func slice(path: String) throws -> Slice {
    var pixels: [Float]
    switch samples {
    case .none: preconditionFailure("a picture whose samples were not read has no slice")
    case .uint8(let values): pixels = values.map { Float($0) }
    case .uint16(let values): pixels = values.map { Float($0) }
    case .int16(let values): pixels = values.map { Float($0) }
    case .float32(let values): pixels = values
    }
    precondition(pixels.count == height * width * channels, "\(pixels.count) samples of \(height) x \(width)")
    var nonFinite = 0
    if case .float32 = samples {
      for place in pixels.indices where !pixels[place].isFinite {
        pixels[place] = 0
        nonFinite += 1
      }
      if 2 * nonFinite > pixels.count {
        throw ImagingError.unreadable(
          path: path, reason: "\(nonFinite) of its \(pixels.count) pixels are NaN or infinite",
          remedy: "check how it was made, or leave it out")
      }
    }
    pixels = orientation.turned(pixels, height: height, width: width, channels: channels)
    let (height, width) = orientation.swapsSides ? (width, height) : (height, width)
    var slice =
      channels == 3
      ? Slice(height: height, width: width, storedColours: pixels, frame: .unoriented(), nonFiniteCount: nonFinite)
      : Slice(height: height, width: width, pixels: pixels, frame: .unoriented(), nonFiniteCount: nonFinite)
    slice.storage = header.storage
    slice.isTurned = orientation != .upright
    return slice
  }

  /// A library's message, C characters up to the first 0, without what would break a sentence's line.
  static func oneLine(_ characters: some BitwiseCopyable) -> String {
    let message = withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return String(
      message.map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 32 || $0.value == 127 } ? " " : $0 })
  }
}
