/// Count, mean and standard deviation of the values that are defined.
public struct SampleMoments: Codable, Sendable, Equatable {
  /// How many values are defined.
  public let count: Int
  /// Nil for no value.
  public let mean: Double?
  /// With divisor count - 1; nil for fewer than two values.
  public let standardDeviation: Double?

  /// - Parameter values: nil where a figure is not defined.
  public init(_ values: [Double?]) {
    let known = values.compactMap { $0 }
    count = known.count
    guard !known.isEmpty else {
      (mean, standardDeviation) = (nil, nil)
      return
    }
    let mean = known.reduce(0, +) / Double(known.count)
    self.mean = mean
    standardDeviation =
      known.count < 2
      ? nil : (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count - 1)).squareRoot()
  }

  /// The value below which a fraction of the sorted values lies, by linear interpolation (numpy's default).
  ///
  /// - Parameters:
  ///   - fraction: in [0, 1]: 0 gives the smallest value, 0.5 the median, 1 the largest.
  ///   - sorted: ascending, at least one.
  public static func percentile(_ fraction: Double, of sorted: [Double]) -> Double {
    precondition(!sorted.isEmpty && (0...1).contains(fraction), "a percentile at \(fraction) of \(sorted.count) values")
    let position = fraction * Double(sorted.count - 1)
    let low = Int(position)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (position - Double(low)) * (sorted[high] - sorted[low])
  }
}

/// A confidence interval.
public struct Interval: Codable, Sendable, Equatable {
  public let lower: Double
  public let upper: Double

  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }

  func scaled(by factor: Double) -> Interval { Interval(lower: lower * factor, upper: upper * factor) }
}
