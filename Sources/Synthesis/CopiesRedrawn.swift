import Assessment
import Datasets
import ImageFiles
import ImageSets
import Recipes
import Tensors
import Training

extension TrainedModel {
  /// The share of images that may come out as near copies of training images; a model of more knows these by heart.
  private static let mostNearCopies = 0.5
  /// Draws that may replace near copies.
  private static let rounds = 20

  /// A set whose copies and near copies of training images of the class are replaced by further draws.
  ///
  /// - Parameters:
  ///   - training: `[height, width, channel]` each; nil where they are gone. Of fewer than two nothing is near.
  ///   - draw: so many images, in this round.
  /// - Throws: `ExperimentsError.settings` when the training images are gone, and when too many images are near copies.
  func withoutCopies(
    _ set: SyntheticSet, training: TensorRows?, draw: (_ count: Int, _ round: Int) throws -> SyntheticSet
  ) throws -> SyntheticSet {
    guard let training else {
      throw ExperimentsError.settings(
        problem: "synthetic.near-copies redraw needs the training images of class '\(card.className)', which were in "
          + "'\(card.dataFolder)' and are not found; name their folder with --data, or set it to keep")
    }
    guard training.count > 1 else { return set }
    let spacing = NearestImages.find(training, among: training, othersOnly: true).map(\.distance)
    func nearCopies(_ images: Tensor) -> [Int] {
      let found = NearestImages.find(TensorRows(card.prepared(images)), among: training)
      return found.indices.filter {
        NearCopy.isNear(distance: found[$0].distance, spacing: spacing[found[$0].index])
      }
    }
    func refusal(_ count: Int) -> ExperimentsError {
      .settings(
        problem:
          "\(count) of \(set.images.shape[0]) images of class '\(card.className)' by \(set.method.rawValue) are copies "
          + "of training images, or nearly: the model knows them by heart; train it for fewer steps, or take another "
          + "method")
    }
    guard set.images.shape[0] > 0 else { return set }
    var result = set
    var places = nearCopies(set.images)
    guard Double(places.count) <= Self.mostNearCopies * Double(set.images.shape[0]) else {
      throw refusal(places.count)
    }
    for round in 0..<Self.rounds where !places.isEmpty {
      let further = try draw(places.count, round)
      let bad = Set(nearCopies(further.images))
      result.replace(places, by: further)
      places = places.indices.filter { bad.contains($0) }.map { places[$0] }
    }
    guard places.isEmpty else { throw refusal(places.count) }
    return result
  }
}

extension TrainedModel.Card {
  /// Synthetic images as they are when they are read again: scaled as the training images were. One that has a single grey
  /// stays as it is.
  package func prepared(_ images: Tensor) -> Tensor {
    var preprocessing = self.preprocessing.ofWritten(channels: channelCount).with(channels: channelCount)
    preprocessing.size = nil
    return Tensor(images.shape) { target in
      for image in 0..<images.shape[0] {
        let pixels = (try? preprocessing.apply(slice(images, image)))?.pixels ?? images.row(image)
        _ = target[(image * length)...].update(fromContentsOf: pixels)
      }
    }
  }
}
