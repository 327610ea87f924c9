import Datasets
import Foundation
import ImageSets
import Randomness
import Recipes
import Tensors

/// The images of a comparison: one division into training, validation and test images, all of one class, and smaller
/// training sets within larger ones.
package struct ComparisonData: Sendable {
  /// A training set.
  struct Size: Sendable, Equatable {
    /// `all`, or the number of training images.
    let name: String
    let trainingImages: Int
  }

  /// What the one class is called.
  package static let className = "all"

  /// Without classes.
  package let whole: ExperimentData
  /// Ascending.
  let sizes: [Size]
  /// What a user should know, a sentence each.
  let notes: [String]
  /// Of the sizes, in their order.
  private let parts: [ExperimentData]

  /// - Parameters:
  ///   - data: read with `split`.
  ///   - recipe: as `Recipe.comparing` makes it.
  /// - Throws: `ExperimentsError.settings` when a side has too few images.
  init(_ data: ExperimentData, _ recipe: Recipe) throws {
    whole = data.pooled(as: Self.className)
    for (side, name) in [(Split.train, "training"), (.validation, "validation"), (.test, "test")] {
      let count = whole.indices(in: side).count
      guard count < 2 else { continue }
      throw ExperimentsError.settings(
        problem: "there \(count == 1 ? "is 1 \(name) image" : "are no \(name) images"), and a comparison needs 2 or "
          + "more: give more images, or a larger share in 'data.split'")
    }
    let training = whole.indices(in: .train)
    let validation = whole.indices(in: .validation)
    var stream = RandomStream(seed: UInt64(recipe.seed), purpose: "compare/training images")
    let order = stream.permutation(training.count).map { training[$0] }
    stream = RandomStream(seed: UInt64(recipe.seed), purpose: "compare/validation images")
    let validationOrder = stream.permutation(validation.count).map { validation[$0] }
    let limit = min(training.count, recipe.mostTrainingImages ?? .max)

    var notes: [String] = []
    var sizes: [Size] = []
    for word in recipe.compare.sizes {
      let count = Int(word) ?? limit
      guard count <= limit else {
        notes.append("there are \(limit) training images, so that the size \(word) is left out")
        continue
      }
      if sizes.last?.trainingImages == count { continue }
      sizes.append(Size(name: count == training.count ? CompareSettings.all : "\(count)", trainingImages: count))
    }
    guard !sizes.isEmpty else {
      throw ExperimentsError.settings(
        problem: "there are \(limit) training images, fewer than every number of 'sizes' in 'compare': add 'all' to it")
    }
    self.sizes = sizes
    self.notes = notes
    let whole = whole
    parts = sizes.map { size in
      guard size.trainingImages < training.count else { return whole }
      let left =
        order.dropFirst(size.trainingImages) + validationOrder.dropFirst(max(2, size.trainingImages / 5))
      return whole.pooled(as: Self.className, leavingOut: Set(left))
    }
  }

  /// The images of a size: its training images and, with fewer than all, a fifth as many validation images.
  func part(_ size: Int) -> ExperimentData { parts[size] }

  /// A copy of the images of a side that others are compared with.
  package func reference(_ side: Split, size: Int) -> Tensor {
    let indices = parts[size].indices(in: side)
    return whole.tensor(Array(indices.prefix(CompareSettings.mostTestImages)))
  }
}
