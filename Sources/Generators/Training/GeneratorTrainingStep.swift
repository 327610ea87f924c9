import Networks
import Randomness
import Tensors

/// One optimiser step of a generative model: of each of its players.
package struct GeneratorTrainingStep {
  private let model: any GenerativeModel
  private let imagesAtOnce: Int?
  private let pass: CoderNetworks.Pass
  private let players: [[Variable]]
  /// One for each player.
  let optimisers: [Adam]

  /// What a step came to, as sums over its batch.
  package struct Outcome: Codable {
    package var total = 0.0
    package var reconstruction = 0.0
    package var regularisation = 0.0

    mutating func add(_ other: Outcome) {
      total += other.total
      reconstruction += other.reconstruction
      regularisation += other.regularisation
    }

    mutating func add(_ loss: ModelLoss, images: Int) {
      total += loss.total * Double(images)
      reconstruction += loss.reconstruction
      regularisation += loss.regularisation
    }
  }

  /// - Parameters:
  ///   - imagesAtOnce: a larger batch is worked off in parts, whose gradients are added up; nil for no limit, and of no
  ///     account for a model whose loss is no sum over images.
  ///   - precision: of the convolutions.
  package init(
    _ model: any GenerativeModel, learningRate: Double, imagesAtOnce: Int? = nil, precision: Precision = .float32
  ) {
    self.model = model
    self.imagesAtOnce = model.kind.description.lossIsSumOverImages ? imagesAtOnce : nil
    pass = CoderNetworks.Pass(training: true, precision: precision)
    players = model.players
    optimisers = players.map { Adam($0, learningRate: Float(learningRate)) }
  }

  /// The step size of every player.
  package var learningRate: Float {
    get { optimisers[0].learningRate }
    nonmutating set { for optimiser in optimisers { optimiser.learningRate = newValue } }
  }

  /// Moves the weights down the mean loss of a batch.
  ///
  /// - Parameters:
  ///   - images: `[batch, height, width, channel]`, values in [0, 1].
  ///   - random: where the numbers of the model's `noiseShapes` come from.
  /// - Returns: nil if the loss is no finite number; the weights are then what the last step made them.
  package func callAsFunction(_ images: Tensor, random: inout RandomStream) throws -> Outcome? {
    try self(images, noise: model.noise(images.shape[0], &random))
  }

  /// - Parameter noise: of the model's `noiseShapes` for the batch.
  func callAsFunction(_ images: Tensor, noise: [Tensor]) throws -> Outcome? {
    model.beginStep()
    let parts = BatchParts(count: images.shape[0], most: imagesAtOnce).ranges
    return players.count == 1
      ? try step(images, noise: noise, parts: parts) : try stepOfSeveral(images, noise: noise, parts: parts)
  }

  private func step(_ images: Tensor, noise: [Tensor], parts: [Range<Int>]) throws -> Outcome? {
    let sum = parts.count > 1 ? GradientSum(players[0]) : nil
    var outcome = Outcome()
    for (number, part) in parts.enumerated() {
      let loss = try loss(images, noise, part)
      outcome.add(loss, images: part.count)
      guard outcome.total.isFinite else { return nil }
      let objective = weighted(loss.objectives[0], part, of: images)
      if number < parts.count - 1 {
        try sum!.add(objective)
      } else {
        try optimisers[0].step(down: objective, adding: sum)
      }
    }
    return outcome
  }

  /// Every player's gradient is taken before any of them moves.
  private func stepOfSeveral(_ images: Tensor, noise: [Tensor], parts: [Range<Int>]) throws -> Outcome? {
    var sums: [[Variable]]?
    var outcome = Outcome()
    for part in parts {
      let loss = try loss(images, noise, part)
      outcome.add(loss, images: part.count)
      guard outcome.total.isFinite, loss.objectives.allSatisfy({ $0.value.item.isFinite }) else { return nil }
      let found = try loss.objectives.indices.map { index in
        try gradients(
          of: weighted(loss.objectives[index], part, of: images), by: players[index],
          keepsGraph: index < loss.objectives.count - 1)
      }
      sums = sums.map { sums in zip(sums, found).map { zip($0, $1).map { $0 + $1 } } } ?? found
    }
    for (optimiser, sum) in zip(optimisers, sums!) { optimiser.step(sum) }
    return outcome
  }

  private func loss(_ images: Tensor, _ noise: [Tensor], _ part: Range<Int>) throws -> ModelLoss {
    let count = images.shape[0]
    guard part.count < count else { return try model.loss(images, noise: noise, pass) }
    // An image may have several rows of noise.
    let own = noise.map { table -> Tensor in
      let times = table.shape[0] / count
      return table.rows(Array(part.lowerBound * times..<part.upperBound * times))
    }
    return try model.loss(images.rows(Array(part)), noise: own, pass)
  }

  private func weighted(_ objective: Variable, _ part: Range<Int>, of images: Tensor) -> Variable {
    part.count == images.shape[0] ? objective : Float(part.count) / Float(images.shape[0]) * objective
  }
}
