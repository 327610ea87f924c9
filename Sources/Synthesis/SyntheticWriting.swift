import Assessment
import Cohorts
import Files
import Foundation
import Recipes
import Runs
import Samplers
import Tensors
import Training

extension SyntheticSet {
  /// The images as slices in the space of the class's training images, with all that the manifest says of them.
  ///
  /// - Parameters:
  ///   - training: the class's training images, if they are at hand, to name the nearest one.
  ///   - kind: of file that they go to; nil for NIfTI.
  ///   - further: values of columns after `furtherColumns`, the same for all.
  package func files(
    model: TrainedModel, training: TensorRows?, kind: SyntheticStorage? = nil, further: [String] = []
  ) -> [SyntheticImage] {
    let nearest = training.map { NearestImages.find(TensorRows(images), among: $0) }
    let card = model.card
    return (0..<images.shape[0]).map { index in
      // With the light of the training image that it began at.
      let limits = card.limits.map { $0[origins[index]] }
      return SyntheticImage(
        className: className,
        slice: kind.map { $0.stored(card.prepared(images, index), card.preprocessing, limits: limits) }
          ?? card.slice(images, index),
        model: String(model.card.digest.prefix(12)), seed: UInt64(model.card.seed),
        chain: chains == nil ? nil : index + 1, acceptance: draw.acceptance[index],
        nearestTrainingImage: nearest.map { model.card.trainingImages[$0[index].index] },
        nearestDistance: nearest.map { $0[index].distance },
        furtherValues: [
          method.rawValue, draw.sources[index].map { model.card.trainingImages[$0] } ?? "n/a",
          draw.ends[index].map { model.card.trainingImages[$0.source] } ?? "n/a",
          draw.ends[index].map { "\($0.position)" } ?? "n/a", render.rawValue,
          render == .residual ? model.card.trainingImages[origins[index]] : "n/a",
        ] + (kind?.values(card.preprocessing, limits: limits) ?? []) + further)
    }
  }

  /// Columns of the manifest beyond the common ones: the method; the training image whose code the draw began at; with
  /// interpolation the one it went to and how far; how it was rendered; the training image whose residual it has.
  package static let furtherColumns = [
    "method", "source_training_image", "second_training_image", "position", "render", "residual_training_image",
  ]
}

extension DatasetDescription {
  package static func synthetic(name: String, source: String) -> DatasetDescription {
    DatasetDescription(name: name, version: Manikin.version, sources: [source])
  }
}
