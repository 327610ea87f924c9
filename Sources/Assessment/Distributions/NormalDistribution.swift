import Foundation

/// The standard normal distribution.
public enum NormalDistribution {
  /// P(Z <= z).
  public static func cumulative(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

  /// The z with P(Z <= z) = `probability`, which must lie in (0, 1).
  public static func quantile(_ probability: Double) -> Double {
    precondition(probability > 0 && probability < 1, "a normal quantile at \(probability)")
    return TailInversion.quantile(probability) { 0.5 * erfc($0 / 2.0.squareRoot()) }
  }

  /// P(|Z| >= |z|).
  public static func twoSided(_ z: Double) -> Double { erfc(abs(z) / 2.0.squareRoot()) }
}
