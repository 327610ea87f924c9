/// How Hamiltonian Monte Carlo is run: a mode is a set of defaults, each of which can be set by itself.
public enum HMCMode: String, Codable, Sendable, CaseIterable {
  /// Algorithm 2 to the letter: a fixed step size and number of steps, unit mass, a start at a random posterior mean.
  case paper
  /// The same target, with a step size, trajectories, masses and starts that explore it.
  case calibrated
  /// What the authors' released code does, which samples another density. For comparison only.
  case publishedCode = "published-code"
}

/// The mass of each latent coordinate.
public enum HMCMass: String, Codable, Sendable, CaseIterable {
  /// 1 for all.
  case unit
  /// The inverse of the islands' typical variance, rho^2 / d times the geometric mean of the posterior variances.
  case islands
}

/// How chains pass from one island of the density to another.
public enum IslandCrossing: String, Codable, Sendable, CaseIterable {
  /// Only as Hamiltonian dynamics lead them.
  case none
  /// After each transition a jump is proposed from a mixture of Gaussians over all islands, and accepted or refused so
  /// that the density stays as it is. See `IslandMixture`.
  case islands
}

/// Which centroids chains start from.
public enum ChainStarts: String, Codable, Sendable, CaseIterable {
  /// Each drawn at random.
  case random
  /// Every centroid is used before any is used twice.
  case dispersed
}

/// The options of Hamiltonian Monte Carlo (Algorithm 2). The defaults are the paper's.
public struct HMCConfiguration: Codable, Sendable, Equatable {
  /// Which variant of the algorithm runs.
  public var mode: HMCMode
  /// Transitions of each chain, at least 1; the paper's N. Nil: as many as a pilot run finds that mixing needs, up to
  /// `HMCConfiguration.stepBudget`.
  public var steps: Int?
  /// Leapfrog steps in each transition, at least 1. Nil: a quarter of an island's period, divided by the step size.
  public var leapfrogSteps: Int?
  /// Length of a leapfrog step, greater than 0; the paper's epsilon. With `mass` `islands` it is in units of an
  /// island's deviation. Nil: found by dual averaging in a pilot run, then frozen.
  public var stepSize: Double?
  /// The mean acceptance probability that dual averaging aims at, between 0 and 1.
  public var targetAcceptance: Double
  /// Whether the number of leapfrog steps is drawn anew for each transition, evenly from 1 ... 2 L - 1.
  public var jitter: Bool
  public var mass: HMCMass
  public var crossing: IslandCrossing
  public var starts: ChainStarts

  /// The most transitions that a pilot run asks for.
  public static let stepBudget = 200

  public init(
    mode: HMCMode = .paper, steps: Int? = 100, leapfrogSteps: Int? = 10, stepSize: Double? = 0.01,
    targetAcceptance: Double = 0.8, jitter: Bool = false, mass: HMCMass = .unit, crossing: IslandCrossing = .none,
    starts: ChainStarts = .random
  ) {
    self.mode = mode
    self.steps = steps
    self.leapfrogSteps = leapfrogSteps
    self.stepSize = stepSize
    self.targetAcceptance = targetAcceptance
    self.jitter = jitter
    self.mass = mass
    self.crossing = crossing
    self.starts = starts
  }

  /// The defaults of a mode.
  public static func defaults(of mode: HMCMode) -> HMCConfiguration {
    switch mode {
    case .paper, .publishedCode: HMCConfiguration(mode: mode)
    case .calibrated:
      HMCConfiguration(
        mode: mode, steps: nil, leapfrogSteps: nil, stepSize: nil, jitter: true, mass: .islands,
        crossing: .islands, starts: .dispersed)
    }
  }

  /// Whether something has to be found by a pilot run.
  package var needsPilot: Bool { given(scales: nil) == nil }

  /// The kernel and number of transitions that the options give; nil where a pilot run has to find something.
  ///
  /// - Parameter scales: one over the square root of each coordinate's mass; nil: 1.
  func given(scales: [Double]?) -> (kernel: HMCKernel, steps: Int)? {
    guard let steps, let leapfrogSteps, let stepSize else { return nil }
    return (
      HMCKernel(stepSize: stepSize, leapfrogSteps: leapfrogSteps, jitter: jitter, scales: scales), steps
    )
  }

  /// Checks every option's range.
  ///
  /// - Throws: `GeometryError.option` for the first one outside it.
  public func validate() throws {
    for (name, value) in [("steps", steps), ("leapfrogSteps", leapfrogSteps)] {
      guard let value, value < 1 else { continue }
      throw GeometryError.option(name: name, expected: "a whole number of at least 1", actual: "\(value)")
    }
    if let stepSize, !(stepSize > 0 && stepSize.isFinite) {
      throw GeometryError.option(name: "stepSize", expected: "a number greater than 0", actual: "\(stepSize)")
    }
    guard targetAcceptance > 0 && targetAcceptance < 1 else {
      throw GeometryError.option(
        name: "targetAcceptance", expected: "a number between 0 and 1", actual: "\(targetAcceptance)")
    }
  }

  /// Reads the options that are there; the others keep the mode's defaults.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let mode = try container.decodeIfPresent(HMCMode.self, forKey: .mode) ?? .paper
    self = .defaults(of: mode)
    steps = try container.decodeIfPresent(Int.self, forKey: .steps) ?? steps
    leapfrogSteps = try container.decodeIfPresent(Int.self, forKey: .leapfrogSteps) ?? leapfrogSteps
    stepSize = try container.decodeIfPresent(Double.self, forKey: .stepSize) ?? stepSize
    targetAcceptance = try container.decodeIfPresent(Double.self, forKey: .targetAcceptance) ?? targetAcceptance
    jitter = try container.decodeIfPresent(Bool.self, forKey: .jitter) ?? jitter
    mass = try container.decodeIfPresent(HMCMass.self, forKey: .mass) ?? mass
    crossing = try container.decodeIfPresent(IslandCrossing.self, forKey: .crossing) ?? crossing
    starts = try container.decodeIfPresent(ChainStarts.self, forKey: .starts) ?? starts
  }
}
