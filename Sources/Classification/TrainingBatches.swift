import Networks
import Randomness
import Tensors

/// The batches of one epoch: what the network sees of the chosen images, and the loss of what it says.
struct TrainingBatches {
  let set: LabelledImages
  let classes: Int
  /// Of each class in the loss; nil for 1.
  let weights: [Double]?
  let augmentation: TrainingAugmentation
  /// Of this epoch.
  let stream: RandomStream

  /// What the loss of some images is divided by, and so their weight in the mean loss of a batch that they are a part of.
  ///
  /// - Parameters:
  ///   - rows: of the set.
  ///   - position: of the first of them in the epoch.
  func weight(of rows: [Int], at position: Int) -> Double {
    guard weights != nil else { return Double(rows.count) }
    var targets = targets(rows.map { set.labels[$0] })
    if case .mixup(let mixup) = augmentation {
      targets = mixup.apply(toTargets: targets, stream: stream.substream("batch", index: position))
    }
    return targets.buffer.reduce(0) { $0 + Double($1) }
  }

  /// The mean loss of some images, each weighted by its class.
  ///
  /// - Parameters:
  ///   - rows: of the set.
  ///   - position: of the first of them in the epoch, from which the randomness follows.
  ///   - scores: the network's scores `[image, class]` of images.
  func loss(_ rows: [Int], at position: Int, scores: (Tensor) -> Variable) -> Variable {
    let labels = rows.map { set.labels[$0] }
    var images = set.images.rows(rows)
    switch augmentation {
    case .none: break
    case .classical(let changes): images = changes.apply(to: images, stream: stream, from: position)
    case .elastic(let changes): images = changes.apply(to: images, stream: stream, from: position)
    case .mixup(let mixup):
      let (mixed, mixedTargets) = mixup.apply(
        to: images, targets: targets(labels), stream: stream.substream("batch", index: position))
      return scores(mixed).crossEntropy(targets: mixedTargets)
    }
    guard weights != nil else { return scores(images).crossEntropy(labels: labels) }
    return scores(images).crossEntropy(targets: targets(labels))
  }

  /// `[image, class]`: the weight of its class at the class of each image, 0 elsewhere.
  private func targets(_ labels: [Int]) -> Tensor {
    Tensor([labels.count, classes]) { target in
      target.update(repeating: 0)
      for (row, label) in labels.enumerated() { target[row * classes + label] = Float(weights?[label] ?? 1) }
    }
  }
}
