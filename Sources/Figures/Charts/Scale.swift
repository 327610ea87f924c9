import Foundation

/// Maps values onto an axis, as fractions from 0 (its start) to 1 (its end), with ticks at round values.
package struct Scale: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    case linear
    case logarithmic
  }

  package let kind: Kind
  package let lower: Double
  package let upper: Double
  /// A tick's value and its label.
  package let ticks: [Tick]

  package struct Tick: Sendable, Equatable {
    package let value: Double
    package let label: String
  }

  /// A linear axis over all finite `values`, with about `tickCount` ticks, that reaches to the ticks around them when
  /// `reachesTicks`.
  package static func linear(
    covering values: [Double], tickCount: Int = 5, reachesTicks: Bool = true
  ) -> Scale {
    let drawable = values.filter(\.isFinite).map { min(largest, max(-largest, $0)) }
    var lower = drawable.min() ?? 0
    var upper = drawable.max() ?? 1
    if upper - lower <= max(smallest, 1e-13 * max(abs(lower), abs(upper))) {
      let margin = abs(lower) < smallest ? 1 : abs(lower) / 2
      (lower, upper) = (lower - margin, upper + margin)
    }
    let step = roundStep((upper - lower) / Double(max(1, tickCount)))
    if reachesTicks {
      lower = (lower / step + 1e-9).rounded(.down) * step
      upper = (upper / step - 1e-9).rounded(.up) * step
    }
    let first = Int((lower / step - 1e-9).rounded(.up))
    let last = Int((upper / step + 1e-9).rounded(.down))
    let ticks = (first...max(first, last)).map { index in
      Tick(value: Double(index) * step, label: NumberText.tick(Double(index) * step, step: step))
    }
    return Scale(kind: .linear, lower: lower, upper: upper, ticks: ticks)
  }

  /// A logarithmic axis over all positive `values`, reaching to the ticks around them: powers of ten, and twice and
  /// five times these when the values span few powers.
  package static func logarithmic(covering values: [Double]) -> Scale {
    let positive = values.filter { $0.isFinite && $0 > 0 }.map { min(largest, max(smallest, $0)) }
    let lower = positive.min() ?? 1
    let upper = positive.max() ?? 10
    let firstPower = Int(log10(lower).rounded(.down))
    let lastPower = Int(log10(upper).rounded(.up))
    let mantissas: [Double] = log10(upper / lower) < 2.5 ? [1, 2, 5] : [1]
    let stride = max(1, (lastPower - firstPower) / 6)
    var candidates: [Double] = []
    for power in firstPower...(lastPower + 1) where (power - firstPower) % stride == 0 || power > lastPower {
      candidates += mantissas.map { $0 * pow(10, Double(power)) }
    }
    let start = candidates.last { $0 <= lower * (1 + 1e-9) } ?? candidates[0]
    let end = candidates.first { $0 >= upper * (1 - 1e-9) && $0 > start } ?? start * 10
    let ticks = candidates.filter { $0 >= start && $0 <= end }
      .map { Tick(value: $0, label: NumberText.significant($0)) }
    return Scale(kind: .logarithmic, lower: start, upper: end, ticks: ticks)
  }

  /// Where `value` lies, 0 at the axis's start and 1 at its end, or nil when it cannot be drawn on this axis.
  package func fraction(of value: Double) -> Double? {
    guard value.isFinite else { return nil }
    switch kind {
    case .linear: return (value - lower) / (upper - lower)
    case .logarithmic: return value > 0 ? log(value / lower) / log(upper / lower) : nil
    }
  }

  /// Beyond these sizes a difference or a quotient of two values might not be finite.
  private static let largest = 1e150
  private static let smallest = 1e-150

  /// The smallest of 1, 2, 2.5 and 5 times a power of ten that is at least `step`.
  private static func roundStep(_ step: Double) -> Double {
    let power = pow(10, log10(step).rounded(.down))
    return [1, 2, 2.5, 5].map { $0 * power }.first { $0 >= step * (1 - 1e-9) } ?? 10 * power
  }
}
