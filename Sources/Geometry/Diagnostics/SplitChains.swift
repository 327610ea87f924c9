import Foundation

/// The parts that the convergence diagnostics are made of; chains are `[chain][draw]`.
enum SplitChains {
  /// The two halves of each chain; the middle draw of an odd number is left out.
  static func split(_ chains: [[Double]]) -> [[Double]] {
    precondition(
      chains.allSatisfy { $0.count >= 4 && $0.count == chains[0].count }, "chains of unlike or too few draws")
    let half = chains[0].count / 2
    return chains.flatMap { [Array($0.prefix(half)), Array($0.suffix(half))] }
  }

  /// The normal quantile of (rank - 3/8) / (draws + 1/4), ranks over all chains; equal values share their mean rank.
  static func rankNormalised(_ chains: [[Double]]) -> [[Double]] {
    let values = chains.flatMap { $0 }
    let order = values.indices.sorted { values[$0] < values[$1] }
    var scores = [Double](repeating: 0, count: values.count)
    var first = 0
    while first < order.count {
      var last = first
      while last + 1 < order.count && values[order[last + 1]] == values[order[first]] { last += 1 }
      let rank = Double(first + last) / 2 + 1
      let score = NormalQuantile.of((rank - 0.375) / (Double(values.count) + 0.25))
      for position in first...last { scores[order[position]] = score }
      first = last + 1
    }
    let length = chains[0].count
    return chains.indices.map { Array(scores[$0 * length..<($0 + 1) * length]) }
  }

  /// The mean of the chains' sample variances, and the sample variance of their means.
  static func variances(_ chains: [[Double]]) -> (within: Double, between: Double) {
    let count = Double(chains[0].count)
    let means = chains.map { $0.reduce(0, +) / count }
    let within =
      zip(chains, means).map { chain, mean in
        chain.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
      }.reduce(0, +) / Double(chains.count)
    let grand = means.reduce(0, +) / Double(means.count)
    let between =
      means.count < 2 ? 0 : means.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } / Double(means.count - 1)
    return (within, between)
  }
}

enum Quantile {
  /// A quantile of some values, linear between neighbours in order.
  static func of(_ values: [Double], _ probability: Double) -> Double {
    let sorted = values.sorted()
    let position = probability * Double(sorted.count - 1)
    let lower = Int(position)
    let upper = min(lower + 1, sorted.count - 1)
    return sorted[lower] + (position - Double(lower)) * (sorted[upper] - sorted[lower])
  }
}

enum NormalQuantile {
  /// The point below which a standard normal falls with this probability, in (0, 1).
  ///
  /// Newton's method on the error function, from a rational start.
  static func of(_ probability: Double) -> Double {
    precondition(probability > 0 && probability < 1, "the probability \(probability) is not between 0 and 1")
    guard probability < 0.5 else { return probability == 0.5 ? 0 : -of(1 - probability) }
    // Source of the start: Abramowitz and Stegun 26.2.23, error below 4.5e-4.
    let t = (-2 * log(probability)).squareRoot()
    var x =
      (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
    for _ in 0..<3 {
      let error = erfc(-x / 2.0.squareRoot()) / 2 - probability
      x -= error * (2 * Double.pi).squareRoot() * exp(x * x / 2)
    }
    return x
  }
}
