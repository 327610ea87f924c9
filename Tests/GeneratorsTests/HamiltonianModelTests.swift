import Foundation
import Generators
import Networks
import Randomness
import Tensors
import Testing

/// What a Hamiltonian posterior must do whatever its networks: cool as the closed form says, and keep volume.
@Suite struct HamiltonianModelTests {
  @Test(arguments: [0.3, 0.6, 1.0])
  func temperingIsQuadratic(root: Double) {
    let tempering = Tempering(rootBetaZero: root, steps: 5)
    for step in 0...5 {
      let inverse = (1 - 1 / root) * Double(step * step) / 25 + 1 / root
      #expect(abs(1 / tempering.rootBeta(step) - inverse) < 1e-12)
    }
    #expect(tempering.rootBeta(0) == root && abs(tempering.rootBeta(5) - 1) < 1e-12)
    // All factors together undo the start's 1 / root: the flow has the volume of an untempered one.
    let product = (1...5).reduce(1.0) { $0 * Double(tempering.factor($1)) }
    #expect(abs(product - root) < 1e-6)
  }

  private static let items = Tensor([1, 6], values: [0.1, 0.9, 0.4, 0.6, 0.2, 0.7])

  private func networks(_ stream: RandomStream) throws -> CoderNetworks {
    try CoderNetworks(
      itemShape: [6], encoder: [.linear(outputs: 5, activation: .tanh)], latentDimensions: 2,
      logVarianceActivation: .identity,
      decoder: [.linear(outputs: 8, activation: .tanh), .linear(outputs: 6, activation: .sigmoid)], stream: stream)
  }

  /// The determinant of (z_0, rho_0) to (z_K, rho_K) by central differences of the whole flow.
  private func volume(_ flow: ([Float]) throws -> [Float]) rethrows -> Double {
    let start: [Float] = [0.4, -0.7, 0.9, 0.3]
    let step: Float = 4e-3
    var matrix: [[Double]] = Array(repeating: Array(repeating: 0, count: 4), count: 4)
    for column in 0..<4 {
      var (above, below) = (start, start)
      above[column] += step
      below[column] -= step
      let (high, low) = (try flow(above), try flow(below))
      for row in 0..<4 { matrix[row][column] = Double(high[row] - low[row]) / Double(2 * step) }
    }
    return Jacobian.determinant(matrix)
  }

  @Test func leapfrogStepsKeepVolume() throws {
    let stream = RandomStream(seed: 5, purpose: "weights")
    let tempering = Tempering(rootBetaZero: 0.5, steps: 3)
    let model = HamiltonianVAE(try networks(stream), beta: 0.2, stepSize: 0.15, tempering: tempering)
    let pass = CoderNetworks.Pass(training: true, differentiatesTwice: true)
    let found = try volume { (point: [Float]) -> [Float] in
      let (code, momentum, _) = try model.trajectory(
        from: Variable.parameter(Tensor([1, 2], values: Array(point[..<2]))),
        gamma: Variable(Tensor([1, 2], values: Array(point[2...]))), Self.items, pass)
      return code.value.values + momentum.value.values
    }
    // gamma to rho_0 stretches by 1 / root in each of two dimensions and the tempering undoes it.
    #expect(abs(found - 1) < 5e-3, "\(found)")
  }

