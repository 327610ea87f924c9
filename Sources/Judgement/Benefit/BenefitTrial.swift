import Classification
import Datasets
import Foundation
import ImageFiles
import ImageSets
import Randomness
import Recipes
import Synthesis
import Tensors

/// Classifiers on balanced real images and on real images with synthetic ones beside them, in pairs that differ in nothing
/// else: the same first weights, as many images of each class, as many optimiser steps.
///
/// Every arm has T images of each class, T being the largest of n_c + s_c over the classes, with n_c real and s_c synthetic
/// ones: all synthetic images, and real ones repeated to the rest; or synthetic ones alone, repeated to T. The baseline has T
/// real ones, repeated. No image chooses an epoch, so that a score on validation images is as honest as one on test images.
package struct BenefitTrial: Sendable {
  package let recipe: Recipe
  package let data: ExperimentData

  package init(recipe: Recipe, data: ExperimentData) {
    self.recipe = recipe
    self.data = data
  }

  /// What classifiers are trained on.
  package struct Arm: Sendable {
    package var name: String
    /// Synthetic images, of some classes or all; none for the baseline.
    package var sets: [SyntheticSet]
    /// How many synthetic images of each class the arm stands beside: its own, or those that a baseline is matched to.
    package var counts: [String: Int]
    /// Whether synthetic images stand beside the real ones or in place of them.
    package var trainOn = TrainingSet.both
    /// What is done to all its images each time that they are seen.
    package var augmentation = AugmentationKind.none

    package init(
      name: String, sets: [SyntheticSet], counts: [String: Int], trainOn: TrainingSet = .both,
      augmentation: AugmentationKind = .none
    ) {
      self.name = name
      self.sets = sets
      self.counts = counts
      self.trainOn = trainOn
      self.augmentation = augmentation
    }
  }

  /// The balanced accuracy of one classifier, in [0, 1], by the side that it was scored on.
  package typealias Scores = [Split: Double]

  /// Trains one classifier and scores it.
  ///
  /// - Parameters:
  ///   - run: which of the repeats; the same number starts from the same weights in every arm.
  ///   - sides: each must have images.
  /// - Throws: `ClassificationError`.
  package func scores(_ arm: Arm, run: Int, sides: [Split], onEpoch: () -> Void) throws -> Scores {
    let stream = RandomStream(seed: UInt64(recipe.seed), purpose: "benefit", index: run)
    let classifier = try Classifier(
      height: data.set.size.height, width: data.set.size.width, channels: data.set.channels,
      classes: data.classes.count, stream: stream.substream("weights"))
    try classifier.train(
      trainingSet(arm, stream: stream.substream("resampling")), validation: nil,
      configuration: recipe.classifier, augmentation: recipe.evaluation.training(arm.augmentation),
      stream: stream.substream("training")
    ) { _ in onEpoch() }
    return Dictionary(
      uniqueKeysWithValues: sides.map { side in
        let indices = data.indices(in: side)
        let scores = Classification.Scores(
          actual: indices.map { data.label(data.set.images[$0].className) },
          predicted: classifier.predictions(data.rows(indices)), classes: data.classes.count)
        return (side, scores.balancedAccuracy ?? 0)
      })
  }

  func trainingSet(_ arm: Arm, stream: RandomStream) -> LabelledImages {
    let real = data.indices(in: .train)
    let labels = real.map { data.label(data.set.images[$0].className) }
    let synthetic = arm.sets.flatMap { set in
      Array(repeating: data.label(set.className), count: set.images.shape[0])
    }
    return LabelledImages(
      images: .joined([data.rows(real)] + arm.sets.map { TensorRows($0.images) }), labels: labels + synthetic,
      rows: Self.rows(
        labels: labels, synthetic: synthetic, beside: data.classes.map { arm.counts[$0] ?? 0 },
        trainOn: arm.trainOn, stream: stream))
  }

  /// The rows that an arm trains on, T of each class; the synthetic images' come after those of the real ones.
  ///
  /// - Parameters:
  ///   - labels: the class of each real image.
  ///   - synthetic: the class of each synthetic image; none in the baseline.
  ///   - counts: s_c, by class.
  ///   - trainOn: with `synthetic`, every class has synthetic images.
  package static func rows(
    labels: [Int], synthetic: [Int], beside counts: [Int], trainOn: TrainingSet = .both, stream: RandomStream
  ) -> [Int] {
    let total = counts.indices.map { label in labels.count { $0 == label } + counts[label] }.max() ?? 0
    switch trainOn {
    case .both:
      let rest = counts.indices.map { label in total - synthetic.count { $0 == label } }
      return LabelledImages.rows(of: labels, perClass: rest, stream)
        + Array(labels.count..<(labels.count + synthetic.count))
    case .synthetic:
      return LabelledImages.rows(of: synthetic, perClass: counts.map { _ in total }, stream).map { labels.count + $0 }
    }
  }
}
