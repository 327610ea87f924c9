import Foundation
import ImageFiles

/// A picture of 8 bits a value, row by row from the top, `[height, width, channel]`; 0 is black.
public struct Picture: Sendable, Equatable {
  /// The number of columns.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// 1 for grey, 3 for red, green and blue.
  public let channels: Int
  /// The values, row by row.
  public private(set) var pixels: [UInt8]

  /// Takes `width * height * channels` values, at least one.
  public init(width: Int, height: Int, channels: Int = 1, pixels: [UInt8]) {
    precondition(
      width > 0 && height > 0 && (channels == 1 || channels == 3) && pixels.count == width * height * channels,
      "a picture of [\(height), \(width), \(channels)] needs as many values, at least one, not \(pixels.count)")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// Maps `range` onto 0 to 255, in all channels; values outside are clamped, and NaN becomes 0.
  public init(width: Int, height: Int, channels: Int = 1, values: [Float], range: ClosedRange<Float> = 0...1) {
    let span = range.upperBound - range.lowerBound
    let pixels = values.map { value -> UInt8 in
      guard span > 0, value > range.lowerBound else { return 0 }
      return UInt8(min(255, (value - range.lowerBound) / span * 255).rounded())
    }
    self.init(width: width, height: height, channels: channels, pixels: pixels)
  }

  /// Makes the picture smaller by the least whole factor for which no side is longer than `longestSide`, each new
  /// pixel being the mean of those that it covers.
  package func reduced(toLongestSide longestSide: Int) -> Picture {
    let factor = (max(width, height) + longestSide - 1) / longestSide
    guard factor > 1 else { return self }
    let newWidth = (width + factor - 1) / factor
    let newHeight = (height + factor - 1) / factor
    var reduced = [UInt8](repeating: 0, count: newWidth * newHeight * channels)
    for row in 0..<newHeight {
      for column in 0..<newWidth {
        let rows = (row * factor)..<min(height, (row + 1) * factor)
        let columns = (column * factor)..<min(width, (column + 1) * factor)
        let count = rows.count * columns.count
        for channel in 0..<channels {
          var sum = 0
          for y in rows { for x in columns { sum += Int(pixels[(y * width + x) * channels + channel]) } }
          reduced[(row * newWidth + column) * channels + channel] = UInt8((sum + count / 2) / count)
        }
      }
    }
    return Picture(width: newWidth, height: newHeight, channels: channels, pixels: reduced)
  }

  /// The picture with three channels, a grey one repeated.
  package var coloured: Picture {
    channels == 3
      ? self : Picture(width: width, height: height, channels: 3, pixels: pixels.flatMap { [$0, $0, $0] })
  }

  /// The bytes of a PNG file.
  package func pngData() throws -> Data {
    try ImageFile.pngData(pixels, width: width, height: height, channels: channels)
  }

  /// Writes a PNG file.
  public func write(to file: URL) throws {
    try ImageFile.writePNG(pixels, width: width, height: height, channels: channels, to: file)
  }

  /// Copies `other` in, of as many channels, with its top left corner at (`row`, `column`); it must fit.
  package mutating func draw(_ other: Picture, row: Int, column: Int) {
    precondition(
      row >= 0 && column >= 0 && row + other.height <= height && column + other.width <= width
        && other.channels == channels,
      "a picture of [\(other.height), \(other.width)] at (\(row), \(column)) leaves one of [\(height), \(width)]")
    for line in 0..<other.height {
      let start = ((row + line) * width + column) * channels
      let length = other.width * channels
      pixels.replaceSubrange(
        start..<(start + length), with: other.pixels[(line * length)..<((line + 1) * length)])
    }
  }
}
