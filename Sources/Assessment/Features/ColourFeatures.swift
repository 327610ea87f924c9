import Foundation

/// The luminance of an image, and what is said of its colours beside the features of that.
///
/// The colours are two planes, red and blue less the luminance. Of each: the mean, the standard deviation, and the
/// roughness, which is the mean absolute 4-neighbour Laplacian.
struct ColourFeatures {
  static let names = ["red", "blue"].flatMap { channel in
    ["mean", "deviation", "roughness"].map { "\(channel) less luminance, \($0)" }
  }

  /// `[height, width]`.
  let luminance: [Double]
  /// In the order of `names`; none for one channel.
  let values: [Double]

  /// - Parameter pixels: `[height, width, channel]`, at least 3 x 3 pixels.
  init(_ pixels: some RandomAccessCollection<Float>, height: Int, width: Int, channels: Int) {
    let pixels = pixels.map(Double.init)
    guard channels == 3 else {
      (luminance, values) = (pixels, [])
      return
    }
    let starts = stride(from: 0, to: pixels.count, by: 3)
    // ITU-R BT.601.
    let grey = starts.map { 0.299 * pixels[$0] + 0.587 * pixels[$0 + 1] + 0.114 * pixels[$0 + 2] }
    luminance = grey
    values = [0, 2].flatMap { channel -> [Double] in
      let plane = grey.indices.map { pixels[3 * $0 + channel] - grey[$0] }
      let moments = PixelMoments(plane).values
      return [moments[0], moments[1], Self.roughness(of: plane, height: height, width: width)]
    }
  }

  /// The mean absolute 4-neighbour Laplacian at all pixels but those of the border.
  static func roughness(of pixels: [Double], height: Int, width: Int) -> Double {
    var sum = 0.0
    for row in 1..<(height - 1) {
      for column in 1..<(width - 1) {
        let place = row * width + column
        let neighbours = pixels[place - width] + pixels[place + width] + pixels[place - 1] + pixels[place + 1]
        sum += abs(neighbours - 4 * pixels[place])
      }
    }
    return sum / Double((height - 2) * (width - 2))
  }
}
