import Foundation
import Randomness

/// One transition for a block of chains: the body of Algorithm 2's loop.
///
/// The gradient at the end of one leapfrog step is the gradient at the start of the next, and the one at the end of an
/// accepted trajectory starts the next trajectory: it is evaluated once per leapfrog step.
///
/// With scales s the mass of coordinate j is 1 / s_j^2. Velocities are kept in units of s, so that they are standard
/// normal and the energy is |v|^2 / 2 all the same: v_j += epsilon/2 s_j grad_j, z_j += epsilon s_j v_j.
public struct HMCTransition<Target: LogDensity> {
  /// What is sampled.
  public let target: Target
  /// Length of a leapfrog step.
  public var stepSize: Double
  /// Leapfrog steps of a trajectory, at least 1.
  public var leapfrogSteps: Int
  package var velocityDeviation = 1.0
  package var exponentiatesEnergies = false
  package var correctsCrossing = true

  private let rows: Int
  private var workspace: Target.Workspace
  private var proposal: HMCState
  private var velocities: Matrix
  /// The scales, once for each row, `[row, dimension]`; nil: 1.
  private let scales: Matrix?

  /// A transition with working memory for `rows` chains.
  ///
  /// - Parameters:
  ///   - target: the density that is sampled.
  ///   - rows: the most chains that move together.
  ///   - stepSize: the length of a leapfrog step, positive.
  ///   - leapfrogSteps: of a trajectory, at least 1.
  ///   - scales: one over the square root of each coordinate's mass, `[dimension]`; nil: 1.
  public init(target: Target, rows: Int, stepSize: Double, leapfrogSteps: Int, scales: [Double]? = nil) {
    precondition(
      scales.map { $0.count == target.dimension } ?? true,
      "\(scales?.count ?? 0) scales in \(target.dimension) dimensions")
    self.target = target
    self.rows = rows
    self.stepSize = stepSize
    self.leapfrogSteps = leapfrogSteps
    self.scales = scales.map { scales in Matrix((0..<rows).map { _ in scales }) }
    workspace = target.makeWorkspace(rows: rows)
    velocities = Matrix(rows: rows, columns: target.dimension)
    proposal = HMCState(positions: velocities, evaluation: DensityEvaluation(rows: rows, dimension: target.dimension))
  }

  /// The state of chains at the given positions, `[row, dimension]`.
  public mutating func state(at positions: Matrix) -> HMCState {
    var evaluation = DensityEvaluation(rows: rows, dimension: target.dimension)
    target.evaluate(at: positions, into: &evaluation, includingLogDensity: true, workspace: &workspace)
    return HMCState(positions: positions, evaluation: evaluation)
  }

  /// Follows the trajectories that leave `state` with `velocities` `[row, dimension]` for `leapfrogSteps` steps.
  public mutating func integrate(_ state: inout HMCState, velocities: inout Matrix) {
    Self.integrate(&state, &velocities, target, scales, stepSize, leapfrogSteps, &workspace)
  }

  /// Moves the first `streams.count` chains by one transition and tells what happened.
  ///
  /// - Parameters:
  ///   - state: positions of the chains and the density there, as `state(at:)` gives them; changed in place.
  ///   - streams: one per chain: first the velocity, coordinate by coordinate, then the number that decides acceptance.
  ///   - information: as many chains as streams; overwritten.
  public mutating func advance(
    _ state: inout HMCState, streams: inout [RandomStream], information: inout HMCInformation
  ) {
    let chains = streams.count
    precondition(chains <= rows && information.accepted.count == chains, "\(chains) chains in \(rows) rows")
    for chain in 0..<chains {
      for coordinate in 0..<target.dimension {
        velocities[chain, coordinate] = velocityDeviation * streams[chain].normal()
      }
      let kinetic = velocities.halfSquaredNorm(ofRow: chain)
      information.energy[chain] = kinetic - state.evaluation.logDensity[chain]
      information.energyError[chain] = -kinetic
    }
    proposal.copy(from: state)
    Self.integrate(&proposal, &velocities, target, scales, stepSize, leapfrogSteps, &workspace)
    for chain in 0..<chains {
      // From the differences of each kind of energy: the energies themselves may be large and nearly equal.
      let error =
        information.energyError[chain] + velocities.halfSquaredNorm(ofRow: chain)
        - (proposal.evaluation.logDensity[chain] - state.evaluation.logDensity[chain])
      let ratio =
        exponentiatesEnergies ? Self.singlePrecisionRatio(information.energy[chain], error) : exp(-error)
      let probability = ratio.isNaN ? 0 : min(1, ratio)
      let accepted = streams[chain].uniform() < probability
      information.energyError[chain] = error
      information.acceptanceProbability[chain] = probability
      information.accepted[chain] = accepted
      information.crossed[chain] = false
      information.diverged[chain] = !(error <= 1000)
      if accepted { state.copyRow(chain, from: proposal) }
    }
  }

