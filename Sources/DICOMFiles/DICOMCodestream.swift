import ImageFiles

/// The check of a compressed image's own header against the file's, before a codec sees it.
///
/// Codecs had memory errors on streams of another size, number of channels or depth than the file says; such streams are
/// refused here.
///
/// Source: ITU-T T.81 (JPEG), T.87 (JPEG-LS), T.800 (JPEG 2000).
enum DICOMCodestream {
  enum Kind: Sendable {
    case jpeg, jpegLS, jpeg2000, runLength
  }

  /// What a stream says of itself.
  private struct Frame {
    var size: ImageSize
    var samples: Int
    var bits: Int
  }

  /// The stream that a codec is to see: the given one, of JPEG 2000 in the boxes of a JP2 file what these hold.
  ///
  /// - Throws: `DICOMPixels.Refusal`.
  static func checked(
    _ joined: [UInt8], kind: Kind, size: ImageSize, samples: Int, bitsAllocated: Int
  ) throws -> [UInt8] {
    func refuse(_ reason: String) -> DICOMPixels.Refusal { .init(reason: reason, isDamage: true) }
    let stream = kind == .jpeg2000 ? withoutBoxes(joined) : joined
    guard let frame = kind == .jpeg2000 ? sizeMarker(stream) : frameMarker(stream, isLossless: kind == .jpegLS) else {
      throw refuse("its compressed pixels have a damaged header, or one of a kind that is not read")
    }
    guard frame.size == size, frame.samples == samples, frame.bits <= bitsAllocated else {
      throw refuse(
        "its compressed pixels are \(frame.size) with \(frame.samples) samples of \(frame.bits) bits, and its header says "
          + "\(size) with \(samples) of \(bitsAllocated)")
    }
    return stream
  }

  private static func word(_ bytes: [UInt8], _ place: Int) -> Int { Int(bytes[place]) << 8 | Int(bytes[place + 1]) }

  private static func long(_ bytes: [UInt8], _ place: Int) -> Int { word(bytes, place) << 16 | word(bytes, place + 2) }

  /// The frame header of a JPEG or JPEG-LS stream, which is the only one.
  private static func frameMarker(_ bytes: [UInt8], isLossless: Bool) -> Frame? {
    guard bytes.starts(with: [0xFF, 0xD8]) else { return nil }
    // Baseline, extended, progressive and lossless JPEG; JPEG-LS.
    let wanted: Set<UInt8> = isLossless ? [0xF7] : [0xC0, 0xC1, 0xC2, 0xC3]
    var place = 2
    var frame: Frame?
    while place + 4 <= bytes.count {
      guard bytes[place] == 0xFF else { return nil }
      let marker = bytes[place + 1]
      if marker == 0xFF {
        place += 1
        continue
      }
      let length = word(bytes, place + 2)
      // A scan follows.
      if marker == 0xDA { return frame }
      guard length >= 2, place + 2 + length <= bytes.count, !(0xD0...0xD9).contains(marker) else { return nil }
      let isFrame = (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker)
      if isFrame || marker == 0xF7 {
        guard wanted.contains(marker), frame == nil, length >= 8 else { return nil }
        let samples = Int(bytes[place + 9])
        guard length >= 8 + 3 * samples else { return nil }
        frame = Frame(
          size: ImageSize(height: word(bytes, place + 5), width: word(bytes, place + 7)), samples: samples,
          bits: Int(bytes[place + 4]))
      }
      place += 2 + length
    }
    return nil
  }

  /// The size marker of a JPEG 2000 stream; its channels must all be of the image's size and depth.
  private static func sizeMarker(_ bytes: [UInt8]) -> Frame? {
    guard bytes.count >= 45, bytes.starts(with: [0xFF, 0x4F, 0xFF, 0x51]) else { return nil }
    let samples = word(bytes, 40)
    guard (1...4).contains(samples), word(bytes, 4) == 38 + 3 * samples, bytes.count >= 42 + 3 * samples else {
      return nil
    }
    let (width, height) = (long(bytes, 8), long(bytes, 12))
    let (left, top) = (long(bytes, 16), long(bytes, 20))
    let (tileWidth, tileHeight) = (long(bytes, 24), long(bytes, 28))
    guard left == 0, top == 0, long(bytes, 32) == 0, long(bytes, 36) == 0, (1...16384).contains(width),
      (1...16384).contains(height), tileWidth > 0, tileHeight > 0
    else { return nil }
    let tiles = ((width + tileWidth - 1) / tileWidth) * ((height + tileHeight - 1) / tileHeight)
    guard tiles <= 65535 else { return nil }
    let channels = (0..<samples).map { Array(bytes[42 + 3 * $0..<45 + 3 * $0]) }
    guard channels.allSatisfy({ $0 == channels[0] && $0[1] == 1 && $0[2] == 1 }) else { return nil }
    return Frame(
      size: ImageSize(height: height, width: width), samples: samples, bits: Int(channels[0][0] & 0x7F) + 1)
  }

  /// What the box of the code stream holds; the bytes as they are unless they begin with the box of a JP2 file.
  private static func withoutBoxes(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.starts(with: [0, 0, 0, 12] + Array("jP  ".utf8)) else { return bytes }
    var place = 0
    while place + 8 <= bytes.count {
      // 0 goes on to the end.
      let length = long(bytes, place) == 0 ? bytes.count - place : long(bytes, place)
      guard length >= 8, length <= bytes.count - place else { return bytes }
      if bytes[place + 4..<place + 8].elementsEqual("jp2c".utf8) { return Array(bytes[place + 8..<place + length]) }
      place += length
    }
    return bytes
  }
}
