import Networks
import Tensors

/// A Gaussian posterior of each item of a batch and a code drawn from it: what variational models share.
///
/// Logarithms of densities leave out d/2 log 2 pi, which cancels between posterior and prior.
package struct GaussianPosterior {
  /// `[batch, latent dimension]` each.
  package let mean: Variable
  package let logVariance: Variable
  /// What the encoder's heads read, `[batch, feature]`.
  package let features: Variable

  /// - Parameter items: `[batch] + itemShape`.
  package init(_ items: Variable, _ networks: CoderNetworks, _ pass: CoderNetworks.Pass) {
    let (mean, logVariance, features) = networks.posterior(items, pass)
    guard let logVariance else { preconditionFailure("a model without posterior variances") }
    (self.mean, self.logVariance, self.features) = (mean, logVariance, features)
  }

  /// mean + deviation * noise.
  ///
  /// - Parameter noise: `[batch, latent dimension]`, standard normal.
  package func code(_ noise: Tensor) -> Variable { mean + (0.5 * logVariance).exponential() * Variable(noise) }

  /// The divergence from N(0, I), summed over the batch.
  package var divergence: Variable { mean.gaussianDivergence(logVariance: logVariance) }

  /// log q(code) of each row, `[batch]`.
  package func logDensity(_ code: Variable) -> Variable {
    Self.logDensity(code, mean: mean, logVariance: logVariance)
  }

  package static func logDensity(_ code: Variable, mean: Variable, logVariance: Variable) -> Variable {
    -0.5 * (logVariance + (code - mean).squared() * (-logVariance).exponential()).sumOverColumns()
  }

  /// log N(code; 0, I) of each row, `[batch]`.
  package static func logPrior(_ code: Variable) -> Variable { -0.5 * code.squaredLengths() }
}
