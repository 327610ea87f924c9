import Foundation
import Randomness

/// A short run of chains that are thrown away, to find a kernel and how many of its transitions mixing takes.
///
/// The step size is found by dual averaging over the mean acceptance probability of all pilot chains, and then frozen:
/// the chains whose ends are kept run a kernel that does not change and knows nothing of them, so that it leaves the
/// density as it is. Pilot chains start from dispersed centroids.
public struct HMCPilot: Sendable, Equatable {
  public let kernel: HMCKernel
  /// Transitions of each chain.
  public let steps: Int
  /// Transitions after which a chain is about independent of where it was, for the slowest coordinate; nil when that
  /// was not looked for.
  public let autocorrelationTime: Double?

  /// Whether more steps would be needed than the budget allows.
  public var isShortOfSteps: Bool {
    autocorrelationTime.map { $0 * Self.timesPerSample > Double(HMCConfiguration.stepBudget) } ?? false
  }

  private static let chains = 32
  private static let warmUp = 100
  private static let trace = 200
  private static let leastSteps = 20
  /// Autocorrelation times that a chain runs.
  private static let timesPerSample = 10.0
  private static let mostLeapfrogSteps = 50

  /// A quarter of the period of an island of unit deviation: from a velocity, the way to an independent point.
  private static let trajectoryLength = Double.pi / 2

  init<Target: LogDensity>(
    _ target: Target, sampler: HamiltonianMonteCarlo, centroids: Matrix, scales: [Double]?,
    crossing: (any IndependenceProposal)?, typicalScale: Double, stream: RandomStream
  ) {
    let configuration = sampler.configuration
    let length = Self.trajectoryLength * (scales == nil ? typicalScale : 1)
    func leapfrogSteps(_ stepSize: Double) -> Int {
      configuration.leapfrogSteps
        ?? min(Self.mostLeapfrogSteps, max(1, Int((length / max(stepSize, 1e-12)).rounded())))
    }
    var stepSize = configuration.stepSize ?? 0.5 * (scales == nil ? typicalScale : 1)
    let starts = centroids.selectingRows(
      ChainStarts.dispersed.rows(Self.chains, centroids: centroids.rows, stream: stream))
    var kernel = HMCKernel(
      stepSize: stepSize, leapfrogSteps: leapfrogSteps(stepSize), jitter: configuration.jitter, scales: scales)
    var block = sampler.block(target, kernel: kernel, starts: starts, crossing: crossing, stream: stream)
    if configuration.stepSize == nil {
      var averaging = DualAveraging(initial: stepSize, target: configuration.targetAcceptance)
      for step in 1...Self.warmUp {
        kernel.stepSize = averaging.current
        kernel.leapfrogSteps = leapfrogSteps(averaging.current)
        block.kernel = kernel
        block.advance(step: step)
        averaging.update(
          acceptance: block.information.acceptanceProbability.reduce(0, +) / Double(Self.chains))
      }
      stepSize = averaging.average
      kernel.stepSize = stepSize
      kernel.leapfrogSteps = leapfrogSteps(stepSize)
      block.kernel = kernel
    }
    self.kernel = kernel
    if let steps = configuration.steps {
      self.steps = steps
      autocorrelationTime = nil
      return
    }
    var traces = ChainTraces(chains: Self.chains, draws: Self.trace, dimension: target.dimension)
    for step in 1...Self.trace {
      block.advance(step: Self.warmUp + step)
      traces.record(block, draw: step - 1)
    }
    let time = traces.autocorrelationTime
    autocorrelationTime = time
    steps = min(HMCConfiguration.stepBudget, max(Self.leastSteps, Int((Self.timesPerSample * time).rounded(.up))))
  }
}

extension ChainStarts {
  /// The centroid that each of `count` chains starts from; a longer list begins with a shorter one.
  ///
  /// - Parameter stream: chain c draws from ("start", c); a round of dispersed starts from ("round", number).
  func rows(_ count: Int, centroids: Int, stream: RandomStream) -> [Int] {
    switch self {
    case .random:
      return (0..<count).map { chain in
        var stream = stream.substream("start", index: chain)
        return stream.index(below: centroids)
      }
    case .dispersed:
      let rounds = (count + centroids - 1) / centroids
      return Array(
        (0..<rounds).flatMap { round in
          var stream = stream.substream("round", index: round)
          return stream.permutation(centroids)
        }.prefix(count))
    }
  }
}