  /// exp(-H) / exp(-H_0) in single precision: 0 / 0, which is not a number, where both energies are large.
  private static func singlePrecisionRatio(_ energy: Double, _ error: Double) -> Double {
    Double(exp(-Float(energy + error)) / exp(-Float(energy)))
  }

  /// Proposes to each chain a point of `proposer` and accepts it with the probability of Metropolis and Hastings,
  /// min(1, p(z') q(z) / (p(z) q(z'))): the density stays as it is.
  ///
  /// - Parameter streams: one per chain: what the proposer draws, then the number that decides acceptance.
  mutating func cross(
    _ state: inout HMCState, by proposer: any IndependenceProposal, streams: inout [RandomStream],
    information: inout HMCInformation
  ) {
    proposal.copy(from: state)
    for chain in streams.indices {
      let point = proposer.draw(&streams[chain])
      for (coordinate, value) in point.enumerated() { proposal.positions[chain, coordinate] = value }
    }
    target.evaluate(
      at: proposal.positions, into: &proposal.evaluation, includingLogDensity: true, workspace: &workspace)
    let here = proposer.logDensities(at: state.positions)
    let there = proposer.logDensities(at: proposal.positions)
    for chain in streams.indices {
      var logRatio = proposal.evaluation.logDensity[chain] - state.evaluation.logDensity[chain]
      if correctsCrossing { logRatio += here[chain] - there[chain] }
      let accepted = log(1 - streams[chain].uniform()) < logRatio
      information.crossed[chain] = accepted
      if accepted { state.copyRow(chain, from: proposal) }
    }
  }

  private static func integrate(
    _ state: inout HMCState, _ velocities: inout Matrix, _ target: Target, _ scales: Matrix?, _ stepSize: Double,
    _ leapfrogSteps: Int, _ workspace: inout Target.Workspace
  ) {
    for step in 1...leapfrogSteps {
      velocities.add(state.evaluation.gradient, times: stepSize / 2, scales)
      state.positions.add(velocities, times: stepSize, scales)
      target.evaluate(
        at: state.positions, into: &state.evaluation, includingLogDensity: step == leapfrogSteps, workspace: &workspace)
      velocities.add(state.evaluation.gradient, times: stepSize / 2, scales)
    }
  }
}

extension HMCState {
  fileprivate mutating func copy(from other: HMCState) {
    positions.copy(from: other.positions, 0..<positions.values.count)
    evaluation.gradient.copy(from: other.evaluation.gradient, 0..<positions.values.count)
    for row in evaluation.logDensity.indices { evaluation.logDensity[row] = other.evaluation.logDensity[row] }
  }

  fileprivate mutating func copyRow(_ row: Int, from other: HMCState) {
    let range = row * positions.columns..<(row + 1) * positions.columns
    positions.copy(from: other.positions, range)
    evaluation.gradient.copy(from: other.evaluation.gradient, range)
    evaluation.logDensity[row] = other.evaluation.logDensity[row]
  }
}

extension Matrix {
  fileprivate mutating func add(_ other: Matrix, times factor: Double, _ scales: Matrix?) {
    if let scales {
      for index in values.indices { values[index] += factor * scales.values[index] * other.values[index] }
    } else {
      for index in values.indices { values[index] += factor * other.values[index] }
    }
  }

  fileprivate mutating func copy(from other: Matrix, _ range: Range<Int>) {
    for index in range { values[index] = other.values[index] }
  }

  fileprivate func halfSquaredNorm(ofRow row: Int) -> Double {
    var sum = 0.0
    for index in row * columns..<(row + 1) * columns { sum += values[index] * values[index] }
    return sum / 2
  }
}
