import Foundation

/// Whether chains agree with each other and with their own halves.
///
/// Source: Vehtari, Gelman, Simpson, Carpenter and Buerkner, "Rank-normalization, folding, and localization: an
/// improved R-hat for assessing convergence of MCMC", Bayesian Analysis 2021.
public enum RHat {
  /// The larger of the split R-hat of the ranks and that of the folded ranks. Near 1: chains agree; Stan warns from
  /// 1.01. Infinity when every chain stays where it is and they differ; nil when all draws are equal, which tells nothing.
  ///
  /// - Parameter chains: `[chain][draw]`, at least 4 draws each.
  public static func rankNormalised(_ chains: [[Double]]) -> Double? {
    let split = SplitChains.split(chains)
    let median = Quantile.of(split.flatMap { $0 }, 0.5)
    let folded = split.map { $0.map { abs($0 - median) } }
    guard let middle = plain(SplitChains.rankNormalised(split)) else { return nil }
    // Draws at equal distances from the median leave nothing to fold.
    return max(middle, plain(SplitChains.rankNormalised(folded)) ?? middle)
  }

  /// sqrt((within (n - 1)/n + between/n) / within) of chains as they are; nil when all draws are equal.
  static func plain(_ chains: [[Double]]) -> Double? {
    let count = Double(chains[0].count)
    let (within, between) = SplitChains.variances(chains)
    if between == 0 && within == 0 { return nil }
    return (((count - 1) / count * within + between) / within).squareRoot()
  }
}

/// How many independent draws the draws of some chains are worth.
///
/// Source: Vehtari et al. 2021, sections 3.2 and 4.3; autocorrelations are summed as Geyer's initial monotone sequence.
public enum EffectiveSampleSize {
  /// For the middle of the distribution: of the rank-normalised split chains. Stan asks for 100 per chain. Nil when all
  /// draws are equal.
  ///
  /// - Parameter chains: `[chain][draw]`, at least 4 draws each.
  public static func bulk(_ chains: [[Double]]) -> Double? {
    plain(SplitChains.rankNormalised(SplitChains.split(chains)))
  }

  /// For the tails: the smaller one of the shares below the 5 % and below the 95 % quantile; nil when all draws are equal.
  public static func tail(_ chains: [[Double]]) -> Double? {
    let split = SplitChains.split(chains)
    let all = chains.flatMap { $0 }
    return [0.05, 0.95].compactMap { probability in
      let threshold = Quantile.of(all, probability)
      return plain(split.map { $0.map { $0 <= threshold ? 1 : 0 } })
    }.min()
  }

  /// Of chains as they are; nil when all draws are equal.
  static func plain(_ chains: [[Double]]) -> Double? {
    let (m, n) = (chains.count, chains[0].count)
    let total = Double(m * n)
    let (within, between) = SplitChains.variances(chains)
    let pooled = within * Double(n - 1) / Double(n) + between
    guard pooled > 0 else { return nil }
    let centred = chains.map { chain in
      let mean = chain.reduce(0, +) / Double(n)
      return chain.map { $0 - mean }
    }
    func correlation(_ lag: Int) -> Double {
      var sum = 0.0
      for chain in centred {
        for index in 0..<n - lag { sum += chain[index] * chain[index + lag] }
      }
      return 1 - (within - sum / Double(m * n)) / pooled
    }
    var previous = Double.infinity
    var time = -1.0
    var lag = 0
    while lag + 1 < n {
      let even = lag == 0 ? 1 : correlation(lag)
      let pair = even + correlation(lag + 1)
      guard pair > 0 && lag + 2 <= n - 3 else {
        // A last even lag that is still positive counts once, which helps antithetic chains.
        if even > 0 { time += even }
        break
      }
      previous = min(previous, pair)
      time += 2 * previous
      lag += 2
    }
    return total / max(time, 1 / log10(total))
  }
}

/// How well velocities drawn anew carry chains over the energies of the density.
///
/// Source: Betancourt, "Diagnosing suboptimal cotangent disintegrations in Hamiltonian Monte Carlo", 2016.
public enum EnergyFraction {
  /// E-BFMI of one chain's energies, each with the velocity just drawn; Stan warns below 0.3. Nil when all are
  /// equal.
  public static func of(_ energies: [Double]) -> Double? {
    let mean = energies.reduce(0, +) / Double(max(energies.count, 1))
    let spread = energies.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let changes = zip(energies, energies.dropFirst()).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
    return spread > 0 ? changes / spread : nil
  }
}
