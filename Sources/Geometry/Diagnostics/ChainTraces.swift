import Foundation
import Parallelism

/// What some chains went through, draw by draw: every coordinate, the log density and the energy.
public struct ChainTraces: Sendable {
  public let chains: Int
  public let draws: Int
  public let dimension: Int
  /// `[quantity][chain][draw]`: the coordinates, then the log density.
  private var values: [[[Double]]]
  /// `[chain][draw]`: -log p + |v|^2 / 2 with the velocity just drawn.
  private var energies: [[Double]]

  init(chains: Int, draws: Int, dimension: Int) {
    self.chains = chains
    self.draws = draws
    self.dimension = dimension
    energies = [[Double]](repeating: [Double](repeating: 0, count: draws), count: chains)
    values = [[[Double]]](repeating: energies, count: dimension + 1)
  }

  /// Writes down where a block of all chains is after transition number `draw`, from 0.
  mutating func record<Target>(_ block: HMCBlock<Target>, draw: Int) {
    for chain in 0..<chains {
      for j in 0..<dimension { values[j][chain][draw] = block.state.positions[chain, j] }
      values[dimension][chain][draw] = block.state.evaluation.logDensity[chain]
      energies[chain][draw] = block.information.energy[chain]
    }
  }

  /// The coordinates by number from 1, then `log density`.
  private func name(_ quantity: Int) -> String {
    quantity == dimension ? "log density" : "coordinate \(quantity + 1)"
  }

  /// The mean over chains of the transitions after which a chain is about independent of where it was, for the slowest
  /// quantity: draws over effective draws, with each chain taken about its own mean.
  var autocorrelationTime: Double {
    values.compactMap { chains -> Double? in
      let centred = chains.map { chain in
        let mean = chain.reduce(0, +) / Double(chain.count)
        return chain.map { $0 - mean }
      }
      return EffectiveSampleSize.plain(centred).map { Double(self.chains * draws) / $0 }
    }.filter(\.isFinite).max() ?? Double(draws)
  }

  /// How many chains are where they were after their first transition, in every coordinate, all the way.
  var frozenChains: Int {
    (0..<chains).count { chain in
      (0..<dimension).allSatisfy { quantity in
        let draws = values[quantity][chain]
        return draws.allSatisfy { $0 == draws[0] }
      }
    }
  }

  /// The largest R-hat over all quantities that it can be told of, with the quantity's name; nil when there is none.
  var largestRHat: (value: Double, quantity: String)? {
    let found = concurrentMap(values.count) { RHat.rankNormalised(values[$0]) }
    let known = found.indices.compactMap { index in found[index].map { (value: $0, quantity: name(index)) } }
    return known.max { $0.value < $1.value }
  }

  /// The smallest effective sample sizes over all quantities that they can be told of.
  var smallestEffectiveSampleSizes: (bulk: Double?, tail: Double?) {
    let found = concurrentMap(values.count) {
      (EffectiveSampleSize.bulk(values[$0]), EffectiveSampleSize.tail(values[$0]))
    }
    return (found.compactMap(\.0).min(), found.compactMap(\.1).min())
  }

  /// The smallest over chains of E-BFMI.
  var smallestEnergyFraction: Double? { energies.compactMap(EnergyFraction.of).min() }
}
