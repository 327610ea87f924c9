/// How a tempered Hamiltonian flow cools: from 1 / sqrt(beta_0) times the momentum to 1 over its leapfrog steps.
///
/// Source: Caterini, Doucet and Sejdinovic, "Hamiltonian variational auto-encoder", NeurIPS 2018, section 3.2 (quadratic
/// tempering).
package struct Tempering: Sendable, Equatable {
  /// sqrt(beta_0), in (0, 1].
  package var rootBetaZero: Double
  /// Leapfrog steps, at least 1.
  package var steps: Int

  package init(rootBetaZero: Double, steps: Int) {
    (self.rootBetaZero, self.steps) = (rootBetaZero, steps)
  }

  /// sqrt(beta_k) after k steps: 1 / ((1 - 1 / sqrt(beta_0)) (k / K)^2 + 1 / sqrt(beta_0)).
  package func rootBeta(_ step: Int) -> Double {
    let share = Double(step) / Double(steps)
    return 1 / ((1 - 1 / rootBetaZero) * share * share + 1 / rootBetaZero)
  }

  /// What the momentum is multiplied by at the end of step k, from 1 on.
  package func factor(_ step: Int) -> Float { Float(rootBeta(step - 1) / rootBeta(step)) }
}
