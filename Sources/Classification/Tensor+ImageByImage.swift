import Randomness
import Tensors

extension Tensor {
  /// Images that are each changed by itself.
  ///
  /// - Parameters:
  ///   - stream: image i draws from its substream ("image", `first` + i).
  ///   - first: the number of the first image, so that a batch gets what its images would get in one call for all.
  ///   - change: writes an image's values, `[height, width, channel]`, from those it had.
  /// - Returns: images of the same shape.
  func imageByImage(
    _ stream: RandomStream, from first: Int,
    _ change: (
      _ source: UnsafeBufferPointer<Float>, _ target: UnsafeMutableBufferPointer<Float>, _ random: inout RandomStream
    ) -> Void
  ) -> Tensor {
    let length = shape.dropFirst().reduce(1, *)
    return Tensor(shape) { target in
      for index in 0..<shape[0] {
        var random = stream.substream("image", index: first + index)
        let range = (index * length)..<((index + 1) * length)
        change(
          UnsafeBufferPointer(rebasing: buffer[range]), UnsafeMutableBufferPointer(rebasing: target[range]), &random)
      }
    }
  }
}
