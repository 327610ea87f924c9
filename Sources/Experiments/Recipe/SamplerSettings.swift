/// A named way of sampling the manifold.
public enum SamplerMode: String, CaseIterable, Sendable {
  case paper
}

/// Hamiltonian Monte Carlo on the manifold (the paper's Algorithm 2).
public struct SamplerSettings: Sendable, Equatable {
  public var mode = SamplerMode.paper
  public var steps = 100
  public var leapfrogSteps = 10
  public var stepSize = 0.01

  public init() {}

  static let section = RecipeSection(
    name: "sampler", meaning: "Hamiltonian Monte Carlo on the manifold (paper, Algorithm 2)",
    settings: [
      .choice(
        "sampler.mode", \.sampler.mode, "paper is Algorithm 2 to the letter: unit mass, start at a training image.",
        source: "paper, Algorithm 2"),
      .integer(
        "sampler.steps", \.sampler.steps, 1...10_000_000, "Transitions before a sample is taken; one sample a chain.",
        source: "paper, Algorithm 2: N = 100"),
      .integer(
        "sampler.leapfrog-steps", \.sampler.leapfrogSteps, 1...100_000, "Leapfrog steps in one transition.",
        source: "paper, Algorithm 2: 10"),
      .number(
        "sampler.step-size", \.sampler.stepSize, .above(0), "The length of one leapfrog step in latent space.",
        source: "paper, Algorithm 2: 0.01"),
    ])
}
