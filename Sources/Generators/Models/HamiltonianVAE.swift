import Networks
import Tensors

/// A variational autoencoder whose posterior sample is moved by tempered leapfrog steps of the joint density.
///
/// With U(z) = |x - D(z)|^2 / beta + |z|^2 / 2 and gamma standard normal, rho_0 = gamma / sqrt(beta_0), the loss, in units of
/// the squared error, is beta times the mean of
///
///     U(z_K) + |rho_K|^2 / 2 + log q(z_0|x) + log N(gamma; 0, I).
///
/// Gradients flow through the forces, which are gradients themselves: second derivatives of the decoder. With
/// `stopsForces` what the decoder adds to a force is a constant for them, which biases the gradient, not the loss, and takes
/// half the time.
///
/// Source: Caterini, Doucet and Sejdinovic, NeurIPS 2018, Algorithm 1.
public final class HamiltonianVAE: GenerativeModel {
  public var kind: ModelKind { .hvae }
  public let networks: CoderNetworks
  package let beta: Double
  package let stepSize: Double
  package let tempering: Tempering
  package let stopsForces: Bool

  package init(
    _ networks: CoderNetworks, beta: Double, stepSize: Double, tempering: Tempering, stopsForces: Bool = false
  ) {
    self.networks = networks
    self.beta = beta
    self.stepSize = stepSize
    self.tempering = tempering
    self.stopsForces = stopsForces
  }

  public func noiseShapes(_ batch: Int) -> [[Int]] { codeNoise(batch, tables: 2) }

  public func loss(_ items: Tensor, noise: [Tensor], _ pass: CoderNetworks.Pass) throws -> ModelLoss {
    var pass = pass
    pass.differentiatesTwice = !stopsForces
    let posterior = GaussianPosterior(Variable(items), networks, pass)
    let start = posterior.code(noise[0])
    let gamma = Variable(noise[1])
    let (code, momentum, errors) = try trajectory(from: start, gamma: gamma, items, pass)
    let divergence =
      (0.5 * (code.squaredLengths() + momentum.squaredLengths() - gamma.squaredLengths()) + posterior.logDensity(start))
      .sum()
    return ModelLoss(squaredError: errors.sum(), divergence: divergence, beta: beta, batch: items.shape[0])
  }

  /// The ends z_K and rho_K of the leapfrog steps, `[batch, latent dimension]` each, and the squared errors there, `[batch]`.
  package func trajectory(
    from start: Variable, gamma: Variable, _ items: Tensor, _ pass: CoderNetworks.Pass
  ) throws -> (code: Variable, momentum: Variable, errors: Variable) {
    let half = Float(stepSize / 2)
    var code = start
    var momentum = Float(1 / tempering.rootBetaZero) * gamma
    var (force, errors) = try force(code, items, pass)
    for step in 1...tempering.steps {
      momentum = momentum - half * force
      code = code + Float(stepSize) * momentum
      (force, errors) = try self.force(code, items, pass)
      momentum = tempering.factor(step) * (momentum - half * force)
    }
    return (code, momentum, errors)
  }

  /// The gradient of U by the code, and the squared errors that were decoded for it.
  private func force(
    _ code: Variable, _ items: Tensor, _ pass: CoderNetworks.Pass
  ) throws -> (force: Variable, errors: Variable) {
    if stopsForces && Recording.isOn {
      let own = code.isTracked ? code.reshaped(code.shape) : Variable.parameter(code.value)
      let errors = networks.squaredErrorsOfRows(own, from: items, pass)
      let gradient = try gradients(of: 1 / Float(beta) * errors.sum(), by: [own], keepsGraph: true)[0]
      return (gradient.detached + code, errors)
    }
    var errors: Variable?
    let gradient = try code.gradient { code in
      errors = networks.squaredErrorsOfRows(code, from: items, pass)
      return 1 / Float(beta) * errors!.sum()
    }
    return (gradient + code, errors!)
  }
}
