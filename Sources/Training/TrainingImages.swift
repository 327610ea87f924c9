import Datasets
import Foundation
import Generators
import Recipes
import Runs
import Synchronization
import Tensors

/// The training images of all classes, and their shapes, which are found when they are first asked for.
package final class TrainingImages: Sendable {
  /// In the order of the models.
  package let classes: [String]
  private let images: [String: TensorRows]
  private let progress: ProgressReporter
  private let found = Mutex<ShapeSpace?>(nil)

  /// - Parameters:
  ///   - classes: names, in the order of the models.
  ///   - image: the training images of a class, `[height, width, channel]` each; nil if they are gone.
  package init(_ classes: [String], progress: ProgressReporter, images image: (String) throws -> TensorRows?) rethrows {
    self.classes = classes
    self.progress = progress
    images = try Dictionary(uniqueKeysWithValues: classes.map { ($0, try image($0)) }).compactMapValues { $0 }
  }

  /// All training images of one experiment.
  package convenience init(_ data: ExperimentData, progress: ProgressReporter) {
    self.init(data.classes, progress: progress) { data.rows(data.indices(of: $0, in: .train)) }
  }

  package subscript(className: String) -> TensorRows? { images[className] }

  /// Every class's that are there.
  package var present: [String: TensorRows] { images }

  /// - Throws: `ExperimentsError.settings` when images of a class are gone, or are of another size than another's.
  package func shapes() throws -> ShapeSpace {
    try found.withLock { found in
      if let found { return found }
      let sets = classes.map { images[$0] }
      guard sets.allSatisfy({ $0 != nil }), Set(sets.map { $0!.rowShape }).count == 1 else {
        throw ExperimentsError.settings(
          problem: "the method deformation needs the training images of every class in one size, and some are not "
            + "found; name their folder with --data, or take another method")
      }
      let all = sets.map { $0! }
      let bar = progress.stage(
        "Finding the images' shapes", total: ShapeSpace.registrations(all.map(\.count)), unit: "registrations")
      let shapes = ShapeSpace(all) { bar.advance() }
      bar.finish()
      found = shapes
      return shapes
    }
  }
}
