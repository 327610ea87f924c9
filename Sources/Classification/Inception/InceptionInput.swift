import Tensors

/// Brings images to Inception's input: a square by bilinear interpolation, three channels, values from -1 to 1.
///
/// The interpolation takes new pixel i from old position (i + 1/2) old / new - 1/2, held within the image, between the two
/// nearest pixels. Nothing is averaged where images shrink. That is PyTorch's
/// `interpolate(mode="bilinear", align_corners=False)`, as FID tools for PyTorch have it; tools that shrink with
/// antialiasing get other numbers from images larger than the square. A value x in [0, 1] becomes 2 x - 1.
public struct InceptionInput: Sendable {
  /// Height and width of what Inception v3 was trained on.
  public static let usualSide = 299

  private let side: Int
  private let channels: Int
  private let rows: [Place]
  private let columns: [Place]

  /// Between which old pixels a new one lies, and how far on.
  private struct Place {
    let first: Int
    let second: Int
    let share: Float
  }

  /// Prepares the interpolation from one size of images to a square.
  ///
  /// - Parameters:
  ///   - height: of the images, at least 1.
  ///   - width: of the images, at least 1.
  ///   - channels: 1 or 3.
  ///   - side: of the square, in pixels, at least 1; `usualSide` is what Inception v3 was trained on.
  public init(height: Int, width: Int, channels: Int, side: Int) {
    precondition(channels == 1 || channels == 3, "images of \(channels) channels")
    (self.side, self.channels) = (side, channels)
    func places(_ old: Int) -> [Place] {
      (0..<side).map { index in
        let position = max(0, (Double(index) + 0.5) * Double(old) / Double(side) - 0.5)
        let first = min(Int(position), old - 1)
        return Place(first: first, second: min(first + 1, old - 1), share: Float(position - Double(first)))
      }
    }
    rows = places(height)
    columns = places(width)
  }

  /// - Parameter images: in [0, 1], `[image, height, width, channel]`.
  /// - Returns: `[image, side, side, 3]`.
  func prepared(_ images: Tensor) -> Tensor {
    let (height, width) = (images.shape[1], images.shape[2])
    return Tensor([images.shape[0], side, side, 3]) { target in
      let source = images.buffer
      var place = 0
      for image in 0..<images.shape[0] {
        for row in rows {
          let upper = (image * height + row.first) * width
          let lower = (image * height + row.second) * width
          for column in columns {
            for channel in 0..<3 {
              let own = channels == 1 ? 0 : channel
              func pixel(_ line: Int, _ column: Int) -> Float { source[(line + column) * channels + own] }
              let above = pixel(upper, column.first) * (1 - column.share) + pixel(upper, column.second) * column.share
              let below = pixel(lower, column.first) * (1 - column.share) + pixel(lower, column.second) * column.share
              target[place] = 2 * (above * (1 - row.share) + below * row.share) - 1
              place += 1
            }
          }
        }
      }
    }
  }
}