  /// Partial forces make a flow that keeps volume to the accuracy of its fixed points; total ones do not.
  @Test func onlyPartialForcesKeepVolumeOnAManifold() throws {
    let stream = RandomStream(seed: 6, purpose: "weights")
    let tempering = Tempering(rootBetaZero: 1, steps: 2)
    let pass = CoderNetworks.Pass(training: true, differentiatesTwice: true)
    func deviation(takesTotalForces: Bool) throws -> Double {
      let networks = try networks(stream)
      let model = RiemannianHamiltonianVAE(
        networks,
        metric: try MetricNetwork(
          itemShape: [6], layers: [.linear(outputs: 5, activation: .tanh)], dimensions: 2, stream: stream),
        beta: 0.5, stepSize: 0.1, tempering: tempering, temperature: 1, regularisation: 0.5,
        takesTotalForces: takesTotalForces)
      let metric = model.batchMetric(
        Self.items, centroids: Variable(Tensor([1, 2], values: [0.2, -0.4])), pass)
      let found = try volume { (point: [Float]) -> [Float] in
        let start = Variable.parameter(Tensor([1, 2], values: Array(point[..<2])))
        // gamma that gives this momentum at the start: L^-1 rho.
        let factor = metric.inverse(start).inverses().choleskyFactors()
        let gamma = factor.inverses().timesVectors(Variable(Tensor([1, 2], values: Array(point[2...]))))
        let path = try model.trajectory(from: start, gamma: gamma, Self.items, metric, pass)
        return path.code.value.values + path.momentum.value.values
      }
      return abs(found - 1)
    }
    let (partial, total) = try (deviation(takesTotalForces: false), deviation(takesTotalForces: true))
    #expect(partial < 1e-2, "\(partial)")
    #expect(total > 3 * partial, "\(total), partial \(partial)")
  }

  /// With forces stopped the loss is the same number, and its gradient that of a trajectory pushed by given numbers.
  @Test func stoppedForcesAreConstantsForTheGradient() throws {
    let tempering = Tempering(rootBetaZero: 0.5, steps: 2)
    let pass = CoderNetworks.Pass(training: true, differentiatesTwice: true)
    let noise = [Tensor([1, 2], values: [0.4, -0.7]), Tensor([1, 2], values: [0.9, 0.3])]
    func model(_ stopsForces: Bool) throws -> HamiltonianVAE {
      HamiltonianVAE(
        try networks(RandomStream(seed: 7, purpose: "weights")), beta: 0.3, stepSize: 0.4, tempering: tempering,
        stopsForces: stopsForces)
    }
    func encoderGradient(_ model: HamiltonianVAE, _ loss: Variable) throws -> [Float] {
      try gradients(of: loss, by: [model.networks.groups["encoder"]!.first!])[0].value.values
    }
    let (stopped, whole) = (try model(true), try model(false))
    let losses = (try stopped.loss(Self.items, noise: noise, pass), try whole.loss(Self.items, noise: noise, pass))
    #expect(abs(losses.0.total - losses.1.total) < 1e-5 * abs(losses.1.total))

    // By hand: the decoder's forces at the places of the trajectory, as numbers.
    let posterior = GaussianPosterior(Variable(Self.items), whole.networks, pass)
    func push(_ code: Variable) throws -> Variable {
      try Variable.parameter(code.value).gradient { code in
        1 / Float(0.3) * whole.networks.squaredErrorsOfRows(code, from: Self.items, pass).sum()
      }.detached
    }
    let start = posterior.code(noise[0])
    var (code, momentum) = (start, Float(2) * Variable(noise[1]))
    for step in 1...2 {
      momentum = momentum - 0.2 * (try push(code) + code)
      code = code + 0.4 * momentum
      momentum = tempering.factor(step) * (momentum - 0.2 * (try push(code) + code))
    }
    let errors = whole.networks.squaredErrorsOfRows(code, from: Self.items, pass).sum()
    let expected =
      errors + 0.3
      * (0.5 * (code.squaredLengths() + momentum.squaredLengths()) + posterior.logDensity(start)).sum()
    let (found, byHand) = (try encoderGradient(stopped, losses.0.objectives[0]), try encoderGradient(whole, expected))
    let full = try encoderGradient(whole, losses.1.objectives[0])
    let scale = byHand.map(abs).max()!
    #expect(zip(found, byHand).allSatisfy { abs($0 - $1) < 1e-4 * scale })
    #expect(zip(full, byHand).contains { abs($0 - $1) > 1e-2 * scale })
  }
}
