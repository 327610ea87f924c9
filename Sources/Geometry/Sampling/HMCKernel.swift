import Randomness

/// What one transition of Hamiltonian Monte Carlo does, with nothing left to find: the same for all chains, and frozen.
public struct HMCKernel: Codable, Sendable, Equatable {
  /// Length of a leapfrog step, in units of `scales` where they are given.
  public var stepSize: Double
  /// Leapfrog steps of a trajectory, at least 1.
  public var leapfrogSteps: Int
  /// Whether each transition draws its number of leapfrog steps L evenly from 1 ... 2 L - 1.
  public var jitter: Bool
  /// One over the square root of each coordinate's mass, `[dimension]`; nil: 1.
  public var scales: [Double]?

  public init(stepSize: Double, leapfrogSteps: Int, jitter: Bool = false, scales: [Double]? = nil) {
    self.stepSize = stepSize
    self.leapfrogSteps = leapfrogSteps
    self.jitter = jitter
    self.scales = scales
  }

  /// The leapfrog steps of a transition. All chains share them; they come from ("trajectory", step) of `stream`, so
  /// that they depend neither on the chains nor on where they are, which would change what is sampled.
  func leapfrogSteps(ofTransition step: Int, stream: RandomStream) -> Int {
    guard jitter && leapfrogSteps > 1 else { return leapfrogSteps }
    var stream = stream.substream("trajectory", index: step)
    return 1 + stream.index(below: 2 * leapfrogSteps - 1)
  }
}

/// Draws points independently of where a chain is, and knows their density: for jumps between islands.
public protocol IndependenceProposal: Sendable {
  /// A point `[dimension]`.
  func draw(_ stream: inout RandomStream) -> [Double]
  /// The logarithm of the density of the points drawn, up to a constant, at each row of `positions`.
  func logDensities(at positions: Matrix) -> [Double]
}
