import Geometry
import Networks
import Randomness
import Tensors

/// A variational autoencoder whose posterior sample is moved by tempered leapfrog steps on a Riemannian manifold with a
/// learned metric.
///
/// A network makes of each item of the batch a lower triangular factor L_i; with the posterior means c_i
///
///     G^-1(z) = sum_i L_i L_i^T exp(-|c_i - z|^2 / T^2) + lambda I,
///     H(z, rho) = |x - D(z)|^2 / beta + |z|^2 / 2 + rho^T G^-1(z) rho / 2 + log det G(z) / 2,
///
/// and rho_0 = chol(G(z_0)) gamma / sqrt(beta_0). The loss, in units of the squared error, is beta times the mean of
///
///     H(z_K, rho_K) + log q(z_0|x) + log N(gamma; 0, I) - log det G(z_0) / 2.
///
/// Source: Chadebec, Mantoux and Allassonniere, "Geometry-aware Hamiltonian variational auto-encoder", 2020, Algorithm 1; the
/// generalised leapfrog with three fixed-point iterations.
public final class RiemannianHamiltonianVAE: GenerativeModel {
  public var kind: ModelKind { .rhvae }
  public let networks: CoderNetworks
  package let metric: MetricNetwork
  package let beta: Double
  package let stepSize: Double
  package let tempering: Tempering
  package let temperature: Double
  /// lambda, above 0.
  package let regularisation: Double
  /// Whether forces are total derivatives by z, through what the momentum owes to z, as published code takes them, instead
  /// of partial ones. That is no Hamiltonian flow and does not keep volume.
  package let takesTotalForces: Bool

  package init(
    _ networks: CoderNetworks, metric: MetricNetwork, beta: Double, stepSize: Double, tempering: Tempering,
    temperature: Double, regularisation: Double, takesTotalForces: Bool = false
  ) {
    self.networks = networks
    self.metric = metric
    self.beta = beta
    self.stepSize = stepSize
    self.tempering = tempering
    self.temperature = temperature
    self.regularisation = regularisation
    self.takesTotalForces = takesTotalForces
  }

  public var stores: [any WeightStore] { networks.networks + metric.networks }

  public func noiseShapes(_ batch: Int) -> [[Int]] { codeNoise(batch, tables: 2) }

  /// The metric of a batch: its centroids, and L_i L_i^T of each.
  package struct BatchMetric {
    let centroids: Variable
    /// `[item, dimension^2]`.
    let matrices: Variable
    let temperature: Double
    let regularisation: Double

    /// G^-1 at codes, `[batch, dimension, dimension]`.
    package func inverse(_ codes: Variable) -> Variable {
      let (batch, dimensions) = (codes.shape[0], codes.shape[1])
      let weights = (-1 / Float(temperature * temperature) * codes.squaredDistances(to: centroids)).exponential()
      let sum = weights.product(matrices).reshaped([batch, dimensions, dimensions])
      return sum + Variable(Variable.identities(batch, dimensions).map { Float(regularisation) * $0 })
    }
  }

  /// What a trajectory begins and ends with.
  package struct Trajectory {
    package let inverseMetricAtStart: Variable
    package let momentumAtStart: Variable
    package let code: Variable
    package let momentum: Variable
    package let inverseMetricAtEnd: Variable
    /// Squared errors at the end, `[batch]`.
    package let errors: Variable
  }

  public func loss(_ items: Tensor, noise: [Tensor], _ pass: CoderNetworks.Pass) throws -> ModelLoss {
    var pass = pass
    pass.differentiatesTwice = true
    let posterior = GaussianPosterior(Variable(items), networks, pass)
    let start = posterior.code(noise[0])
    let gamma = Variable(noise[1])
    let metric = batchMetric(items, centroids: posterior.mean, pass)
    let path = try trajectory(from: start, gamma: gamma, items, metric, pass)
    let kinetic = Self.quadratic(path.inverseMetricAtEnd, path.momentum)
    let divergence =
      (0.5
      * (path.code.squaredLengths() + kinetic - path.inverseMetricAtEnd.logDeterminants() - gamma.squaredLengths()
        + path.inverseMetricAtStart.logDeterminants()) + posterior.logDensity(start)).sum()
    return ModelLoss(squaredError: path.errors.sum(), divergence: divergence, beta: beta, batch: items.shape[0])
  }

  package func batchMetric(_ items: Tensor, centroids: Variable, _ pass: CoderNetworks.Pass) -> BatchMetric {
    let factors = metric.factors(Variable(items), training: pass.training)
    let matrices = factors.matrixProducts(factors, otherTransposed: true)
    let dimensions = networks.latentDimensions
    return BatchMetric(
      centroids: centroids, matrices: matrices.reshaped([items.shape[0], dimensions * dimensions]),
      temperature: temperature, regularisation: regularisation)
  }

