import Randomness
import Tensors

/// A smooth random deformation of each image: what stands in it keeps its texture and takes another shape.
///
/// Both directions of the displacement are drawn from N(0, deviation^2) at the points of a coarse grid over the image and interpolated
/// cubically between them. Pixels are interpolated bilinearly, and what comes from outside has the value of the nearest edge, so the
/// result stays in [0, 1]. All channels of an image have the same displacement.
///
/// Source: Simard, Steinkraus and Platt, "Best practices for convolutional neural networks applied to visual document analysis", ICDAR
/// 2003, whose field of pixels smoothed by a Gaussian is a coarse grid here.
public struct ElasticAugmentation: Sendable, Equatable {
  /// The standard deviation of a displacement at the grid's points, as a part of the image's longer side: 2 pixels of 104.
  public var deviation = 0.02
  /// The distance of the grid's points, as a part of the longer side.
  public var spacing = 1.0 / 12

  /// - Parameter strength: what the deviation is multiplied by.
  public init(strength: Double = 1) { deviation *= strength }

  /// Deforms every image by itself.
  ///
  /// - Parameters:
  ///   - images: `[image, height, width, channel]` in [0, 1], at least 2 x 2 pixels.
  ///   - stream: image i draws from its substream ("image", `first` + i).
  ///   - first: the number of the first image, so that a batch gets what its images would get in one call for all.
  /// - Returns: images of the same shape, in [0, 1].
  public func apply(to images: Tensor, stream: RandomStream, from first: Int = 0) -> Tensor {
    let (height, width, channels) = (images.shape[1], images.shape[2], images.shape[3])
    let (pixels, longer) = (height * width, Double(max(height, width)))
    func points(_ length: Int) -> Int { max(3, 1 + Int((Double(length) / (spacing * longer)).rounded())) }
    let grid = ControlGrid(height: height, width: width, rows: points(height), columns: points(width))
    let warp = Warp(height: height, width: width)
    let pixelDeviation = Float(deviation * longer)
    var coarse = [Float](repeating: 0, count: grid.count)
    var field = [Float](repeating: 0, count: 2 * pixels)
    return images.imageByImage(stream, from: first) { source, target, random in
      field.withUnsafeMutableBufferPointer { field in
        for plane in 0..<2 {
          for point in coarse.indices { coarse[point] = pixelDeviation * Float(random.normal()) }
          grid.spread(coarse, to: field.baseAddress! + plane * pixels)
        }
        warp.sample(source.baseAddress!, channels: channels, field.baseAddress!, to: target.baseAddress!)
      }
    }
  }
}
