import Foundation
import Randomness

/// How well a sampler's chains mix, from a run made only to find out.
///
/// Where no chain moved, nothing can be told of how they mix, and every figure of it is nil: equal draws agree perfectly and
/// mean nothing.
public struct ChainDiagnosis: Codable, Sendable, Equatable {
  public let chains: Int
  public let draws: Int
  /// Mean acceptance probability.
  public let acceptance: Double
  public let divergences: Int
  /// Chains that never moved.
  public let frozenChains: Int
  /// The largest rank-normalised split R-hat over all coordinates and the log density; nil: infinite, or it cannot be
  /// told.
  public let largestRHat: Double?
  /// Where that is, such as `coordinate 3` or `log density`.
  public let slowestQuantity: String?
  /// The smallest effective sample size over all quantities, for the middle and for the tails of the distribution.
  public let bulkEffectiveSamples: Double?
  public let tailEffectiveSamples: Double?
  /// The smallest energy Bayesian fraction of missing information over the chains.
  public let energyFraction: Double?

  /// Chains of a diagnostic run, as Stan's.
  static let chainCount = 4

  init<Target>(_ block: HMCBlock<Target>, draws: Int, dimension: Int) {
    var block = block
    var traces = ChainTraces(chains: Self.chainCount, draws: draws, dimension: dimension)
    var acceptance = 0.0
    var divergences = 0
    for draw in 0..<draws {
      block.advance(step: draw + 1)
      traces.record(block, draw: draw)
      acceptance += block.information.acceptanceProbability.reduce(0, +)
      divergences += block.information.diverged.count { $0 }
    }
    chains = Self.chainCount
    self.draws = draws
    self.acceptance = acceptance / Double(Self.chainCount * draws)
    self.divergences = divergences
    frozenChains = traces.frozenChains
    guard frozenChains < chains else {
      (largestRHat, slowestQuantity, bulkEffectiveSamples, tailEffectiveSamples, energyFraction) = (
        nil, nil, nil, nil, nil
      )
      return
    }
    let worst = traces.largestRHat
    largestRHat = worst.flatMap { $0.value.isFinite ? $0.value : nil }
    slowestQuantity = worst?.quantity
    (bulkEffectiveSamples, tailEffectiveSamples) = traces.smallestEffectiveSampleSizes
    energyFraction = traces.smallestEnergyFraction
  }

  /// Whether no chain moved, so that nothing can be told.
  public var isFrozen: Bool { frozenChains == chains }

  /// R-hat as text: infinite where chains that stay apart leave it without a bound.
  public var rHatText: String {
    if isFrozen || slowestQuantity == nil { return "cannot be told" }
    return largestRHat.map { String(format: "%.3f", $0) } ?? "infinite"
  }

  /// What misses Stan's thresholds, in plain words.
  public var warnings: [String] {
    var found: [String] = []
    func add(_ format: String, _ values: CVarArg...) { found.append(String(format: format, arguments: values)) }
    if divergences > 0 {
      add("%d transitions diverged: the steps are too long for the sharpest part of the density", divergences)
    }
    if isFrozen {
      add(
        "none of %d chains moved in %d transitions, so that R-hat, effective sample size and E-BFMI cannot be told: take a "
          + "smaller sampler.step-size", chains, draws)
      return found
    }
    if frozenChains > 0 { add("%d of %d chains never moved in %d transitions", frozenChains, chains, draws) }
    if let slowestQuantity, !((largestRHat ?? .infinity) < 1.01) {
      add(
        "R-hat is %@ (should be below 1.01, worst in %@): chains from different starts do not agree, so each explores "
          + "only a part of the density", largestRHat.map { String(format: "%.2f", $0) } ?? "infinite", slowestQuantity)
    }
    if let bulkEffectiveSamples, let tailEffectiveSamples, min(bulkEffectiveSamples, tailEffectiveSamples) < 400 {
      add(
        "the effective sample size is %.0f in the bulk and %.0f in the tails (should be 400 or more): %d draws are "
          + "worth few independent ones", bulkEffectiveSamples, tailEffectiveSamples, chains * draws)
    }
    if let energyFraction, energyFraction < 0.3 {
      add("E-BFMI is %.2f (should be 0.3 or more): chains change their energy slowly", energyFraction)
    }
    return found
  }
}
