import Cohorts
import Datasets
import Files
import Foundation
import ImageFiles
import ImageSets
import Recipes
import Runs

/// Copies of real training images in place of synthetic ones, laid out alike: what balances a cohort when synthetic images
/// do not help.
///
/// The folder goes beside the real images as a synthetic one would, so that both together have as many of each class. Every
/// image of a class is copied once before any is copied twice, in the order of the cohort. The copies are prepared as
/// training images are (scaled to [0, 1], of one size, the slice that was chosen).
package struct RealCopies {
  package let data: ExperimentData
  package let recipe: Recipe
  /// What kind of file the copies are.
  package let kind: SyntheticStorage
  /// The originals beside them, if they are wanted.
  package let real: RealBeside

  package init(data: ExperimentData, recipe: Recipe, kind: SyntheticStorage, real: RealBeside) {
    self.data = data
    self.recipe = recipe
    self.kind = kind
    self.real = real
  }

  /// - Parameters:
  ///   - counts: copies by class.
  ///   - archive: a `.npz` file to write too, with the originals and the copies.
  /// - Returns: what the user should know.
  /// - Throws: `ImagingError`.
  package func write(
    _ counts: [String: Int], to out: URL, source: String, overwrite: Bool, archive: URL?
  ) throws -> [String] {
    let description = DatasetDescription(
      name: "Copies of real images, for balance: not synthetic, share them as the originals", version: Manikin.version,
      sources: [source])
    let preprocessing = recipe.preprocessingConfiguration
    let columns = ["method", "source_training_image"] + kind.columns + real.columns
    // A copy is a real image, but not one of those beside: it tells by its method.
    let further = real.columns.map { _ in "copy" }
    func limits(_ index: Int) -> SIMD2<Float>? { data.set.limits.isEmpty ? nil : data.set.limits[index] }
    return try SyntheticFolder.write(
      to: out, prefix: SyntheticFolder.prefix("copy", avoiding: real.images), description: description,
      furtherColumns: columns, storage: kind.storage, overwrite: overwrite
    ) { folder in
      let notes = try real.write(
        to: &folder, columns: columns,
        size: preprocessing.size != nil || recipe.sliceSelection != nil
          ? "\(data.set.size.height) x \(data.set.size.width)" : nil)
      var arrays = TrainingArchive(preprocessing: preprocessing, kind: kind)
      for className in data.classes.sorted() {
        let members = data.indices(of: className, in: .train)
        let sources = (0..<counts[className, default: 0]).map { members[$0 % members.count] }
        let files = try folder.add(
          sources.map { index in
            let path = data.set.images[index].path
            return SyntheticImage(
              className: className,
              slice: kind.stored(data.set.slice(index), preprocessing, limits: limits(index)), model: "n/a",
              seed: UInt64(recipe.seed), nearestTrainingImage: path,
              nearestDistance: 0,
              furtherValues: ["copy", path] + kind.values(preprocessing, limits: limits(index)) + further)
          })
        guard archive != nil else { continue }
        arrays.add(
          .init(
            className: className, isSynthetic: false, images: data.rows(members),
            files: members.map { data.set.images[$0].path }, limits: members.compactMap(limits)))
        arrays.add(
          .init(
            className: className, isSynthetic: false, images: data.rows(sources), files: files,
            limits: sources.compactMap(limits)))
      }
      if let archive { try arrays.write(to: archive, classes: data.classes) }
      return notes
    }
  }
}
