import Cohorts
import Foundation
import ImageFiles
import ImageSets
import Recipes
import Training

/// The real training images that go into the folder of the synthetic ones, so that both together are a training set.
package struct RealBeside: Sendable {
  package let images: [RealImage]
  let placement: SyntheticFolder.RealPlacement

  /// - Parameter images: of training alone, class by class.
  package init(_ images: [[CohortImage]], _ recipe: Recipe) {
    placement = recipe.synthetic.withReal
    self.images = placement == .none ? [] : images.flatMap { RealImage.images($0) }
  }

  /// Those of models' training images, wherever the recipe says that they lie.
  ///
  /// - Throws: `ExperimentsError.option` if any is missing, or is no longer what it was.
  package init(_ models: [TrainedModel], _ recipe: Recipe) throws {
    if recipe.synthetic.withReal != .none {
      for model in models { try model.requireTrainingImages(recipe, option: "--with-real") }
    }
    self.init(models.map { $0.trainingFiles(recipe) }, recipe)
  }

  /// Refuses a layout that real images cannot go into.
  package static func check(_ recipe: Recipe) throws {
    guard recipe.synthetic.withReal != .none, recipe.synthetic.layout == .bids else { return }
    throw ExperimentsError.option(
      name: "--with-real",
      problem: "a derivative that says no person was scanned cannot hold real images; take the layout class-folders")
  }

  package var columns: [String] { placement == .none ? [] : [SyntheticFolder.originColumn] }
  /// Of a synthetic image, for these columns.
  package var values: [String] { placement == .none ? [] : [SyntheticFolder.syntheticOrigin] }

  /// What the name of the folder says of them.
  package var title: String {
    images.isEmpty ? "" : ", beside \(images.count) real training images: share them as the originals"
  }

  /// Writes them.
  ///
  /// - Parameters:
  ///   - columns: all further columns of the manifest.
  ///   - size: of the synthetic images, such as `64 x 64`, where real ones may have another.
  /// - Returns: what the user should know.
  package func write(to folder: inout SyntheticFolder, columns: [String], size: String?) throws -> [String] {
    guard !images.isEmpty else { return [] }
    let copied = try folder.addReal(images, by: placement, columns: columns)
    var notes = [
      "the folder holds \(images.count) real training images beside the synthetic ones: share it only as you would share "
        + "these"
    ]
    if copied > 0 {
      notes.append("\(copied) files were copied, as they cannot be linked from where they lie")
    }
    let turned = images.count { (try? ImageFile.isTurned($0.url)) ?? false }
    if turned > 0 {
      notes.append(
        "\(turned) of the real images say by their orientation (EXIF) how they are to be turned, and lie there as they came in: "
          + "turn them when you read them, as Pillow's ImageOps.exif_transpose does, or save them upright first")
    }
    if let size {
      notes.append(
        "the real images lie there as they came in, and the synthetic ones have \(size) pixels: bring both to one size when "
          + "you read them")
    }
    return notes
  }

  /// Real images by class, for what is printed.
  package var counts: [String: Int] { Dictionary(images.map { ($0.className, 1) }, uniquingKeysWith: +) }
}
