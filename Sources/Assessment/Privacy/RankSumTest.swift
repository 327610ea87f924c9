/// Whether values of one kind tend to be smaller than those of another: the rank test of Mann and Whitney, stratified.
///
/// Within each stratum, U counts the pairs in which the first value is the larger one (ties count half). Strata are
/// pooled by van Elteren's weights 1 / (m + n + 1). Variances are corrected for ties.
///
/// Sources: Mann and Whitney, Annals of Mathematical Statistics 18, 1947; van Elteren, 1960. As a test of data copying:
/// Meehan, Chaudhuri and Dasgupta, "A Non-Parametric Test to Detect Data-Copying in Generative Models", AISTATS 2020,
/// section 3.1: z far below 0 means that synthetic images lie nearer to training images than unseen real ones do.
public struct RankSumTest: Codable, Sendable, Equatable {
  /// Below 0 when the first values tend to be smaller; nil when the values have no spread.
  public let z: Double?
  /// U / (m n) over all strata together: 0.5 when neither is larger.
  public let probability: Double

  /// - Parameter strata: first and second values of each; strata without values of both kinds do not count, and at least
  ///   one must count, else nil is given.
  public init?(_ strata: [(first: [Double], second: [Double])]) {
    let usable = strata.filter { !$0.first.isEmpty && !$0.second.isEmpty }
    guard !usable.isEmpty else { return nil }
    var (deviation, variance, wins, pairs) = (0.0, 0.0, 0.0, 0.0)
    for (first, second) in usable {
      let (m, n) = (Double(first.count), Double(second.count))
      let (ranks, tieSum) = MidRanks.of(first + second)
      let u = ranks.prefix(first.count).reduce(0, +) - m * (m + 1) / 2
      let all = m + n
      let weight = 1 / (all + 1)
      deviation += weight * (u - m * n / 2)
      variance += weight * weight * m * n / 12 * (all + 1 - tieSum / (all * (all - 1)))
      wins += u
      pairs += m * n
    }
    z = variance > 0 ? deviation / variance.squareRoot() : nil
    probability = wins / pairs
  }
}

/// Ranks from 1, equal values sharing the mean of theirs.
enum MidRanks {
  /// - Returns: the ranks, and the sum of t^3 - t over groups of t equal values.
  static func of(_ values: [Double]) -> (ranks: [Double], tieSum: Double) {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = [Double](repeating: 0, count: values.count)
    var tieSum = 0.0
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for position in start..<end { ranks[order[position]] = Double(start + 1 + end) / 2 }
      let size = Double(end - start)
      tieSum += size * size * size - size
      start = end
    }
    return (ranks, tieSum)
  }
}
