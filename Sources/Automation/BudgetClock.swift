import Foundation

/// The time of a run that is counted over all of its starts.
package struct BudgetClock: Sendable {
  /// Seconds that the run may take.
  package let budget: Double
  private let before: Double
  private let start: Double
  private let now: @Sendable () -> Double

  /// - Parameters:
  ///   - before: seconds that earlier starts took.
  ///   - now: seconds from any fixed moment.
  package init(
    budget: Double, before: Double = 0, now: @escaping @Sendable () -> Double = { ProcessInfo.processInfo.systemUptime }
  ) {
    (self.budget, self.before, self.now) = (budget, before, now)
    start = now()
  }

  /// Seconds since the run began, pauses between its starts left out.
  package var elapsed: Double { before + now() - start }

  package var left: Double { budget - elapsed }

  /// The end of the next of some equal parts of what is left, as a value of `elapsed`.
  package func end(ofNextOf parts: Int, keeping reserve: Double = 0) -> Double {
    let now = elapsed
    return now + max(0, budget - reserve - now) / Double(max(1, parts))
  }
}
