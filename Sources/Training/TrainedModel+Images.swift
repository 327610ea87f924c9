import Datasets
import Files
import Foundation
import ImageFiles
import ImageSets
import Recipes
import Runs
import Tensors

extension TrainedModel.Card {
  /// What the folder of the training images is called, for what may be shared.
  package var sourceName: String { URL(filePath: dataFolder, directoryHint: .isDirectory).lastPathComponent }

  /// Of the images: 1, or 3 in colour.
  package var channelCount: Int { channels ?? 1 }

  /// Values of one image.
  package var length: Int { height * width * channelCount }

  /// What prepares images as the training images were, whatever others were read with them.
  var reading: Preprocessing { preprocessing.with(channels: channelCount) }

  /// One of several images, `[image, height, width, channel]`, from 0 to 1.
  package func prepared(_ images: Tensor, _ index: Int) -> Slice {
    precondition(Array(images.shape.dropFirst()) == [height, width, channelCount], "images of \(images.shape)")
    return Slice(
      height: height, width: width, channels: channelCount, pixels: images.row(index), frame: frame)
  }

  /// The same as it goes to a NIfTI file.
  package func slice(_ images: Tensor, _ index: Int) -> Slice {
    var slice = prepared(images, index)
    slice.pixels = preprocessing.written(slice.pixels, channels: channelCount)
    return slice
  }
}

extension TrainedModel {
  /// The images that the model was trained on, `[height, width, channel]` each; nil if they are not found, or are no longer
  /// what they were.
  ///
  /// - Parameter recipe: says where they lie; else a model of an earlier version does.
  /// - Throws: `ImagingError.unwritable` when there is no room for their pixels.
  package func trainingImages(_ recipe: Recipe) throws -> TensorRows? {
    let images = trainingFiles(recipe)
    guard areThere(images) else { return nil }
    do {
      let set = try CohortReader(preprocessing: card.reading, selection: card.selection).read(images)
      return set.size == ImageSize(height: card.height, width: card.width) ? set.rows : nil
    } catch let error as ImagingError {
      if case .unwritable = error { throw error }
      return nil
    }
  }

  /// Checks that the folder which a user named holds the training images.
  ///
  /// - Throws: `ExperimentsError.option`.
  public func requireTrainingImages(_ recipe: Recipe, option: String) throws {
    let images = trainingFiles(recipe)
    func refusal(_ problem: String) -> ExperimentsError {
      .option(name: option, problem: "\(problem); name the folder that the models were trained on")
    }
    let folder = recipe.dataFolder?.relativePath ?? card.dataFolder
    if let missing = images.first(where: { !FileManager.default.fileExists(atPath: $0.url.path) }) {
      throw refusal("'\(folder)' does not hold \(missing.path), a training image of class '\(card.className)'")
    }
    guard areThere(images) else {
      throw refusal("the training images of class '\(card.className)' in '\(folder)' are not what they were")
    }
  }

  /// The training images' files, wherever the recipe says that they lie.
  package func trainingFiles(_ recipe: Recipe) -> [CohortImage] {
    let root = recipe.dataFolder ?? URL(filePath: card.dataFolder, directoryHint: .isDirectory)
    return card.trainingImages.map {
      CohortImage(url: root.appending(path: $0), path: $0, subject: $0, className: card.className)
    }
  }

  private func areThere(_ images: [CohortImage]) -> Bool {
    guard images.allSatisfy({ FileManager.default.fileExists(atPath: $0.url.path) }) else { return false }
    guard let digest = card.trainingDigest else { return true }
    return (try? Checksum.ofFiles(images.map { ($0.path, $0.url) })) == digest
  }
}
