import Networks
import Tensors

/// An autoencoder whose codes a discriminator tells from draws of N(0, I).
///
/// The autoencoder goes down (1 - a) |x - x'|^2 + a softplus(-d(z)), the discriminator down softplus(-d(p)) + softplus(d(z)),
/// with its logit d, posterior samples z and prior draws p; each has an optimiser of its own.
///
/// Source: Makhzani et al., "Adversarial autoencoders", 2015; balance a as in the paper's appendix G.
public final class AdversarialAutoencoder: GenerativeModel {
  public var kind: ModelKind { .aae }
  public let networks: CoderNetworks
  package let discriminator: Network
  /// a, in [0, 1].
  package let adversarialWeight: Double

  /// - Parameter discriminator: from `[latent dimension]` to one logit.
  package init(_ networks: CoderNetworks, discriminator: Network, adversarialWeight: Double) {
    self.networks = networks
    self.discriminator = discriminator
    self.adversarialWeight = adversarialWeight
  }

  public var stores: [any WeightStore] { networks.networks + [discriminator] }
  public var players: [[Variable]] { [networks.parameters, discriminator.trained] }

  public func noiseShapes(_ batch: Int) -> [[Int]] { codeNoise(batch, tables: 2) }

  public func loss(_ items: Tensor, noise: [Tensor], _ pass: CoderNetworks.Pass) -> ModelLoss {
    let code = GaussianPosterior(Variable(items), networks, pass).code(noise[0])
    let reconstruction = networks.squaredErrors(code, from: items, pass)
    let share = 1 / Float(items.shape[0])
    func judged(_ codes: Variable, isReal: Bool) -> Variable {
      discriminator(codes, training: pass.training).discriminatorLoss(isReal: isReal)
    }
    let fooling = judged(code, isReal: true)
    let weight = Float(adversarialWeight)
    let judging = judged(Variable(noise[1]), isReal: true) + judged(code.detached, isReal: false)
    return ModelLoss(
      [share * (1 - weight) * reconstruction + weight * fooling, judging],
      total: Double(share * reconstruction.value.item), Double(reconstruction.value.item),
      Double(fooling.value.item) * Double(items.shape[0]))
  }
}
