import Foundation
import Parallelism
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
  /// Standard deviation of the velocities. Anything but 1 contradicts the energy: it is what the published code does,
  /// and here for tests that must fail.
  package var velocityDeviation = 1.0
  /// Whether exp(-H) / exp(-H_0) is formed in single precision, as the published code does. It loses chains silently.
  package var exponentiatesEnergies = false
  /// Whether jumps between islands are corrected. False is here for tests that must fail.
  package var correctsCrossing = true

  /// Chains that share each matrix product.
  static let blockSize = 32

  /// - Throws: `GeometryError.option` for an option outside its range.
  public init(_ configuration: HMCConfiguration = .init()) throws {
    try configuration.validate()
    self.configuration = configuration
  }

  /// Runs one chain from each start, with the step size, leapfrog steps and number of steps of the configuration, none
  /// of which may be left to a pilot run.
  ///
  /// - Parameters:
  ///   - target: the density that is sampled.
  ///   - starts: where the chains begin, `[chain, dimension]`.
  ///   - stream: chain c draws from its substream ("chain", c).
  ///   - observer: told after each transition of each block, from any thread; the steps of a block come in order.
  public func run<Target: LogDensity>(
    _ target: Target, starts: Matrix, stream: RandomStream, observer: (@Sendable (HMCObservation) -> Void)? = nil
  ) -> HMCRun {
    guard let (kernel, steps) = configuration.given(scales: nil) else {
      preconditionFailure("a step size, leapfrog steps or steps that a pilot run has to find")
    }
    return run(
      target, kernel: kernel, steps: steps, starts: starts, crossing: nil, stream: stream,
      observer: observer)
  }

  /// Runs `steps` transitions of a kernel from each row of `starts`.
  package func run<Target: LogDensity>(
    _ target: Target, kernel: HMCKernel, steps: Int, starts: Matrix, crossing: (any IndependenceProposal)?,
    stream: RandomStream, observer: (@Sendable (HMCObservation) -> Void)? = nil
  ) -> HMCRun {
    precondition(starts.columns == target.dimension, "\(starts.columns) coordinates in \(target.dimension) dimensions")
    let blocks = concurrentMap((starts.rows + Self.blockSize - 1) / Self.blockSize) { number in
      let chains = number * Self.blockSize..<min(starts.rows, (number + 1) * Self.blockSize)
      var block = block(
        target, kernel: kernel, starts: starts.selectingRows(Array(chains)), firstChain: chains.lowerBound,
        crossing: crossing, stream: stream)
      return block.run(steps, observer: observer)
    }
    return HMCRun(joining: blocks, dimension: starts.columns)
  }

  /// A block of chains at their starts `[chain, dimension]`, at most `blockSize`.
  func block<Target: LogDensity>(
    _ target: Target, kernel: HMCKernel, starts: Matrix, firstChain: Int = 0, crossing: (any IndependenceProposal)?,
    stream: RandomStream
  ) -> HMCBlock<Target> {
    var transition = HMCTransition(
      target: target, rows: Self.blockSize, stepSize: kernel.stepSize, leapfrogSteps: kernel.leapfrogSteps,
      scales: kernel.scales)
    transition.velocityDeviation = velocityDeviation
    transition.exponentiatesEnergies = exponentiatesEnergies
    transition.correctsCrossing = correctsCrossing
    return HMCBlock(
      transition: transition, kernel: kernel, starts: starts, firstChain: firstChain, crossing: crossing,
      stream: stream)
  }
}
