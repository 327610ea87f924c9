import Geometry

/// A named way of sampling the manifold.
public enum SamplerMode: String, CaseIterable, Sendable {
  case paper, calibrated
  case publishedCode = "published-code"
}

/// The mass of each latent coordinate.
public enum SamplerMass: String, CaseIterable, Sendable {
  case auto, unit, islands
}

/// How chains pass between islands.
public enum SamplerCrossing: String, CaseIterable, Sendable {
  case auto, none, islands
}

/// Where chains start.
public enum SamplerStarts: String, CaseIterable, Sendable {
  case auto, random, dispersed
}

/// Hamiltonian Monte Carlo on the manifold (the paper's Algorithm 2). Nil and `auto` stand for the mode's own choice.
public struct SamplerSettings: Sendable, Equatable {
  public var mode = SamplerMode.calibrated
  public var steps: Int?
  public var leapfrogSteps: Int?
  public var stepSize: Double?
  public var targetAcceptance = 0.8
  public var mass = SamplerMass.auto
  public var crossing = SamplerCrossing.auto
  public var starts = SamplerStarts.auto
  /// Draws of each of the four chains of a diagnostic run; 0: none.
  public var diagnosticDraws = 0

  public init() {}

  static let section = RecipeSection(
    name: "sampler", meaning: "Hamiltonian Monte Carlo on the manifold (paper, Algorithm 2)",
    settings: [
      .choice(
        "sampler.mode", \.sampler.mode,
        "calibrated finds a step size and a number of steps that explore the manifold, and makes its volume finite "
          + "(metric.tau); paper is Algorithm 2 to the letter; published-code does what the authors' released code "
          + "does, which samples another density. A mode sets what is auto below and metric.tau.",
        source: "paper, Algorithm 2"),
      .integer(
        "sampler.steps", \.sampler.steps, 1...10_000_000, or: "auto",
        "Transitions before a sample is taken; one sample from each chain. Auto: 100 as in the paper; calibrated, "
          + "ten times the time after which a pilot run forgets where it was, from 20 to 200.",
        source: "paper, Appendix B.3: N = 100"),
      .integer(
        "sampler.leapfrog-steps", \.sampler.leapfrogSteps, 1...100_000, or: "auto",
        "Leapfrog steps in one transition. Auto: 10 as in the paper; calibrated, a quarter of an island's period.",
        source: "paper, Appendix B.3: 10"),
      .number(
        "sampler.step-size", \.sampler.stepSize, .above(0), or: "auto",
        "The length of one leapfrog step, in latent units, or in an island's deviations with mass islands. Auto: "
          + "0.01 as in the paper; calibrated, by dual averaging in a pilot run.",
        source: "paper, Appendix B.3: 0.01; Hoffman and Gelman, JMLR 2014"),
      .number(
        "sampler.target-acceptance", \.sampler.targetAcceptance, .between(0, 1),
        "The acceptance that an automatic step size aims at.", source: "Stan"),
      .choice(
        "sampler.mass", \.sampler.mass,
        "The mass of each latent coordinate: unit, or islands, the inverse of the islands' typical variance. Auto: "
          + "unit as in the paper, islands when calibrated."),
      .choice(
        "sampler.crossing", \.sampler.crossing,
        "islands lets chains jump to other islands by a proposal with a Metropolis correction; none leaves each chain "
          + "to its dynamics, which seldom leave an island on small sets. Auto: none as in the paper, islands when "
          + "calibrated."),
      .choice(
        "sampler.starts", \.sampler.starts,
        "Chains start at centroids: random, or dispersed, every one used before any is used twice. Auto: random as "
          + "in the paper, dispersed when calibrated.",
        source: "paper, Appendix B.3: at random or at centroids"),
      .integer(
        "sampler.diagnostic-draws", \.sampler.diagnosticDraws, 0...1_000_000,
        "Transitions of each of 4 further chains that tell how well the sampler mixes (R-hat, effective sample size, "
          + "E-BFMI), at least 4; 0 leaves them out. Option --diagnose takes 1,000."),
    ])
}

extension SamplerSettings {
  /// The mode's configuration with what is set by itself.
  var configuration: HMCConfiguration {
    var configuration = HMCConfiguration.defaults(of: HMCMode(rawValue: mode.rawValue)!)
    configuration.steps = steps ?? configuration.steps
    configuration.leapfrogSteps = leapfrogSteps ?? configuration.leapfrogSteps
    configuration.stepSize = stepSize ?? configuration.stepSize
    configuration.targetAcceptance = targetAcceptance
    configuration.mass = HMCMass(rawValue: mass.rawValue) ?? configuration.mass
    configuration.crossing = IslandCrossing(rawValue: crossing.rawValue) ?? configuration.crossing
    configuration.starts = ChainStarts(rawValue: starts.rawValue) ?? configuration.starts
    return configuration
  }
}
