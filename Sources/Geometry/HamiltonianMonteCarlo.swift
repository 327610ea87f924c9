import Foundation
import Randomness

/// Hamiltonian Monte Carlo: Algorithm 2.
///
///     for i = 1 ... N:
///       v ~ N(0, I), H_0 = -log p(z) + |v|^2 / 2
///       leapfrog steps of length epsilon: v += epsilon/2 grad log p, z += epsilon v, v += epsilon/2 grad log p
///       accept the end of the trajectory with probability min(1, exp(H_0 - H))
///
/// Many chains run side by side in blocks of fixed size over the cores. A chain's course depends on its start, its
/// number and the stream, and on nothing else: not on how many chains or cores there are.
///
/// Source: Chadebec and Allassonniere, NeurIPS 2022, Algorithm 2; Duane et al., Physics Letters B 1987.
public struct HamiltonianMonteCarlo: Sendable {
  public let configuration: HMCConfiguration
  /// Standard deviation of the velocities. Anything but 1 contradicts the energy; it is here for tests that must fail.
  package var velocityDeviation = 1.0

  /// Chains that share each matrix product.
  private static let blockSize = 32

  /// - Throws: `GeometryError.option` for an option outside its range.
  public init(_ configuration: HMCConfiguration = .init()) throws {
    try configuration.validate()
    self.configuration = configuration
  }

  /// Runs one chain from each row of `starts` `[chain, dimension]`.
  ///
  /// - Parameters:
  ///   - stream: chain c draws from its substream ("chain", c).
  ///   - observer: told after each transition of each block, from any thread; the steps of a block come in order.
  public func run<Target: LogDensity>(
    _ target: Target, starts: Matrix, stream: RandomStream, observer: (@Sendable (HMCObservation) -> Void)? = nil
  ) -> HMCRun {
    precondition(starts.columns == target.dimension, "\(starts.columns) coordinates in \(target.dimension) dimensions")
    let blocks = concurrentMap((starts.rows + Self.blockSize - 1) / Self.blockSize) { block in
      let chains = block * Self.blockSize..<min(starts.rows, (block + 1) * Self.blockSize)
      return run(target, chains: chains, of: starts, stream: stream, observer: observer)
    }
    let positions = Matrix(
      rows: starts.rows, columns: starts.columns, values: blocks.flatMap { $0.positions.values })
    return HMCRun(
      starts: starts, positions: positions, logDensity: blocks.flatMap(\.logDensity),
      acceptance: blocks.flatMap(\.acceptance), displacement: blocks.flatMap(\.displacement),
      divergences: blocks.flatMap(\.divergences))
  }

  private func run<Target: LogDensity>(
    _ target: Target, chains: Range<Int>, of starts: Matrix, stream: RandomStream,
    observer: (@Sendable (HMCObservation) -> Void)?
  ) -> HMCRun {
    var transition = HMCTransition(
      target: target, rows: Self.blockSize, stepSize: configuration.stepSize,
      leapfrogSteps: configuration.leapfrogSteps)
    transition.velocityDeviation = velocityDeviation
    // A last block that is not full repeats its first chain's start, so that every product has the same shape.
    let rows = chains + [Int](repeating: chains.lowerBound, count: Self.blockSize - chains.count)
    var state = transition.state(at: starts.selectingRows(rows))
    var streams = chains.map { stream.substream("chain", index: $0) }
    var information = HMCInformation(chains: chains.count)
    var acceptance = [Double](repeating: 0, count: chains.count)
    var divergences = [Int](repeating: 0, count: chains.count)
    let own = Array(0..<chains.count)
    for step in 1...configuration.steps {
      transition.advance(&state, streams: &streams, information: &information)
      for chain in own {
        acceptance[chain] += information.acceptanceProbability[chain]
        if information.diverged[chain] { divergences[chain] += 1 }
      }
      observer?(
        HMCObservation(
          step: step, chains: chains, positions: state.positions.selectingRows(own), information: information))
    }
    let first = starts.selectingRows(Array(chains))
    let last = state.positions.selectingRows(own)
    return HMCRun(
      starts: first, positions: last, logDensity: Array(state.evaluation.logDensity.prefix(chains.count)),
      acceptance: acceptance.map { $0 / Double(configuration.steps) },
      displacement: own.map { chain in
        zip(first.row(chain), last.row(chain)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      },
      divergences: divergences)
  }
}

/// One transition for a block of chains: the body of Algorithm 2's loop.
///
/// The gradient at the end of one leapfrog step is the gradient at the start of the next, and the one at the end of an
/// accepted trajectory starts the next trajectory: it is evaluated once per leapfrog step.
public struct HMCTransition<Target: LogDensity> {
  /// What is sampled.
  public let target: Target
  /// Length of a leapfrog step.
  public var stepSize: Double
  /// Leapfrog steps of a trajectory, at least 1.
  public var leapfrogSteps: Int
  package var velocityDeviation = 1.0

  private let rows: Int
  private var workspace: Target.Workspace
  private var proposal: HMCState
  private var velocities: Matrix

  /// A transition with working memory for `rows` chains.
  public init(target: Target, rows: Int, stepSize: Double, leapfrogSteps: Int) {
    self.target = target
    self.rows = rows
    self.stepSize = stepSize
    self.leapfrogSteps = leapfrogSteps
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
    Self.integrate(&state, &velocities, target, stepSize, leapfrogSteps, &workspace)
  }

  /// Moves the first `streams.count` chains by one transition and tells what happened.
  ///
  /// - Parameters:
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
    Self.integrate(&proposal, &velocities, target, stepSize, leapfrogSteps, &workspace)
    for chain in 0..<chains {
      // From the differences of each kind of energy: the energies themselves may be large and nearly equal.
      let error =
        information.energyError[chain] + velocities.halfSquaredNorm(ofRow: chain)
        - (proposal.evaluation.logDensity[chain] - state.evaluation.logDensity[chain])
      let probability = error.isNaN ? 0 : min(1, exp(-error))
      let accepted = streams[chain].uniform() < probability
      information.energyError[chain] = error
      information.acceptanceProbability[chain] = probability
      information.accepted[chain] = accepted
      information.diverged[chain] = !(error <= 1000)
      if accepted { state.copyRow(chain, from: proposal) }
    }
  }

  private static func integrate(
    _ state: inout HMCState, _ velocities: inout Matrix, _ target: Target, _ stepSize: Double, _ leapfrogSteps: Int,
    _ workspace: inout Target.Workspace
  ) {
    for step in 1...leapfrogSteps {
      velocities.add(state.evaluation.gradient, times: stepSize / 2)
      state.positions.add(velocities, times: stepSize)
      target.evaluate(
        at: state.positions, into: &state.evaluation, includingLogDensity: step == leapfrogSteps, workspace: &workspace)
      velocities.add(state.evaluation.gradient, times: stepSize / 2)
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
  fileprivate mutating func add(_ other: Matrix, times factor: Double) {
    for index in values.indices { values[index] += factor * other.values[index] }
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
