import Foundation
import Imaging
import Tensors

extension SyntheticSet {
  /// The images as slices in the space of the class's training images, with all that the manifest says of them.
  ///
  /// - Parameters:
  ///   - training: the class's training images, if they are at hand, to name the nearest one.
  ///   - storage: what kind of file they go to.
  ///   - further: values of columns after `furtherColumns`, the same for all.
  func files(
    model: TrainedModel, training: Tensor?, storage: ImageStorage = .nifti, further: [String] = []
  ) -> [SyntheticImage] {
    let nearest = training.map { NearestImages.find(images, among: $0) }
    return (0..<images.shape[0]).map { index in
      SyntheticImage(
        className: className, slice: model.card.slice(images, index, storage: storage),
        model: String(model.card.digest.prefix(12)), seed: UInt64(model.card.seed),
        chain: chains == nil ? nil : index + 1, acceptance: draw.acceptance[index],
        nearestTrainingImage: nearest.map { model.card.trainingImages[$0[index].index] },
        nearestDistance: nearest.map { $0[index].distance },
        furtherValues: [
          method.rawValue, draw.sources[index].map { model.card.trainingImages[$0] } ?? "n/a",
          draw.ends[index].map { model.card.trainingImages[$0.source] } ?? "n/a",
          draw.ends[index].map { "\($0.position)" } ?? "n/a", render.rawValue,
          render == .residual ? model.card.trainingImages[origins[index]] : "n/a",
        ] + further)
    }
  }

  /// Columns of the manifest beyond the common ones: the method; the training image whose code the draw began at; with
  /// interpolation the one it went to and how far; how it was rendered; the training image whose residual it has.
  static let furtherColumns = [
    "method", "source_training_image", "second_training_image", "position", "render", "residual_training_image",
  ]
}

extension DatasetDescription {
  static func synthetic(name: String, source: String) -> DatasetDescription {
    DatasetDescription(name: name, version: Manikin.version, sources: [source])
  }
}
