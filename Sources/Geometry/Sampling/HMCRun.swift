/// Where some chains of Hamiltonian Monte Carlo are: all that the next transition needs to know.
public struct HMCState: Sendable, Equatable {
  /// `[chain, dimension]`.
  public internal(set) var positions: Matrix
  /// The log density and its gradient there.
  public internal(set) var evaluation: DensityEvaluation
}

/// What happened in one transition, per chain; the new state is told apart from it.
public struct HMCInformation: Sendable, Equatable {
  /// min(1, exp(-energy error)), `[chain]`; 0 when the energy error is not a number.
  public internal(set) var acceptanceProbability: [Double]
  /// Whether the chain moved to the end of its trajectory, `[chain]`.
  public internal(set) var accepted: [Bool]
  /// Energy -log p(z) + |v|^2 / 2 at the start of the trajectory, with the velocity just drawn, `[chain]`.
  public internal(set) var energy: [Double]
  /// Energy at the end of the trajectory less that at its start, `[chain]`; 0 for an exact integrator.
  public internal(set) var energyError: [Double]
  /// Whether the energy error exceeded 1000 or was not a number, `[chain]`: the integrator lost the trajectory.
  public internal(set) var diverged: [Bool]
  /// Whether the chain then took a jump that was proposed to it, `[chain]`.
  public internal(set) var crossed: [Bool]

  init(chains: Int) {
    acceptanceProbability = [Double](repeating: 0, count: chains)
    accepted = [Bool](repeating: false, count: chains)
    energy = acceptanceProbability
    energyError = acceptanceProbability
    diverged = accepted
    crossed = accepted
  }
}

/// What an observer of a run is told after each transition of a block of chains.
public struct HMCObservation: Sendable {
  /// The transition's number, from 1.
  public let step: Int
  /// The chains of this block.
  public let chains: Range<Int>
  /// Where they are now, `[chain of the block, dimension]`.
  public let positions: Matrix
  /// Log density there, up to a constant, `[chain of the block]`.
  public let logDensity: [Double]
  /// What happened in this transition, `[chain of the block]`.
  public let information: HMCInformation
}

/// Where the chains of a run ended, and how they fared.
public struct HMCRun: Sendable, Equatable {
  /// First position of each chain, `[chain, dimension]`.
  public let starts: Matrix
  /// Last position of each chain, `[chain, dimension]`.
  public let positions: Matrix
  /// Log density at the last position, up to a constant, `[chain]`.
  public let logDensity: [Double]
  /// Mean over transitions of the acceptance probability, `[chain]`.
  public let acceptance: [Double]
  /// Euclidean distance from the first position to the last, `[chain]`.
  public let displacement: [Double]
  /// How many transitions diverged, `[chain]`.
  public let divergences: [Int]
  /// How many jumps between islands were accepted, `[chain]`.
  public let crossings: [Int]
}

extension HMCRun {
  /// One run of the chains of several, in order.
  init(joining runs: [HMCRun], dimension: Int) {
    func joined(_ matrix: (HMCRun) -> Matrix) -> Matrix {
      let values = runs.flatMap { matrix($0).values }
      return Matrix(rows: values.count / max(dimension, 1), columns: dimension, values: values)
    }
    self.init(
      starts: joined(\.starts), positions: joined(\.positions), logDensity: runs.flatMap(\.logDensity),
      acceptance: runs.flatMap(\.acceptance), displacement: runs.flatMap(\.displacement),
      divergences: runs.flatMap(\.divergences), crossings: runs.flatMap(\.crossings))
  }
}
