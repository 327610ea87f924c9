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
  ///   - images: `[height, width, channel]` each, values in [0, 1].
  ///   - validation: never trained on; nil or as `images`.
  ///   - classes: which images belong together and count alike, for a model of several classes; nil for one class.
  ///   - stream: the order of the images and the posterior samples.
  ///   - onEpoch: called after each epoch; may throw to stop.
  /// - Returns: one entry for each epoch.
  /// - Throws: `GeneratorError.diverged` if the loss is no longer a finite number.
  @discardableResult
  public func train(
    _ model: any GenerativeModel, on images: TensorRows, validation: TensorRows?, classes: BalancedClasses? = nil,
    stream: RandomStream, onEpoch: (Epoch) throws -> Void = { _ in }
  ) throws -> [Epoch] {
    let count = classes?.rowsInPass ?? images.count
    precondition(images.count > 0, "no training images")
    var first = stream.substream("start")
    model.begin(on: images.selecting(classes?.pass(&first) ?? first.permutation(images.count)))
    let step = GeneratorTrainingStep(
      model, learningRate: configuration.learningRate, imagesAtOnce: configuration.imagesAtOnce,
      precision: configuration.precision)
    var schedule = PlateauSchedule(
      patience: configuration.plateauPatience, factor: Float(configuration.plateauFactor))
    let batches = batches(of: count, kind: model.kind)
    var history: [Epoch] = []
    var best: (loss: Double, epoch: Int, weights: [[Tensor]])?
    for number in 1...epochs(images: count) {
      let start = ContinuousClock.now
      var random = stream.substream("epoch", index: number)
      let order = classes?.pass(&random) ?? random.permutation(count)
      let rate = step.learningRate
      var sum = GeneratorTrainingStep.Outcome()
      for (place, batch) in batches.enumerated() {
        let rows = images.rows(Array(order[batch]))
        if place + 1 < batches.count { images.readAhead(Array(order[batches[place + 1]])) }
        guard let outcome = try step(rows, random: &random),
          (sum.total + outcome.total).isFinite
        else {
          throw GeneratorError.diverged(epoch: number, learningRate: Double(rate), kind: model.kind)
        }
        sum.total += outcome.total
        sum.reconstruction += outcome.reconstruction
        sum.regularisation += outcome.regularisation
      }
      let images = Double(count)
      let validationLoss = try validation.map {
        try self.validationLoss(model, $0, groups: classes?.validationMembers, stream: stream)
      }
      let elapsed = start.duration(to: .now).components
      let epoch = Epoch(
        number: number, trainingLoss: sum.total / images, reconstruction: sum.reconstruction / images,
        divergence: sum.regularisation / images, validationLoss: validationLoss, learningRate: Double(rate),
        seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18)
      history.append(epoch)
      step.learningRate = schedule.next(after: validationLoss ?? epoch.trainingLoss, learningRate: rate)
      if let validationLoss, validationLoss < (best?.loss ?? .infinity) {
        best = (validationLoss, number, configuration.keepsBest ? model.snapshot() : [])
      }
      try onEpoch(epoch)
      if let limit = configuration.earlyStopSteps, let best, (number - best.epoch) * batches.count >= limit { break }
    }
    if configuration.keepsBest, let best { model.restore(best.weights) }
    return history
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
