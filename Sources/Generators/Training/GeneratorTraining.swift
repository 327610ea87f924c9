import Foundation
import Networks
import Randomness
import Tensors

/// Trains a generative model.
public struct GeneratorTraining: Sendable {
  public let configuration: GeneratorConfiguration

  /// What one pass over the training images came to. Losses are means per image.
  public struct Epoch: Sendable, Equatable, Codable {
    public var number: Int
    public var trainingLoss: Double
    /// The squared error summed over the pixels.
    public var reconstruction: Double
    /// What is weighted against it: for a variational autoencoder the Kullback-Leibler divergence, in nats, without beta.
    public var divergence: Double
    /// Nil without validation images.
    public var validationLoss: Double?
    public var learningRate: Double
    public var seconds: Double
  }

  public init(_ configuration: GeneratorConfiguration) {
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
  ///   - model: trained in place; it must take items of the shape of the images.
  ///   - images: `[height, width, channel]` each, values in [0, 1].
  ///   - validation: never trained on; nil or as `images`.
  ///   - classes: which images belong together and count alike, for a model of several classes; nil for one class.
  ///   - stream: the order of the images and the posterior samples.
  ///   - checkpoint: where an earlier training of the same model on the same images was; it ends as that one would
  ///     have, to the byte. Nil to begin.
  ///   - onStep: called after each step with the epoch, from 1, and with what takes a checkpoint; may throw to stop. A
  ///     checkpoint shares its tensors with the training, so that it has to be written before the next step.
  ///   - onEpoch: called after each epoch; may throw to stop.
  /// - Returns: one entry for each epoch, those before the checkpoint too.
  /// - Throws: `GeneratorError.diverged` if the loss is no longer a finite number; `NetworkError.weights` if the checkpoint is
  ///   of another model.
  @discardableResult
  public func train(
    _ model: any GenerativeModel, on images: TensorRows, validation: TensorRows?, classes: BalancedClasses? = nil,
    stream: RandomStream, from checkpoint: TrainingCheckpoint? = nil,
    onStep: (_ epoch: Int, _ checkpoint: () throws -> TrainingCheckpoint) throws -> Void = { _, _ in },
    onEpoch: (Epoch) throws -> Void = { _ in }
  ) throws -> [Epoch] {
    let count = classes?.rowsInPass ?? images.count
    precondition(images.count > 0, "no training images")
    let step = GeneratorTrainingStep(
      model, learningRate: configuration.learningRate, imagesAtOnce: configuration.imagesAtOnce,
      precision: configuration.precision)
    var state = TrainingState(
      schedule: PlateauSchedule(patience: configuration.plateauPatience, factor: Float(configuration.plateauFactor)))
    if let checkpoint {
      state = try checkpoint.restore(model, step)
    } else {
      var first = stream.substream("start")
      model.begin(on: images.selecting(classes?.pass(&first) ?? first.permutation(images.count)))
    }
    let batches = batches(of: count, kind: model.kind)
    while state.epoch <= epochs(images: count) {
      if let limit = configuration.earlyStopSteps, let best = state.best,
        (state.epoch - 1 - best.epoch) * batches.count >= limit
      {
        break
      }
      let start = ContinuousClock.now
      let before = state.seconds
      func seconds() -> Double {
        let elapsed = start.duration(to: .now).components
        return before + Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
      }
      var random = stream.substream("epoch", index: state.epoch)
      let order = classes?.pass(&random) ?? random.permutation(count)
      if let inside = state.random { random = inside }
      let rate = step.learningRate
      for (place, batch) in batches.enumerated().dropFirst(state.batches) {
        let rows = images.rows(Array(order[batch]))
        if place + 1 < batches.count { images.readAhead(Array(order[batches[place + 1]])) }
        guard let outcome = try step(rows, random: &random),
          (state.sum.total + outcome.total).isFinite
        else {
          throw GeneratorError.diverged(epoch: state.epoch, learningRate: Double(rate), kind: model.kind)
        }
        state.sum.add(outcome)
        state.batches += 1
        try onStep(state.epoch) {
          var now = state
          (now.random, now.seconds) = (random, seconds())
          return try TrainingCheckpoint(of: model, step, now)
        }
      }
      let validationLoss = try validation.map {
        try self.validationLoss(model, $0, groups: classes?.validationMembers, stream: stream)
      }
      let images = Double(count)
      let epoch = Epoch(
        number: state.epoch, trainingLoss: state.sum.total / images, reconstruction: state.sum.reconstruction / images,
        divergence: state.sum.regularisation / images, validationLoss: validationLoss, learningRate: Double(rate),
        seconds: seconds())
      step.learningRate = state.schedule.next(after: validationLoss ?? epoch.trainingLoss, learningRate: rate)
      if let validationLoss, validationLoss < (state.best?.loss ?? .infinity) {
        state.best = .init(loss: validationLoss, epoch: state.epoch)
        state.bestWeights = configuration.keepsBest ? model.snapshot() : []
      }
      state.finish(epoch)
      try onEpoch(epoch)
    }
    if configuration.keepsBest, state.best != nil { model.restore(state.bestWeights) }
    return state.history
  }

  /// Trains as above, on all images of `[image, height, width, channel]`.
  @discardableResult
  public func train(
    _ model: any GenerativeModel, on images: Tensor, validation: Tensor?, classes: BalancedClasses? = nil,
    stream: RandomStream, onEpoch: (Epoch) throws -> Void = { _ in }
  ) throws -> [Epoch] {
    try train(
      model, on: TensorRows(images), validation: validation.map { TensorRows($0) }, classes: classes, stream: stream,
      onEpoch: onEpoch)
  }

  /// The batches of a pass over so many images, the last one smaller if need be. Where the loss compares images with each other a
  /// last one of a single image joins the one before it.
  private func batches(of count: Int, kind: ModelKind) -> [Range<Int>] {
    var batches = stride(from: 0, to: count, by: configuration.batchSize).map {
      $0..<min($0 + configuration.batchSize, count)
    }
    if !kind.description.lossIsSumOverImages, batches.count > 1, batches.last!.count == 1 {
      batches.removeLast()
      batches[batches.count - 1] = batches.last!.lowerBound..<count
    }
    return batches
  }

  /// The mean loss per validation image, at the same random numbers in every epoch.
  ///
  /// - Parameter groups: rows that count alike as groups; nil for all rows alike.
  private func validationLoss(
    _ model: any GenerativeModel, _ images: TensorRows, groups: [[Int]]?, stream: RandomStream
  ) throws -> Double {
    var random = stream.substream("validation")
    let groups = groups ?? [Array(0..<images.count)]
    let pass = CoderNetworks.Pass(training: false, precision: configuration.precision)
    return try Recording.off {
      var total = 0.0
      for group in groups {
        for first in stride(from: 0, to: group.count, by: model.networks.itemsAtOnce) {
          let rows = Array(group[first..<min(first + model.networks.itemsAtOnce, group.count)])
          let noise = model.noise(rows.count, &random)
          let loss = try model.loss(images.rows(rows), noise: noise, pass)
          total += loss.total * Double(rows.count) / Double(group.count * groups.count)
        }
      }
      return total
    }
  }
}
