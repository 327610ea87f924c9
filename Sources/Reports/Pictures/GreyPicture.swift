/// A grey picture of 8 bits a pixel, row by row from the top, `[height, width]`; 0 is black.
public struct GreyPicture: Sendable, Equatable {
  /// The number of columns.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// The grey values, row by row.
  public private(set) var pixels: [UInt8]

  /// Takes `width * height` pixels, at least one.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height,
      "a picture of [\(height), \(width)] needs \(height * width) pixels, at least one, not \(pixels.count)")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// Maps `range` onto black to white; values outside are clamped, and NaN becomes black.
  public init(width: Int, height: Int, values: [Float], range: ClosedRange<Float> = 0...1) {
    let span = range.upperBound - range.lowerBound
    let pixels = values.map { value -> UInt8 in
      guard span > 0, value > range.lowerBound else { return 0 }
      return UInt8(min(255, (value - range.lowerBound) / span * 255).rounded())
    }
    self.init(width: width, height: height, pixels: pixels)
  }

  /// Makes the picture smaller by the least whole factor for which no side is longer than `longestSide`, each new
  /// pixel being the mean of those that it covers.
  package func reduced(toLongestSide longestSide: Int) -> GreyPicture {
    let factor = (max(width, height) + longestSide - 1) / longestSide
    guard factor > 1 else { return self }
    let newWidth = (width + factor - 1) / factor
    let newHeight = (height + factor - 1) / factor
    var reduced = [UInt8](repeating: 0, count: newWidth * newHeight)
    for row in 0..<newHeight {
      for column in 0..<newWidth {
        let rows = (row * factor)..<min(height, (row + 1) * factor)
        let columns = (column * factor)..<min(width, (column + 1) * factor)
        var sum = 0
        for y in rows { for x in columns { sum += Int(pixels[y * width + x]) } }
        let count = rows.count * columns.count
        reduced[row * newWidth + column] = UInt8((sum + count / 2) / count)
      }
    }
    return GreyPicture(width: newWidth, height: newHeight, pixels: reduced)
  }

  /// Copies `other` in with its top left corner at (`row`, `column`); it must fit.
  package mutating func draw(_ other: GreyPicture, row: Int, column: Int) {
    precondition(
      row >= 0 && column >= 0 && row + other.height <= height && column + other.width <= width,
      "a picture of [\(other.height), \(other.width)] at (\(row), \(column)) leaves one of [\(height), \(width)]")
    for line in 0..<other.height {
      let start = (row + line) * width + column
      pixels.replaceSubrange(
        start..<(start + other.width), with: other.pixels[(line * other.width)..<((line + 1) * other.width)])
    }
  }
}
