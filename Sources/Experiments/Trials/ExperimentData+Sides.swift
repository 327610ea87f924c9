import Datasets
import Foundation
import ImageSets
import Recipes

extension ExperimentData {
  /// The same images on other sides; what is on none is not used. Images that the recipe leaves out stay out.
  ///
  /// - Parameters:
  ///   - training: images by number, as are the others; no image is on two sides.
  package func sided(training: [Int], validation: [Int], test: [Int]) -> ExperimentData {
    var sides = [Split?](repeating: nil, count: set.images.count)
    for (side, members) in [(Split.train, training), (.validation, validation), (.test, test)] {
      for index in members {
        precondition(sides[index] == nil, "image \(index) on two sides")
        sides[index] = side
      }
    }
    let images = set.images.indices.map { index in
      var image = set.images[index]
      // A side that is nil would be that of training.
      image.split = sides[index] ?? .test
      return image
    }
    let sided = ImageSet(
      images: images, size: set.size, channels: set.channels, pixels: set.pixels, frames: set.frames, notes: set.notes,
      storage: set.storage, limits: set.limits)
    return ExperimentData(self, set: sided, unused: unused.union(sides.indices.filter { sides[$0] == nil }))
  }

  /// Whether the images came split.
  package var cameSplit: Bool { cohort.isSplit }

  /// Divisions that there are: as many as sites where each is tested on in turn.
  package var mostDivisions: Int { division.tested.isEmpty ? .max : division.tested.count }

  /// The images under one of the recipe's divisions, counted from 0.
  ///
  /// - Precondition: the images did not come split, or the index is 0.
  package func division(_ index: Int, _ recipe: Recipe) throws -> ExperimentData { try divided(index, recipe) }

  /// The number of an image's class.
  package func label(at index: Int) -> Int { label(set.images[index].className) }

  /// What a given split has on two sides, in a sentence; nil if nothing.
  package var leak: String? { leakage.sentence }

  /// What a run of these images is held to, as digests by name.
  package var inputDigests: [(name: String, digest: String)] { digests(split: true) }
}

extension Experiment {
  /// Reads the images for trials, divided as the recipe says, and checks them; nothing is written but images that Manikin draws
  /// itself.
  ///
  /// - Parameter drawn: where these go; by default into the run folder.
  package func imagesForTrials(drawnIn drawn: URL? = nil) throws -> ExperimentData {
    try readImages(split: true, drawnIn: drawn ?? recipe.drawnFolder)
  }
}

extension Recipe {
  /// As a recipe file in a folder, from which its paths are given.
  package func yaml(placedIn folder: URL) -> String { placed(in: folder.absoluteURL).yaml() }

  /// What the folder of the images is called.
  package var nameOfSource: String { sourceName }
}
