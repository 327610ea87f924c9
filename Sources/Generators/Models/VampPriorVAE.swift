import Foundation
import Geometry
import Networks
import Randomness
import Tensors

/// A variational autoencoder whose prior is the mean of the posteriors of learned pseudo-inputs.
///
/// The loss, in units of the squared error: |x - x'|^2 + beta (log q(z|x) - log 1/K sum_k q(z|u_k)).
///
/// Source: Tomczak and Welling, "VAE with a VampPrior", AISTATS 2018.
public final class VampPriorVAE: GenerativeModel {
  public var kind: ModelKind { .vamp }
  public let networks: CoderNetworks
  package let beta: Double
  /// u, `[pseudo-input, value]`; they count as clamped to [0, 1].
  package let pseudoInputs: Variable
  private let table: ParameterTable

  /// A model whose pseudo-inputs are uniform noise until training begins.
  ///
  /// - Parameters:
  ///   - networks: with posterior variances.
  ///   - beta: the weight of the divergence against the squared error, positive.
  ///   - count: K: pseudo-inputs, at least 1.
  ///   - stream: where the pseudo-inputs come from.
  public init(_ networks: CoderNetworks, beta: Double, count: Int, stream: RandomStream) {
    self.networks = networks
    self.beta = beta
    var random = stream.substream("pseudo_inputs")
    pseudoInputs = .parameter(
      Tensor([count, networks.itemShape.reduce(1, *)]) { target in
        for index in target.indices { target[index] = Float(random.uniform()) }
      })
    table = ParameterTable(parameters: [("pseudo_inputs", pseudoInputs)])
  }

  public var stores: [any WeightStore] { networks.networks + [table] }

  /// The first training items, repeated if there are fewer than pseudo-inputs, are where these start.
  public func begin(on items: TensorRows) {
    let count = pseudoInputs.shape[0]
    pseudoInputs.value.copyValues(
      of: items.rows((0..<count).map { $0 % items.count }).reshaped(pseudoInputs.shape))
  }

  public func loss(_ items: Tensor, noise: [Tensor], _ pass: CoderNetworks.Pass) -> ModelLoss {
    let posterior = GaussianPosterior(Variable(items), networks, pass)
    let code = posterior.code(noise[0])
    let reconstruction = networks.squaredErrors(code, from: items, pass)
    let divergence = (posterior.logDensity(code) - logPrior(code, pass)).sum()
    return ModelLoss(squaredError: reconstruction, divergence: divergence, beta: beta, batch: items.shape[0])
  }

  /// log 1/K sum_k q(z|u_k) of each code, `[batch]`.
  package func logPrior(_ code: Variable, _ pass: CoderNetworks.Pass) -> Variable {
    let (batch, count, dimensions) = (code.shape[0], pseudoInputs.shape[0], networks.latentDimensions)
    let components = components(pass)
    func spread(_ table: Variable) -> Variable {
      table.reshaped([count * dimensions]).repeated(rows: batch).reshaped([batch * count, dimensions])
    }
    let terms = GaussianPosterior.logDensity(
      code.repeatingRows(count), mean: spread(components.mean), logVariance: spread(components.logVariance))
    return Float(-log(Double(count))) + terms.reshaped([batch, count]).logSumExp()
  }

  private func components(_ pass: CoderNetworks.Pass) -> GaussianPosterior {
    GaussianPosterior(
      pseudoInputs.clampedToUnit().reshaped([pseudoInputs.shape[0]] + networks.itemShape), networks, pass)
  }

  /// The posterior of each pseudo-input: the components of the prior.
  public var priorComponents: Codes {
    networks.codes(
      of: TensorRows(
        pseudoInputs.value.map { min(1, max(0, $0)) }.reshaped([pseudoInputs.shape[0]] + networks.itemShape)))
  }
}
