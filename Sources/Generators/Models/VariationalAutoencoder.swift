import Networks
import Randomness
import Tensors

/// The variational autoencoder: squared error plus beta times the divergence from N(0, I), at one posterior sample.
///
/// Source: Kingma and Welling, "Auto-encoding variational Bayes", ICLR 2014; the paper, Eq. 3. The Gaussian decoder's
/// variance is absorbed in beta: it is beta / 2.
public final class VariationalAutoencoder: GenerativeModel {
  public var kind: ModelKind { .vae }
  public let networks: CoderNetworks
  package let beta: Double

  public init(_ networks: CoderNetworks, beta: Double) {
    self.networks = networks
    self.beta = beta
  }

  public func loss(_ items: Tensor, noise: [Tensor], _ pass: CoderNetworks.Pass) -> ModelLoss {
    let posterior = GaussianPosterior(Variable(items), networks, pass)
    let reconstruction = networks.squaredErrors(posterior.code(noise[0]), from: items, pass)
    let divergence = posterior.divergence
    return ModelLoss(squaredError: reconstruction, divergence: divergence, beta: beta, batch: items.shape[0])
  }
}

extension VariationalAutoencoder {
  /// With its first weights.
  ///
  /// - Parameters:
  ///   - architecture: the layers of encoder and decoder.
  ///   - height: of the images, in pixels.
  ///   - width: of the images, in pixels.
  ///   - channels: of the images, at least 1.
  ///   - latentDimensions: coordinates of a code, at least 1.
  ///   - beta: the weight of the divergence; nil for what suits the size (`GeneratorConfiguration.beta`).
  ///   - stream: where the first weights come from.
  /// - Throws: `GeneratorError.unsupportedSize` for images of a size that the architecture does not take.
  public convenience init(
    _ architecture: VAEArchitecture.Name, height: Int, width: Int, channels: Int = 1, latentDimensions: Int,
    beta: Double? = nil, stream: RandomStream
  ) throws {
    let shape = ModelShape(
      architecture, height: height, width: width, channels: channels, latentDimensions: latentDimensions)
    self.init(
      try CoderNetworks(shape, shape.layers, hasVariances: true, stream: stream),
      beta: beta ?? GeneratorConfiguration().resolvedBeta(height: height, width: width, channels: channels))
  }
}
