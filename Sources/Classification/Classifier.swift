import Networks
import Randomness
import Tensors

/// A small convolutional network that tells classes of images apart; the judge of every method.
public final class Classifier: Sendable {
  private let network: Network
  public let classes: Int

  /// What one pass over the training set came to.
  public struct Epoch: Sendable, Equatable {
    public var number: Int
    /// Mean cross-entropy over the pass, in nats.
    public var trainingLoss: Double
    /// Nil without validation images.
    public var validationLoss: Double?
    public var validationBalancedAccuracy: Double?
    public var learningRate: Double
  }

  /// A classifier with its first weights.
  ///
  /// - Parameters:
  ///   - height: of the images, in pixels.
  ///   - width: of the images, in pixels.
  ///   - channels: of the images: 1, or 3 in colour.
  ///   - classes: how many it tells apart, at least 2.
  ///   - stream: where the first weights come from.
  /// - Throws: `NetworkError` if a layer does not fit the shape that reaches it.
  public init(height: Int, width: Int, channels: Int = 1, classes: Int, stream: RandomStream) throws {
    let architecture = ClassifierArchitecture(height: height, width: width, classes: classes)
    network = try Network(
      name: "classifier", inputShape: [height, width, channels], layers: architecture.layers, stream: stream)
    self.classes = classes
  }

  /// How much memory training takes.
  public static func footprint(height: Int, width: Int, channels: Int = 1, classes: Int) -> TrainingFootprint {
    var footprint = TrainingFootprint(input: [height, width, channels])
    footprint.append(
      ClassifierArchitecture(height: height, width: width, classes: classes).layers, input: [height, width, channels])
    return footprint
  }

  /// Trains in place and keeps the weights of the epoch with the best balanced accuracy on the validation images (the
  /// first of equals); without validation images, or if the configuration says so, those of the last epoch.
  ///
  /// - Parameters:
  ///   - training: in each epoch every row is seen once, in random order.
  ///   - validation: never trained on.
  ///   - configuration: epochs, batch size, learning rate and when it falls, and which epoch is kept.
  ///   - classWeights: what the loss of an image of each class is multiplied by; nil for 1. The loss of a batch is
  ///     divided by the sum of its images' weights.
  ///   - augmentation: what is done to training images each time that they are seen.
  ///   - stream: the order of the images, and the augmentation.
  ///   - onEpoch: called after each epoch; may throw to stop.
  /// - Returns: one entry for each epoch.
  /// - Throws: `ClassificationError.diverged` if the loss is no longer a finite number.
  @discardableResult
  public func train(
    _ training: LabelledImages, validation: LabelledImages?, configuration: ClassifierConfiguration,
    classWeights: [Double]? = nil, augmentation: TrainingAugmentation = .none, stream: RandomStream,
    onEpoch: (Epoch) throws -> Void = { _ in }
  ) throws -> [Epoch] {
    precondition(training.count > 0, "no training images")
    precondition(classWeights.map { $0.count == classes } ?? true, "one weight for each of \(classes) classes")
    let step = trainingStep(configuration)
    let optimiser = step.optimiser
    var schedule = PlateauSchedule(
      patience: configuration.plateauPatience, factor: Float(configuration.plateauFactor))
    var history: [Epoch] = []
    var best: (score: Double, weights: [Tensor])?
    for number in 1...configuration.epochs {
      var order = stream.substream("order", index: number)
      let rows = order.permutation(training.count).map { training.rows[$0] }
      let rate = optimiser.learningRate
      let batches = TrainingBatches(
        set: training, classes: classes, weights: classWeights, augmentation: augmentation,
        stream: stream.substream("augmentation", index: number))
      let loss = try pass(rows, of: batches, step, batchSize: configuration.batchSize)
      guard loss.isFinite else {
        throw ClassificationError.diverged(epoch: number, learningRate: configuration.learningRate)
      }
      var epoch = Epoch(number: number, trainingLoss: loss, learningRate: Double(rate))
      if let validation, validation.count > 0 {
        let (validationLoss, predicted) = evaluate(validation)
        let scores = Scores(
          actual: validation.rows.map { validation.labels[$0] }, predicted: predicted, classes: classes)
        epoch.validationLoss = validationLoss
        epoch.validationBalancedAccuracy = scores.balancedAccuracy
        if configuration.keep == .best, let score = scores.balancedAccuracy, best == nil || score > best!.score {
          best = (score, network.snapshot())
        }
      }
      optimiser.learningRate = schedule.next(after: epoch.validationLoss ?? loss, learningRate: rate)
      history.append(epoch)
      try onEpoch(epoch)
    }
    if let best { network.restore(best.weights) }
    return history
  }

