import Imaging
import Tensors

extension ImageSet {
  /// Some of the images as `[image, height, width, 1]`, values in [0, 1].
  func tensor(_ indices: [Int]) -> Tensor {
    let length = size.height * size.width
    return Tensor([indices.count, size.height, size.width, 1]) { target in
      for (position, index) in indices.enumerated() {
        _ = target[(position * length)...].update(fromContentsOf: pixels[(index * length)..<((index + 1) * length)])
      }
    }
  }
}
