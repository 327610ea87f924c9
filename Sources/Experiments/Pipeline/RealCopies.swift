import Foundation
import Imaging

/// Copies of real training images in place of synthetic ones, laid out alike: what balances a cohort when synthetic images
/// do not help.
///
/// The folder goes beside the real images as a synthetic one would, so that both together have as many of each class. Every
/// image of a class is copied once before any is copied twice, in the order of the cohort. The copies are prepared as
/// training images are (scaled to [0, 1], of one size, the slice that was chosen).
struct RealCopies {
  let data: ExperimentData
  let recipe: Recipe

  /// - Parameter counts: copies by class.
  /// - Throws: `ImagingError`.
  func write(_ counts: [String: Int], to out: URL, source: String, overwrite: Bool) throws {
    let description = DatasetDescription(
      name: "Copies of real images, for balance: not synthetic, share them as the originals", version: Manikin.version,
      sources: [source])
    try SyntheticFolder.write(
      to: out, prefix: "copy", description: description, furtherColumns: ["method", "source_training_image"],
      overwrite: overwrite
    ) { folder in
      for (className, count) in counts.sorted(by: { $0.key < $1.key }) where count > 0 {
        let members = data.indices(of: className, in: .train)
        try folder.add(
          (0..<count).map { copy in
            let index = members[copy % members.count]
            var slice = data.set.slice(index)
            slice.pixels = recipe.preprocessingConfiguration.written(slice.pixels, channels: slice.channels)
            return SyntheticImage(
              className: className, slice: slice, model: "n/a", seed: UInt64(recipe.seed),
              nearestTrainingImage: data.set.images[index].path,
              nearestDistance: 0, furtherValues: ["copy", data.set.images[index].path])
          })
      }
    }
  }
}
