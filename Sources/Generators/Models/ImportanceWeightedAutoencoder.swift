import Foundation
import Networks
import Tensors

/// The importance weighted autoencoder: a tighter bound from several posterior samples of each item.
///
/// The loss, in units of the squared error: -beta log 1/K sum_k w_k with
/// log w_k = -|x - x'_k|^2 / beta + log N(z_k; 0, I) - log q(z_k|x).
///
/// Source: Burda, Grosse and Salakhutdinov, "Importance weighted autoencoders", ICLR 2016, Eq. 8.
public final class ImportanceWeightedAutoencoder: GenerativeModel {
  public var kind: ModelKind { .iwae }
  public let networks: CoderNetworks
  package let beta: Double
  package let samples: Int

  /// A model on networks that have posterior variances.
  ///
  /// - Parameters:
  ///   - networks: with posterior variances.
  ///   - beta: the weight of the divergence against the squared error, positive.
  ///   - samples: K: posterior samples of each item, at least 1.
  public init(_ networks: CoderNetworks, beta: Double, samples: Int) {
    self.networks = networks
    self.beta = beta
    self.samples = samples
  }

  public func noiseShapes(_ batch: Int) -> [[Int]] { [[batch * samples, networks.latentDimensions]] }

  public func loss(_ items: Tensor, noise: [Tensor], _ pass: CoderNetworks.Pass) -> ModelLoss {
    let batch = items.shape[0]
    let (errors, divergences) = terms(items, noise[0], pass)
    let logWeights = (-1 / Float(beta) * errors - divergences).reshaped([batch, samples])
    let bound = Float(-log(Double(samples))) + logWeights.logSumExp()
    let mean = 1 / Double(samples)
    return ModelLoss(
      -Float(beta) / Float(batch) * bound.sum(), reconstruction: mean * errors.value.sum,
      regularisation: mean * divergences.value.sum)
  }

  /// Squared error and log q(z|x) - log N(z; 0, I) of each sample, `[batch * sample]`, an item's samples together.
  package func terms(_ items: Tensor, _ noise: Tensor, _ pass: CoderNetworks.Pass) -> (
    errors: Variable, divergences: Variable
  ) {
    let posterior = GaussianPosterior(Variable(items), networks, pass)
    let (mean, logVariance) = (posterior.mean.repeatingRows(samples), posterior.logVariance.repeatingRows(samples))
    let code = mean + (0.5 * logVariance).exponential() * Variable(noise.reshaped(mean.shape))
    let divergences =
      GaussianPosterior.logDensity(code, mean: mean, logVariance: logVariance) - GaussianPosterior.logPrior(code)
    return (networks.squaredErrorsOfRows(code, from: items, times: samples, pass), divergences)
  }
}
