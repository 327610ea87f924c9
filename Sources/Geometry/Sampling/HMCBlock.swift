import Randomness

/// Chains that move side by side, and what has been learned of them so far.
struct HMCBlock<Target: LogDensity> {
  var kernel: HMCKernel
  private(set) var state: HMCState
  /// What happened in the last transition, `[chain]`.
  private(set) var information: HMCInformation

  private var transition: HMCTransition<Target>
  private var streams: [RandomStream]
  private let starts: Matrix
  private let firstChain: Int
  private let crossing: (any IndependenceProposal)?
  private let stream: RandomStream
  private let own: [Int]

  init(
    transition: HMCTransition<Target>, kernel: HMCKernel, starts: Matrix, firstChain: Int,
    crossing: (any IndependenceProposal)?, stream: RandomStream
  ) {
    self.transition = transition
    self.kernel = kernel
    self.starts = starts
    self.firstChain = firstChain
    self.crossing = crossing
    self.stream = stream
    own = Array(0..<starts.rows)
    // A block that is not full repeats its first chain's start, so that every product has the same shape.
    let rows = own + [Int](repeating: 0, count: HamiltonianMonteCarlo.blockSize - starts.rows)
    state = self.transition.state(at: starts.selectingRows(rows))
    streams = own.map { stream.substream("chain", index: firstChain + $0) }
    information = HMCInformation(chains: starts.rows)
  }

  /// Moves every chain by the transition of that number, from 1, and proposes a jump to another island.
  mutating func advance(step: Int) {
    transition.stepSize = kernel.stepSize
    transition.leapfrogSteps = kernel.leapfrogSteps(ofTransition: step, stream: stream)
    transition.advance(&state, streams: &streams, information: &information)
    if let crossing { transition.cross(&state, by: crossing, streams: &streams, information: &information) }
  }

  /// Runs so many transitions and sums up.
  mutating func run(_ steps: Int, observer: (@Sendable (HMCObservation) -> Void)?) -> HMCRun {
    var acceptance = [Double](repeating: 0, count: own.count)
    var divergences = [Int](repeating: 0, count: own.count)
    var crossings = divergences
    for step in 1...steps {
      advance(step: step)
      for chain in own {
        acceptance[chain] += information.acceptanceProbability[chain]
        if information.diverged[chain] { divergences[chain] += 1 }
        if information.crossed[chain] { crossings[chain] += 1 }
      }
      observer?(
        HMCObservation(
          step: step, chains: firstChain..<firstChain + own.count, positions: state.positions.selectingRows(own),
          logDensity: Array(state.evaluation.logDensity.prefix(own.count)), information: information))
    }
    let last = state.positions.selectingRows(own)
    return HMCRun(
      starts: starts, positions: last, logDensity: Array(state.evaluation.logDensity.prefix(own.count)),
      acceptance: acceptance.map { $0 / Double(steps) },
      displacement: own.map { chain in
        zip(starts.row(chain), last.row(chain)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      },
      divergences: divergences, crossings: crossings)
  }
}
