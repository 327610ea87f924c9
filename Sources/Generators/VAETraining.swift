import Foundation
import Networks
import Randomness
import Tensors

/// Trains a variational autoencoder.
public struct VAETraining: Sendable {
  public let configuration: VAEConfiguration

  /// What one pass over the training images came to. Losses are means per image.
  public struct Epoch: Sendable, Equatable, Codable {
    public var number: Int
    public var trainingLoss: Double
    /// The squared error summed over the pixels.
    public var reconstruction: Double
    /// The Kullback-Leibler divergence, in nats, without beta.
    public var divergence: Double
    /// Nil without validation images.
    public var validationLoss: Double?
    public var learningRate: Double
    public var seconds: Double
  }

  public init(_ configuration: VAEConfiguration) {
    self.configuration = configuration
  }

  /// The most epochs that a training takes whose passes show this many images.
  public func epochs(images: Int) -> Int {
    let stepsPerEpoch = (images + configuration.batchSize - 1) / configuration.batchSize
    return configuration.epochs ?? max(1, (configuration.steps + stepsPerEpoch - 1) / max(stepsPerEpoch, 1))
  }

  /// Trains in place. With validation images the learning rate follows their loss, and the weights kept are those of
  /// their lowest loss; without, the learning rate follows the training loss and the last weights are kept.
  ///
  /// - Parameters:
  ///   - images: `[height, width, channel]` each, values in [0, 1].
  ///   - validation: never trained on; nil or as `images`.
  ///   - classes: which images belong together and count alike, for a model of several classes; nil for one class.
  ///   - stream: the order of the images and the posterior samples.
  ///   - onEpoch: called after each epoch; may throw to stop.
  /// - Returns: one entry for each epoch.
  /// - Throws: `GeneratorError.diverged` if the loss is no longer a finite number.
  @discardableResult
  public func train(
    _ model: VariationalAutoencoder, on images: TensorRows, validation: TensorRows?, classes: BalancedClasses? = nil,
    stream: RandomStream, onEpoch: (Epoch) throws -> Void = { _ in }
  ) throws -> [Epoch] {
    let count = classes?.rowsInPass ?? images.count
    precondition(images.count > 0, "no training images")
    let beta = configuration.resolvedBeta(
      height: model.height, width: model.width, channels: model.channels)
    let step = VAETrainingStep(
      model, learningRate: configuration.learningRate, beta: beta, imagesAtOnce: configuration.imagesAtOnce,
      precision: configuration.precision)
    let optimiser = step.optimiser
    var schedule = PlateauSchedule(
      patience: configuration.plateauPatience, factor: Float(configuration.plateauFactor))
    let stepsPerEpoch = (count + configuration.batchSize - 1) / configuration.batchSize
    var history: [Epoch] = []
    var best: (loss: Double, epoch: Int, weights: [[Tensor]])?
    for number in 1...epochs(images: count) {
      let start = ContinuousClock.now
      var random = stream.substream("epoch", index: number)
      let order = classes?.pass(&random) ?? random.permutation(count)
      let rate = optimiser.learningRate
      var (total, reconstruction, divergence) = (0.0, 0.0, 0.0)
      for first in stride(from: 0, to: count, by: configuration.batchSize) {
        let rows = Array(order[first..<min(first + configuration.batchSize, count)])
        let noise = Self.noise(rows.count, model.latentDimensions, &random)
        guard let outcome = try step(images.rows(rows), noise: noise), (total + outcome.total).isFinite else {
          throw GeneratorError.diverged(epoch: number, learningRate: Double(rate))
        }
        total += outcome.total
        reconstruction += outcome.reconstruction
        divergence += outcome.divergence
      }
      let images = Double(count)
      let validationLoss = validation.map {
        self.validationLoss(model, $0, groups: classes?.validationMembers, beta: beta, stream: stream)
      }
      let elapsed = start.duration(to: .now).components
      let epoch = Epoch(
        number: number, trainingLoss: total / images, reconstruction: reconstruction / images,
        divergence: divergence / images, validationLoss: validationLoss, learningRate: Double(rate),
        seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18)
      history.append(epoch)
      optimiser.learningRate = schedule.next(after: validationLoss ?? epoch.trainingLoss, learningRate: rate)
      if let validationLoss, validationLoss < (best?.loss ?? .infinity) {
        best = (validationLoss, number, configuration.keepsBest ? model.snapshot() : [])
      }
      try onEpoch(epoch)
      if let limit = configuration.earlyStopSteps, let best, (number - best.epoch) * stepsPerEpoch >= limit { break }
    }
    if configuration.keepsBest, let best { model.restore(best.weights) }
    return history
  }

  /// Trains as above, on all images of `[image, height, width, channel]`.
  @discardableResult
  public func train(
    _ model: VariationalAutoencoder, on images: Tensor, validation: Tensor?, classes: BalancedClasses? = nil,
    stream: RandomStream, onEpoch: (Epoch) throws -> Void = { _ in }
  ) throws -> [Epoch] {
    try train(
      model, on: TensorRows(images), validation: validation.map { TensorRows($0) }, classes: classes, stream: stream,
      onEpoch: onEpoch)
  }

  /// The mean loss per validation image, at the same posterior samples in every epoch.
  ///
  /// - Parameter groups: rows that count alike as groups; nil for all rows alike.
  private func validationLoss(
    _ model: VariationalAutoencoder, _ images: TensorRows, groups: [[Int]]?, beta: Double, stream: RandomStream
  ) -> Double {
    var random = stream.substream("validation")
    let groups = groups ?? [Array(0..<images.count)]
    return Recording.off {
      var total = 0.0
      for group in groups {
        for first in stride(from: 0, to: group.count, by: model.imagesAtOnce) {
          let rows = Array(group[first..<min(first + model.imagesAtOnce, group.count)])
          let noise = Self.noise(rows.count, model.latentDimensions, &random)
          let loss = model.loss(
            images.rows(rows), noise: noise, beta: beta, training: false, precision: configuration.precision)
          total += Double(loss.total.value.item) * Double(rows.count) / Double(group.count * groups.count)
        }
      }
      return total
    }
  }

  private static func noise(_ rows: Int, _ columns: Int, _ random: inout RandomStream) -> Tensor {
    Tensor([rows, columns]) { random.fillNormal($0) }
  }
}
