import Foundation
import Imaging
import Tensors

extension ImageSet {
  /// All images as `[image, height, width, channel]`, values in [0, 1]: the set's own pixels, not a copy.
  package var tensor: Tensor {
    Tensor([count, size.height, size.width, channels], viewing: pixels.values, owner: pixels)
  }

  /// A copy of some of the images, `[image, height, width, channel]`.
  package func tensor(_ indices: [Int]) -> Tensor { tensor.rows(indices) }

  /// A copy of some of the images as a set of their own, in the given order.
  func selecting(_ indices: [Int]) -> ImageSet {
    ImageSet(
      images: indices.map { images[$0] }, size: size, channels: channels, pixels: PixelStore([tensor(indices)]),
      frames: indices.map { frames[$0] }, notes: notes, storage: storage,
      limits: limits.isEmpty ? [] : indices.map { limits[$0] })
  }

  /// Images in memory, one class after the other.
  ///
  /// - Parameter classes: at least one; a path for each image, images `[image, height, width, channel]` of one shape.
  init(classes: [(name: String, paths: [String], images: Tensor, frame: SliceFrame)]) {
    let shape = classes[0].images.shape
    self.init(
      images: classes.flatMap { part in
        part.paths.map { CohortImage(url: URL(filePath: $0), path: $0, subject: $0, className: part.name) }
      },
      size: ImageSize(height: shape[1], width: shape[2]), channels: shape[3], pixels: PixelStore(classes.map(\.images)),
      frames: classes.flatMap { part in part.paths.map { _ in part.frame } })
  }
}

extension PixelStore {
  /// A copy of tensors' values, one tensor after the other.
  fileprivate convenience init(_ tensors: [Tensor]) {
    self.init(count: tensors.reduce(0) { $0 + $1.buffer.count }) { target in
      var start = 0
      for tensor in tensors { start = target[start...].update(fromContentsOf: tensor.buffer) }
    }
  }
}