  /// The probability of each class for each image: `[image, class]`.
  ///
  /// - Parameter images: `[height, width, channel]` each, at least one.
  public func probabilities(_ images: TensorRows) -> Tensor {
    let labelled = LabelledImages(images: images, labels: Array(repeating: 0, count: images.count))
    return Recording.off {
      Tensor.concatenated(
        outputs(labelled).map { $0.logSoftmax().exponential().value })
    }
  }

  /// The probability of each class for each image: `[image, class]`.
  ///
  /// - Parameter images: `[image, height, width, channel]`, at least one.
  public func probabilities(_ images: Tensor) -> Tensor { probabilities(TensorRows(images)) }

  /// What the last hidden layer makes of each image, `[image, 100]`, none below 0: the scores of the classes are linear
  /// in it.
  ///
  /// - Parameter images: `[image, height, width, channel]`, at least one.
  public func features(_ images: Tensor) -> Tensor {
    precondition(images.shape[0] > 0, "features of no images")
    let labelled = LabelledImages(images: images, labels: Array(repeating: 0, count: images.shape[0]))
    return Recording.off { Tensor.concatenated(outputs(labelled, leavingOut: 1).map(\.value)) }
  }

  /// The most probable class of each image, the lower one of equals.
  ///
  /// - Parameter images: `[height, width, channel]` each.
  public func predictions(_ images: TensorRows) -> [Int] {
    guard images.count > 0 else { return [] }
    return Self.largest(probabilities(images))
  }

  /// The most probable class of each image, the lower one of equals.
  ///
  /// - Parameter images: `[image, height, width, channel]`.
  public func predictions(_ images: Tensor) -> [Int] { predictions(TensorRows(images)) }

  /// Weights and running statistics, as a SafeTensors file takes them.
  package var entries: [(name: String, entry: SafeTensors.Entry)] {
    network.parameters.map { ($0.name, .float32($0.variable.value)) }
      + network.statistics.map { ($0.name, .float32($0.tensor)) }
  }

  /// Takes weights and running statistics from a file's entries.
  ///
  /// - Throws: `NetworkError.weights` if one is missing or has another shape.
  package func load(_ entries: [String: SafeTensors.Entry], path: String) throws {
    try network.load(entries, path: path)
  }

  /// The most probable class of each row of `[image, class]`, the lower one of equals.
  public static func mostProbable(_ probabilities: Tensor) -> [Int] { largest(probabilities) }

  /// One pass in batches; gives the mean loss. A last batch of one image is left out: batch normalisation has no
  /// variance to go by.
  private func pass(
    _ rows: [Int], of batches: TrainingBatches, _ step: ClassifierTrainingStep, batchSize: Int
  ) throws -> Double {
    var total = 0.0
    var seen = 0
    for start in stride(from: 0, to: rows.count, by: batchSize) {
      let batch = Array(rows[start..<min(start + batchSize, rows.count)])
      if batch.count == 1, rows.count > 1 { continue }
      total += try step(batches, rows: batch, at: start) * Double(batch.count)
      seen += batch.count
    }
    return total / Double(max(seen, 1))
  }

  /// A step by step training, with the optimiser's state.
  package func trainingStep(_ configuration: ClassifierConfiguration) -> ClassifierTrainingStep {
    ClassifierTrainingStep(network, configuration)
  }

  private func evaluate(_ set: LabelledImages) -> (loss: Double, predicted: [Int]) {
    Recording.off {
      let scores = Variable(Tensor.concatenated(outputs(set).map(\.value)))
      let loss = scores.crossEntropy(labels: set.rows.map { set.labels[$0] }).value.item
      return (Double(loss), Self.largest(scores.value))
    }
  }

  /// The scores of each batch of 200 rows, in order, or what comes before the last layers.
  private func outputs(_ set: LabelledImages, leavingOut: Int = 0) -> [Variable] {
    stride(from: 0, to: set.count, by: 200).map { start in
      let batch = Array(set.rows[start..<min(start + 200, set.count)])
      return network(Variable(set.images.rows(batch)), training: false, leavingOut: leavingOut)
    }
  }

  private static func largest(_ scores: Tensor) -> [Int] {
    let classes = scores.shape[1]
    return (0..<scores.shape[0]).map { row in
      (0..<classes).reduce(0) { scores.buffer[row * classes + $1] > scores.buffer[row * classes + $0] ? $1 : $0 }
    }
  }
}

/// What can go wrong in training a classifier.
public enum ClassificationError: Error, Equatable, CustomStringConvertible {
  case diverged(epoch: Int, learningRate: Double)

  public var description: String {
    switch self {
    case .diverged(let epoch, let learningRate):
      "The classifier's loss is not a number in epoch \(epoch) at a learning rate of \(learningRate); "
        + "try a tenth of that learning rate."
    }
  }
}
