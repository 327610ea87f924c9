import Networks
import Tensors

/// A variational autoencoder whose squared error is taken between features of a discriminator, which tells images from
/// reconstructions and from draws of the prior.
///
/// With f half the squared error of features, KL the divergence, and the adversary's loss
/// A = softplus(-d(x)) + softplus(d(x')) + softplus(d(D(p))): the encoder goes down KL + f, the decoder down (1 - a) f - a A, the
/// discriminator down A; each has an optimiser of its own.
///
/// Source: Larsen et al., "Autoencoding beyond pixels using a learned similarity metric", ICML 2016, Algorithm 1; balance a as
/// in the paper's appendix G.
public final class VAEGAN: GenerativeModel {
  public var kind: ModelKind { .vaegan }
  public let networks: CoderNetworks
  /// Each reads what the one before makes; the last gives the logit.
  package let discriminator: [Network]
  /// Which stage's output the features are, from 1.
  package let reconstructionLayer: Int
  /// a, in [0, 1].
  package let adversarialWeight: Double

  package init(_ networks: CoderNetworks, discriminator: [Network], reconstructionLayer: Int, adversarialWeight: Double)
  {
    precondition(
      (1..<discriminator.count).contains(reconstructionLayer),
      "features of stage \(reconstructionLayer) of \(discriminator.count)")
    self.networks = networks
    self.discriminator = discriminator
    self.reconstructionLayer = reconstructionLayer
    self.adversarialWeight = adversarialWeight
  }

  public var stores: [any WeightStore] { networks.networks + discriminator }

  public var players: [[Variable]] {
    [networks.encoderParameters, networks.decoder.trained, discriminator.flatMap(\.trained)]
  }

  public func noiseShapes(_ batch: Int) -> [[Int]] { codeNoise(batch, tables: 2) }

  /// The single terms, means over the batch.
  package struct Terms {
    package let divergence: Variable
    package let featureError: Variable
    package let real: Variable
    package let reconstructed: Variable
    package let generated: Variable
    /// Squared error of the pixels, summed over the batch.
    package let pixelError: Double
  }

  public func loss(_ items: Tensor, noise: [Tensor], _ pass: CoderNetworks.Pass) -> ModelLoss {
    let terms = terms(items, noise: noise, pass)
    let weight = Float(adversarialWeight)
    let adversary = terms.real + terms.reconstructed + terms.generated
    let batch = Double(items.shape[0])
    return ModelLoss(
      [
        terms.divergence + terms.featureError, (1 - weight) * terms.featureError - weight * adversary, adversary,
      ], total: terms.pixelError / batch, terms.pixelError, Double(terms.divergence.value.item) * batch)
  }

  package func terms(_ items: Tensor, noise: [Tensor], _ pass: CoderNetworks.Pass) -> Terms {
    let posterior = GaussianPosterior(Variable(items), networks, pass)
    let share = 1 / Float(items.shape[0])
    let decoded = networks.decode(posterior.code(noise[0]), pass)
    let generated = networks.decode(Variable(noise[1]), pass)
    let real = judge(Variable(items), pass)
    let reconstructed = judge(decoded, pass)
    return Terms(
      divergence: share * posterior.divergence,
      featureError: 0.5 * share * reconstructed.features.sumOfSquaredErrors(from: real.features),
      real: real.logits.discriminatorLoss(isReal: true),
      reconstructed: reconstructed.logits.discriminatorLoss(isReal: false),
      generated: judge(generated, pass).logits.discriminatorLoss(isReal: false),
      pixelError: decoded.value.sumOfSquaredDifferences(items))
  }

  private func judge(_ items: Variable, _ pass: CoderNetworks.Pass) -> (features: Variable, logits: Variable) {
    var (x, features) = (items, items)
    for (number, stage) in discriminator.enumerated() {
      x = stage(x, training: pass.training, precision: pass.precision)
      if number + 1 == reconstructionLayer { features = x }
    }
    return (features, x)
  }
}
