import Networks
import Tensors

/// An autoencoder whose codes are held to N(0, I) by the maximum mean discrepancy.
///
/// The loss is the squared error + `weight` * the discrepancy between the batch's codes and as many draws from N(0, I).
///
/// Source: Tolstikhin et al., "Wasserstein auto-encoders", ICLR 2018, Algorithm 2.
public final class WassersteinAutoencoder: GenerativeModel {
  public var kind: ModelKind { .wae }
  public let networks: CoderNetworks
  package let discrepancy: MaximumMeanDiscrepancy
  package let weight: Double

  /// A model on networks that have no posterior variances.
  ///
  /// - Parameters:
  ///   - networks: without posterior variances.
  ///   - discrepancy: the discrepancy's kernel.
  ///   - weight: of the discrepancy against the squared error, at least 0.
  public init(_ networks: CoderNetworks, discrepancy: MaximumMeanDiscrepancy, weight: Double) {
    self.networks = networks
    self.discrepancy = discrepancy
    self.weight = weight
  }

  public func loss(_ items: Tensor, noise: [Tensor], _ pass: CoderNetworks.Pass) throws -> ModelLoss {
    let batch = items.shape[0]
    let code = networks.posterior(Variable(items), pass).mean
    let reconstruction = networks.squaredErrors(code, from: items, pass)
    // A lone image that is left over at the end of a validation set has no discrepancy; it counts by its error alone.
    guard batch > 1 || pass.training else {
      return ModelLoss(reconstruction, reconstruction: Double(reconstruction.value.item), regularisation: 0)
    }
    let discrepancy = try discrepancy(code, Variable(noise[0]))
    return ModelLoss(
      1 / Float(batch) * reconstruction + Float(weight) * discrepancy,
      reconstruction: Double(reconstruction.value.item), regularisation: Double(discrepancy.value.item) * Double(batch))
  }
}
