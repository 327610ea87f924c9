import Foundation

/// How long steps of each kind took, to forecast the next of their like.
package struct StepCosts: Codable, Sendable, Equatable {
  /// Seconds for a unit of work, by kind.
  private var rates: [String: Double] = [:]

  package init() {}

  /// - Parameters:
  ///   - kind: such as `network`.
  ///   - units: the work in it, such as images seen; positive.
  package mutating func record(_ kind: String, units: Double, seconds: Double) {
    guard units > 0, seconds >= 0 else { return }
    let rate = seconds / units
    // The later half counts for half: other work on the machine comes and goes.
    rates[kind] = rates[kind].map { ($0 + rate) / 2 } ?? rate
  }

  /// Seconds; nil for a kind of which no step was done yet.
  package func forecast(_ kind: String, units: Double) -> Double? { rates[kind].map { $0 * units } }
}
