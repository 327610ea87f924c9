import Foundation
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

  /// Some of the images as a set of their own, in the given order.
  func selecting(_ indices: [Int]) -> ImageSet {
    ImageSet(
      images: indices.map { images[$0] }, size: size, pixels: tensor(indices).values,
      frames: indices.map { frames[$0] }, notes: notes)
  }

  /// Images in memory, one class after the other.
  ///
  /// - Parameter classes: at least one; a path for each image, images `[image, height, width, 1]` of one size.
  init(classes: [(name: String, paths: [String], images: Tensor, frame: SliceFrame)]) {
    let shape = classes[0].images.shape
    self.init(
      images: classes.flatMap { part in
        part.paths.map { CohortImage(url: URL(filePath: $0), path: $0, subject: $0, className: part.name) }
      },
      size: ImageSize(height: shape[1], width: shape[2]), pixels: classes.flatMap { $0.images.values },
      frames: classes.flatMap { part in part.paths.map { _ in part.frame } })
  }
}
