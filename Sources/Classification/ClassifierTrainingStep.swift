import Networks
import Randomness
import Tensors

/// One optimiser step of a classifier.
package struct ClassifierTrainingStep {
  private let network: Network
  private let imagesAtOnce: Int?
  private let parameters: [Variable]
  package let optimiser: Adam

  init(_ network: Network, _ configuration: ClassifierConfiguration) {
    self.network = network
    imagesAtOnce = configuration.imagesAtOnce
    parameters = network.parameters.map(\.variable)
    optimiser = Adam(parameters, learningRate: Float(configuration.learningRate))
  }

  /// Moves the weights down the mean cross-entropy of the rows of a set.
  ///
  /// - Parameter classWeights: of each class in the mean, positive; nil for 1.
  /// - Returns: the mean cross-entropy before the step, in nats.
  package func callAsFunction(
    _ set: LabelledImages, rows: [Int], classWeights: [Double]? = nil
  ) throws -> Double {
    let batches = TrainingBatches(
      set: set, classes: classWeights?.count ?? (set.labels.max() ?? 0) + 1, weights: classWeights, augmentation: .none,
      stream: RandomStream(seed: 0, purpose: "none"))
    return try self(batches, rows: rows, at: 0)
  }

  /// Moves the weights down the mean loss of some images of an epoch.
  ///
  /// - Parameters:
  ///   - rows: of the epoch's set.
  ///   - position: of the first of them in the epoch.
  /// - Returns: the mean loss before the step, in nats.
  func callAsFunction(_ batches: TrainingBatches, rows: [Int], at position: Int) throws -> Double {
    let parts = BatchParts(count: rows.count, most: imagesAtOnce).ranges
    let sum = parts.count > 1 ? GradientSum(parameters) : nil
    // Each part's loss is a mean by its own weights: the mean over the batch takes these, not the numbers of images.
    let weights = parts.map { batches.weight(of: Array(rows[$0]), at: position + $0.lowerBound) }
    let whole = weights.reduce(0, +)
    var total = 0.0
    for (number, part) in parts.enumerated() {
      let batch = Array(rows[part])
      let loss = batches.loss(batch, at: position + part.lowerBound) { network(Variable($0), training: true) }
      let share = weights[number] / whole
      total += Double(loss.value.item) * share
      let mean = parts.count == 1 ? loss : Float(share) * loss
      if number < parts.count - 1 { try sum!.add(mean) } else { try optimiser.step(down: mean, adding: sum) }
    }
    return total
  }
}
