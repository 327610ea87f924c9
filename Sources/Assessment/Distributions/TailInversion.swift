/// Quantiles of a distribution that is symmetric about 0, from its upper tail, by bisection down to the last bit.
enum TailInversion {
  /// - Parameter upperTail: P(X > x) for x >= 0, decreasing.
  static func quantile(_ probability: Double, upperTail: (Double) -> Double) -> Double {
    if probability == 0.5 { return 0 }
    let tail = min(probability, 1 - probability)
    var (low, high) = (0.0, 1.0)
    while upperTail(high) > tail { (low, high) = (high, high * 2) }
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { break }
      if upperTail(middle) > tail { low = middle } else { high = middle }
    }
    return probability < 0.5 ? -high : high
  }
}
