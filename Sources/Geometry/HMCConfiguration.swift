/// How Hamiltonian Monte Carlo is run.
public enum HMCMode: String, Codable, Sendable, CaseIterable {
  /// Algorithm 2 to the letter: a fixed step size and number of steps, unit mass, a start at a random posterior mean.
  case paper
}

/// The options of Hamiltonian Monte Carlo (Algorithm 2). The defaults are the paper's.
public struct HMCConfiguration: Codable, Sendable, Equatable {
  /// Which variant of the algorithm runs.
  public var mode: HMCMode
  /// Transitions of each chain, at least 1; the paper's N.
  public var steps: Int
  /// Leapfrog steps in each transition, at least 1.
  public var leapfrogSteps: Int
  /// Length of a leapfrog step, greater than 0; the paper's epsilon.
  public var stepSize: Double

  public init(mode: HMCMode = .paper, steps: Int = 100, leapfrogSteps: Int = 10, stepSize: Double = 0.01) {
    self.mode = mode
    self.steps = steps
    self.leapfrogSteps = leapfrogSteps
    self.stepSize = stepSize
  }

  /// Checks every option's range.
  ///
  /// - Throws: `GeometryError.option` for the first one outside it.
  public func validate() throws {
    for (name, value) in [("steps", steps), ("leapfrogSteps", leapfrogSteps)] where value < 1 {
      throw GeometryError.option(name: name, expected: "a whole number of at least 1", actual: "\(value)")
    }
    guard stepSize > 0 && stepSize.isFinite else {
      throw GeometryError.option(name: "stepSize", expected: "a number greater than 0", actual: "\(stepSize)")
    }
  }

  /// Reads the options that are there; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let defaults = HMCConfiguration()
    mode = try container.decodeIfPresent(HMCMode.self, forKey: .mode) ?? defaults.mode
    steps = try container.decodeIfPresent(Int.self, forKey: .steps) ?? defaults.steps
    leapfrogSteps = try container.decodeIfPresent(Int.self, forKey: .leapfrogSteps) ?? defaults.leapfrogSteps
    stepSize = try container.decodeIfPresent(Double.self, forKey: .stepSize) ?? defaults.stepSize
  }
}
