import Imaging
import Tensors

extension ImageSet {
  /// All images as `[image, height, width, 1]`, values in [0, 1]: the set's own pixels, not a copy.
  package var tensor: Tensor {
    Tensor([count, size.height, size.width, 1], viewing: pixels.values, owner: pixels)
  }

  /// A copy of some of the images, `[image, height, width, 1]`.
  package func tensor(_ indices: [Int]) -> Tensor { tensor.rows(indices) }
}
