import Networks
import Tensors

/// One optimiser step of a variational autoencoder.
package struct VAETrainingStep {
  private let model: VariationalAutoencoder
  private let beta: Double
  private let imagesAtOnce: Int?
  private let precision: Precision
  private let parameters: [Variable]
  package let optimiser: Adam

  /// What a step came to, as sums over its batch; the total with beta, the divergence without.
  package struct Outcome {
    package var total = 0.0
    package var reconstruction = 0.0
    package var divergence = 0.0
  }

  /// - Parameters:
  ///   - imagesAtOnce: a larger batch is worked off in parts, whose gradients are added up; nil for no limit.
  ///   - precision: of the convolutions.
  package init(
    _ model: VariationalAutoencoder, learningRate: Double, beta: Double, imagesAtOnce: Int? = nil,
    precision: Precision = .float32
  ) {
    self.model = model
    self.beta = beta
    self.imagesAtOnce = imagesAtOnce
    self.precision = precision
    parameters = model.parameters
    optimiser = Adam(parameters, learningRate: Float(learningRate))
  }

  /// Moves the weights down the mean loss of a batch.
  ///
  /// - Parameters:
  ///   - images: `[batch, height, width, channel]`, values in [0, 1].
  ///   - noise: `[batch, latent dimension]`, standard normal.
  /// - Returns: nil if the loss is no finite number; the weights are then what the last step made them.
  package func callAsFunction(_ images: Tensor, noise: Tensor) throws -> Outcome? {
    let count = images.shape[0]
    let parts = BatchParts(count: count, most: imagesAtOnce).ranges
    let sum = parts.count > 1 ? GradientSum(parameters) : nil
    var outcome = Outcome()
    for (number, part) in parts.enumerated() {
      let whole = parts.count == 1
      let loss = model.loss(
        whole ? images : images.rows(Array(part)), noise: whole ? noise : noise.rows(Array(part)), beta: beta,
        training: true, precision: precision)
      outcome.total += Double(loss.total.value.item) * Double(part.count)
      outcome.reconstruction += loss.reconstruction
      outcome.divergence += loss.divergence
      guard outcome.total.isFinite else { return nil }
      let mean = whole ? loss.total : Float(part.count) / Float(count) * loss.total
      if number < parts.count - 1 { try sum!.add(mean) } else { try optimiser.step(down: mean, adding: sum) }
    }
    return outcome
  }
}