  package func trajectory(
    from start: Variable, gamma: Variable, _ items: Tensor, _ metric: BatchMetric, _ pass: CoderNetworks.Pass
  ) throws -> Trajectory {
    let inverseAtStart = metric.inverse(start)
    let momentumAtStart =
      Float(1 / tempering.rootBetaZero) * inverseAtStart.inverses().choleskyFactors().timesVectors(gamma)
    var (code, momentum) = (start, momentumAtStart)
    let half = Float(stepSize / 2)
    // What does not hang on the momentum is worked out once for each position.
    var (potential, errors) = try potentialForce(code, items, metric, pass)
    for step in 1...tempering.steps {
      let before = momentum
      for _ in 0..<3 { momentum = before - half * (potential + (try kineticForce(code, momentum, metric))) }
      let first = metric.inverse(code).timesVectors(momentum)
      var next = code
      for _ in 0..<3 { next = code + half * (first + metric.inverse(next).timesVectors(momentum)) }
      code = next
      (potential, errors) = try potentialForce(code, items, metric, pass)
      momentum =
        tempering.factor(step) * (momentum - half * (potential + (try kineticForce(code, momentum, metric))))
    }
    return Trajectory(
      inverseMetricAtStart: inverseAtStart, momentumAtStart: momentumAtStart, code: code, momentum: momentum,
      inverseMetricAtEnd: metric.inverse(code), errors: errors)
  }

  /// The derivative by z of H without its kinetic term, and the squared errors that were decoded for it.
  private func potentialForce(
    _ code: Variable, _ items: Tensor, _ metric: BatchMetric, _ pass: CoderNetworks.Pass
  ) throws -> (force: Variable, errors: Variable) {
    var errors: Variable?
    let gradient = try code.gradient { code in
      errors = networks.squaredErrorsOfRows(code, from: items, pass)
      return 1 / Float(beta) * errors!.sum() - 0.5 * metric.inverse(code).logDeterminants().sum()
    }
    return (gradient + code, errors!)
  }

  /// The derivative by z of rho^T G^-1(z) rho / 2.
  private func kineticForce(
    _ code: Variable, _ momentum: Variable, _ metric: BatchMetric
  ) throws -> Variable {
    func energy(_ code: Variable) -> Variable { 0.5 * Self.quadratic(metric.inverse(code), momentum).sum() }
    guard takesTotalForces else { return try code.gradient(of: energy) }
    return try gradients(of: energy(code), by: [code], differentiable: true)[0]
  }

  /// rho^T G^-1 rho of each row, `[batch]`.
  private static func quadratic(_ inverse: Variable, _ momentum: Variable) -> Variable {
    (inverse.timesVectors(momentum) * momentum).sumOverColumns()
  }

  public func codes(of items: TensorRows) -> Codes {
    let codes = networks.codes(of: items)
    var values: [Double] = []
    Recording.off {
      networks.forBatches(of: items.count) { rows in
        values += metric.factors(Variable(items.rows(rows)), training: false).value.values.map(Double.init)
      }
    }
    let dimensions = networks.latentDimensions
    return Codes(
      means: codes.means, logVariances: codes.logVariances,
      metricFactors: Matrix(rows: items.count, columns: dimensions * dimensions, values: values))
  }
}

/// Makes of an item a lower triangular matrix with a positive diagonal.
package final class MetricNetwork: Sendable {
  private let body: Network
  private let diagonal: Network
  private let lower: Network
  private let dimensions: Int

  /// - Parameter layers: from an item to features.
  /// - Throws: `NetworkError`.
  package init(itemShape: [Int], layers: [LayerDescription], dimensions: Int, stream: RandomStream) throws {
    let body = try Network(name: "metric", inputShape: itemShape, layers: layers, stream: stream)
    func head(_ name: String, _ outputs: Int) throws -> Network {
      try Network(
        name: name, numbered: false, inputShape: body.outputShape,
        layers: [.linear(outputs: outputs, activation: .identity)], stream: stream)
    }
    self.body = body
    diagonal = try head("metric_diagonal", dimensions)
    lower = try head("metric_lower", max(1, dimensions * (dimensions - 1) / 2))
    self.dimensions = dimensions
  }

  package var networks: [Network] { [body, diagonal, lower] }

  /// `[batch, dimension, dimension]`: exp of one head on the diagonal, the other below it, row by row.
  package func factors(_ items: Variable, training: Bool) -> Variable {
    let features = body(items, training: training)
    let size = dimensions * dimensions
    let onDiagonal = diagonal(features, training: training).exponential()
      .scattered(to: (0..<dimensions).map { $0 * dimensions + $0 }, of: size)
    guard dimensions > 1 else { return onDiagonal.reshaped([items.shape[0], 1, 1]) }
    let places = (0..<dimensions).flatMap { row in (0..<row).map { row * dimensions + $0 } }
    let below = lower(features, training: training).scattered(to: places, of: size)
    return (onDiagonal + below).reshaped([items.shape[0], dimensions, dimensions])
  }
}
