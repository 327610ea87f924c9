import Foundation
import Randomness
import Tensors

/// Small random changes that leave an image's class as it is: turn, shift and scale, brightness, noise, and left-right
/// flips where they are allowed.
///
/// Each figure is drawn uniformly between its bounds, for each image by itself, and once for all of its channels, so that
/// colours keep their balance; noise is drawn for each value. Pixels are interpolated bilinearly, and
/// what comes from outside has the value of the nearest edge. The result is kept in [0, 1].
public struct ClassicalAugmentation: Sendable, Equatable {
  /// Degrees either way.
  public var rotation = 10.0
  /// A fraction of the height and of the width, either way.
  public var shift = 0.05
  /// Sizes lie between 1 - scale and 1 + scale.
  public var scale = 0.1
  /// Intensities are multiplied by 1 - intensity to 1 + intensity.
  public var intensity = 0.1
  /// The standard deviation of the normal noise, between 0 and this.
  public var noise = 0.03
  /// Whether every second image is turned left to right.
  public var flips = false

  /// - Parameters:
  ///   - flips: whether every second image is turned left to right.
  ///   - strength: what every bound is multiplied by.
  public init(flips: Bool = false, strength: Double = 1) {
    self.flips = flips
    guard strength != 1 else { return }
    (rotation, shift, scale) = (strength * rotation, strength * shift, strength * scale)
    (intensity, noise) = (strength * intensity, strength * noise)
  }

  /// No change at all.
  public static var identity: ClassicalAugmentation {
    var none = ClassicalAugmentation()
    (none.rotation, none.shift, none.scale, none.intensity, none.noise) = (0, 0, 0, 0, 0)
    return none
  }

  /// Changes every image by itself.
  ///
  /// - Parameters:
  ///   - images: `[image, height, width, channel]` in [0, 1], at least 2 x 2 pixels.
  ///   - stream: image i draws from its substream ("image", `first` + i).
  ///   - first: the number of the first image, so that a batch gets what its images would get in one call for all.
  /// - Returns: images of the same shape, in [0, 1].
  public func apply(to images: Tensor, stream: RandomStream, from first: Int = 0) -> Tensor {
    let (height, width, channels) = (images.shape[1], images.shape[2], images.shape[3])
    let warp = Warp(height: height, width: width)
    var field = [Float](repeating: 0, count: 2 * height * width)
    var normals = [Float](repeating: 0, count: height * width * channels)
    return images.imageByImage(stream, from: first) { source, target, random in
      let change = draw(height, width, &field, &random)
      if change.deviation > 0 { normals.withUnsafeMutableBufferPointer { random.fillNormal($0) } }
      warp.sample(source.baseAddress!, channels: channels, field, to: target.baseAddress!)
      for place in target.indices {
        target[place] = min(1, max(0, target[place] * change.brightness + change.deviation * normals[place]))
      }
    }
  }

  /// Draws one image's change.
  ///
  /// - Parameter field: gets where each pixel of the result comes from, less its own place: across and then down, in pixels.
  /// - Returns: what its values are multiplied by, and the standard deviation of their noise.
  private func draw(
    _ height: Int, _ width: Int, _ field: inout [Float], _ random: inout RandomStream
  ) -> (brightness: Float, deviation: Float) {
    let angle = random.uniform(-rotation, rotation) * .pi / 180
    let size = random.uniform(1 - scale, 1 + scale)
    let down = random.uniform(-shift, shift) * Double(height)
    let right = random.uniform(-shift, shift) * Double(width)
    let brightness = Float(random.uniform(1 - intensity, 1 + intensity))
    let deviation = Float(random.uniform(0, noise))
    let isFlipped = random.uniform() < 0.5 && flips
    // Backwards, about the image's centre.
    let (cosine, sine) = (Float(cos(angle) / size), Float(sin(angle) / size))
    let (centreY, centreX) = (Float(height - 1) / 2, Float(width - 1) / 2)
    for row in 0..<height {
      for column in 0..<width {
        let y = Float(row) - centreY - Float(down)
        let x = (Float(column) - centreX - Float(right)) * (isFlipped ? -1 : 1)
        let pixel = row * width + column
        field[pixel] = sine * y + cosine * x + centreX - Float(column)
        field[height * width + pixel] = cosine * y - sine * x + centreY - Float(row)
      }
    }
    return (brightness, deviation)
  }
}
