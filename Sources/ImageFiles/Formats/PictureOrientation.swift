/// How a stored picture is to be turned for display: the tag Orientation of TIFF and of EXIF.
///
/// Source: TIFF 6.0, tag 274; Exif 2.32, 4.6.4.
enum PictureOrientation: Int, Sendable {
  case upright = 1
  case mirrored, turnedHalf, flipped, transposed, turnedRight, transversed, turnedLeft

  /// Whether rows become columns.
  var swapsSides: Bool { rawValue >= 5 }

  /// The pixels as they are to be shown.
  ///
  /// - Parameter pixels: `[height, width, channel]` as stored.
  func turned(_ pixels: [Float], height: Int, width: Int, channels: Int) -> [Float] {
    guard self != .upright else { return pixels }
    let (rows, columns) = swapsSides ? (width, height) : (height, width)
    return [Float](unsafeUninitializedCapacity: pixels.count) { target, count in
      var place = 0
      for row in 0..<rows {
        for column in 0..<columns {
          let (sourceRow, sourceColumn) = source(row, column, height: height, width: width)
          let start = (sourceRow * width + sourceColumn) * channels
          for channel in 0..<channels { target[place + channel] = pixels[start + channel] }
          place += channels
        }
      }
      count = place
    }
  }

  /// Where the shown pixel (row, column) is stored.
  private func source(_ row: Int, _ column: Int, height: Int, width: Int) -> (row: Int, column: Int) {
    switch self {
    case .upright: (row, column)
    case .mirrored: (row, width - 1 - column)
    case .turnedHalf: (height - 1 - row, width - 1 - column)
    case .flipped: (height - 1 - row, column)
    case .transposed: (column, row)
    case .turnedRight: (height - 1 - column, row)
    case .transversed: (height - 1 - column, width - 1 - row)
    case .turnedLeft: (column, width - 1 - row)
    }
  }
}

extension PictureOrientation {
  /// The orientation of an EXIF block, which is a TIFF file's header and first directory; upright where it states none, or
  /// is damaged: what it holds beside says nothing of the pixels.
  ///
  /// - Parameter bytes: from the byte order's mark on.
  init(exif bytes: [UInt8]) {
    self = Self.stated(bytes).flatMap { PictureOrientation(rawValue: $0) } ?? .upright
  }

  private static func stated(_ bytes: [UInt8]) -> Int? {
    let isBigEndian = bytes.starts(with: Array("MM".utf8))
    guard isBigEndian || bytes.starts(with: Array("II".utf8)) else { return nil }
    func number(_ place: Int, _ count: Int) -> Int? {
      guard place >= 0, place + count <= bytes.count else { return nil }
      let part = bytes[place..<place + count]
      return (isBigEndian ? Array(part) : part.reversed()).reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(2, 2) == 42, let directory = number(4, 4), let entries = number(directory, 2) else { return nil }
    for entry in 0..<entries {
      let place = directory + 2 + 12 * entry
      guard let tag = number(place, 2) else { return nil }
      // Of type SHORT, one value, in the entry itself.
      if tag == 274 { return number(place + 2, 2) == 3 ? number(place + 8, 2) : nil }
    }
    return nil
  }
}
