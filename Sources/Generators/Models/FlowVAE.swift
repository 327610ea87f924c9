import Geometry
import Networks
import Randomness
import Tensors

/// A variational autoencoder whose posterior is a Gaussian that flows transform.
///
/// The loss, in units of the squared error: |x - x'|^2 + beta (log q(z0|x) - log |det J| - log N(z; 0, I)), z = f(z0).
///
/// Source: Rezende and Mohamed, ICML 2015 (`vae-nf`: planar and radial flows); Kingma et al., NeurIPS 2016 (`vae-iaf`).
public final class FlowVAE: GenerativeModel {
  public let kind: ModelKind
  public let networks: CoderNetworks
  package let beta: Double
  package let chain: FlowChain
  private let table: ParameterTable

  package init(_ kind: ModelKind, _ networks: CoderNetworks, beta: Double, flows: [any Flow]) {
    self.kind = kind
    self.networks = networks
    self.beta = beta
    chain = FlowChain(flows: flows)
    table = ParameterTable(parameters: flows.flatMap(\.parameters))
  }

  public var stores: [any WeightStore] { networks.networks + [table] }

  public func loss(_ items: Tensor, noise: [Tensor], _ pass: CoderNetworks.Pass) -> ModelLoss {
    let posterior = GaussianPosterior(Variable(items), networks, pass)
    let start = posterior.code(noise[0])
    let (code, logDeterminant) = chain(start, context: posterior.features)
    let reconstruction = networks.squaredErrors(code, from: items, pass)
    let divergence = (posterior.logDensity(start) - GaussianPosterior.logPrior(code) - logDeterminant).sum()
    return ModelLoss(squaredError: reconstruction, divergence: divergence, beta: beta, batch: items.shape[0])
  }

  /// Where the flows take the posterior means; what the decoder reads is not Gaussian there.
  public func codes(of items: TensorRows) -> Codes {
    var values: [Double] = []
    Recording.off {
      networks.forBatches(of: items.count) { rows in
        let (mean, _, features) = networks.posterior(Variable(items.rows(rows)), .init(training: false))
        values += chain(mean, context: features).codes.value.values.map(Double.init)
      }
    }
    return Codes(
      means: Matrix(rows: items.count, columns: latentDimensions, values: values), logVariances: nil)
  }
}
