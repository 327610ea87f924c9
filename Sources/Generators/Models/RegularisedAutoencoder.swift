import Networks
import Randomness
import Tensors

/// An autoencoder whose codes are points, held together by what its regularisation says.
///
/// The loss is the squared error + `embeddingWeight` |z|^2 / 2 + what keeps the decoder smooth.
///
/// Source: Ghosh et al., "From variational to deterministic autoencoders", ICLR 2020. There the squared error is as here,
/// summed over pixels; their code takes the mean over pixels, which changes the weights' scale.
public final class RegularisedAutoencoder: GenerativeModel {
  /// What keeps the decoder smooth.
  public enum Smoothing: Sendable, Equatable {
    case none
    /// weight * the sum of squares of the decoder's weights and biases (not of normalisations).
    case weights(Double)
    /// weight * the squared gradient of the decoder by the code.
    case gradient(Double, GradientPenalty)
    /// Each layer of the decoder divided by its largest singular value, from so many steps of power iteration before
    /// each training step.
    case spectralNorm(iterations: Int)
  }

  /// What is taken for the squared gradient of the decoder D by the code z, with its Jacobian J.
  public enum GradientPenalty: String, Codable, Sendable, CaseIterable {
    /// |J^T v|^2 at a standard normal v: one pass, and its mean is the Frobenius norm.
    case projected
    /// The Frobenius norm |J|^2 itself, by as many passes as there are latent dimensions.
    case frobenius
    /// The gradient of |D(z)|^2, squared, as a mean over the codes' coordinates: what the authors' code takes.
    case authors
  }

  public let kind: ModelKind
  public let networks: CoderNetworks
  package let embeddingWeight: Double
  package let smoothing: Smoothing
  package let spectralNorm: SpectralNormalisation?

  /// A model on networks that have no posterior variances.
  ///
  /// - Parameters:
  ///   - kind: `ae`, which has no regularisation, or one of `rae`.
  ///   - networks: without posterior variances.
  ///   - embeddingWeight: the weight of |z|^2 / 2, at least 0.
  ///   - smoothing: what keeps the decoder smooth.
  ///   - stream: where the vectors of spectral normalisation start; not used by other kinds.
  public init(
    _ kind: ModelKind, _ networks: CoderNetworks, embeddingWeight: Double, smoothing: Smoothing, stream: RandomStream
  ) {
    self.kind = kind
    self.networks = networks
    self.embeddingWeight = embeddingWeight
    self.smoothing = smoothing
    guard case .spectralNorm(let iterations) = smoothing else {
      spectralNorm = nil
      return
    }
    let normalisation = SpectralNormalisation(networks.decoder, iterations: iterations, stream: stream)
    spectralNorm = normalisation
    networks.decoder.reparametrisation = normalisation
  }

  public var stores: [any WeightStore] { networks.networks + [spectralNorm].compactMap { $0 } }

  public func noiseShapes(_ batch: Int) -> [[Int]] {
    if case .gradient(_, .projected) = smoothing { [[batch] + networks.itemShape] } else { [] }
  }

  public func beginStep() { spectralNorm?.iterate() }

  public func loss(_ items: Tensor, noise: [Tensor], _ pass: CoderNetworks.Pass) throws -> ModelLoss {
    let share = 1 / Float(items.shape[0])
    var pass = pass
    if case .gradient = smoothing { pass.differentiatesTwice = true }
    let code = networks.posterior(Variable(items), pass).mean
    var decoded: Variable?
    let reconstruction: Variable
    if case .gradient = smoothing {
      decoded = networks.decode(code, pass)
      reconstruction = decoded!.sumOfSquaredErrors(from: Variable(items))
    } else {
      reconstruction = networks.squaredErrors(code, from: items, pass)
    }
    var total = share * reconstruction
    var penalties: [Variable] = []
    if embeddingWeight > 0 { penalties.append(Float(embeddingWeight) * share * 0.5 * code.squared().sum()) }
    switch smoothing {
    case .none, .spectralNorm: break
    case .weights(let weight):
      penalties += networks.decoder.layerWeights.map { Float(weight) * $0.squared().sum() }
    case .gradient(let weight, let kind):
      penalties.append(
        Float(weight) * (try Self.penalty(kind, decoded!, code, direction: noise.first)))
    }
    for penalty in penalties { total = total + penalty }
    let regularisation = penalties.reduce(0.0) { $0 + Double($1.value.item) } * Double(items.shape[0])
    return ModelLoss(total, reconstruction: Double(reconstruction.value.item), regularisation: regularisation)
  }

  /// The penalty, a mean over the batch.
  ///
  /// - Parameters:
  ///   - decoded: made of `code` with recording.
  ///   - direction: v, of the shape of `decoded`; for the projected penalty.
  package static func penalty(
    _ kind: GradientPenalty, _ decoded: Variable, _ code: Variable, direction: Tensor?
  ) throws -> Variable {
    let (batch, dimensions) = (code.shape[0], code.shape[1])
    // Nothing to be seen where nothing was recorded: a validation loss goes by the other terms.
    guard decoded.isTracked else { return Variable(Tensor(scalar: 0)) }
    func gradient(_ output: Variable) throws -> Variable {
      try gradients(of: output, by: [code], differentiable: true)[0]
    }
    switch kind {
    case .projected:
      return 1 / Float(batch) * (try gradient((decoded * Variable(direction!)).sum())).squared().sum()
    case .authors:
      return 1 / Float(batch * dimensions) * (try gradient(decoded.squared().sum())).squared().sum()
    case .frobenius:
      // J^T u is linear in u; its gradient by u along a coordinate of the code is a column of J.
      let probe = Variable.parameter(Tensor(decoded.shape, repeating: 0))
      let pulled = try gradient((decoded * probe).sum())
      var sum = Variable(Tensor(scalar: 0))
      for dimension in 0..<dimensions {
        let column = try gradients(of: pulled.columns([dimension]).sum(), by: [probe], differentiable: true)[0]
        sum = sum + column.squared().sum()
      }
      return 1 / Float(batch) * sum
    }
  }
}
