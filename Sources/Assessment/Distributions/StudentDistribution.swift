import Foundation

/// Student's t distribution.
public struct StudentDistribution: Sendable, Equatable {
  /// Greater than 0.
  public let degreesOfFreedom: Double

  public init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "a t distribution with \(degreesOfFreedom) degrees of freedom")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// P(T <= t).
  public func cumulative(_ t: Double) -> Double { t < 0 ? upperTail(-t) : 1 - upperTail(t) }

  /// P(|T| >= |t|).
  public func twoSided(_ t: Double) -> Double { 2 * upperTail(abs(t)) }

  /// The t with P(T <= t) = `probability`, which must lie in (0, 1).
  public func quantile(_ probability: Double) -> Double {
    precondition(probability > 0 && probability < 1, "a t quantile at \(probability)")
    return TailInversion.quantile(probability, upperTail: upperTail)
  }

  /// P(T > t) for t >= 0, by half the regularised incomplete beta function at v / (v + t^2).
  private func upperTail(_ t: Double) -> Double {
    if t.isInfinite { return 0 }
    let square = t * t
    return 0.5
      * IncompleteBeta.regularised(
        a: degreesOfFreedom / 2, b: 0.5, x: degreesOfFreedom / (degreesOfFreedom + square),
        complement: square / (degreesOfFreedom + square))
  }
}

/// The regularised incomplete beta function I_x(a, b).
///
/// Source: Press et al., "Numerical Recipes", 3rd edition, 6.4: the continued fraction by Lentz's method, with the
/// symmetry I_x(a, b) = 1 - I_(1-x)(b, a) where it converges faster.
enum IncompleteBeta {
  /// - Parameter complement: 1 - x, given apart so that no digits are lost near 1.
  static func regularised(a: Double, b: Double, x: Double, complement: Double) -> Double {
    if x <= 0 { return 0 }
    if complement <= 0 { return 1 }
    let logarithm: Double = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(complement)
    let front = exp(logarithm)
    return x < (a + 1) / (a + b + 2)
      ? front * fraction(a, b, x) / a : 1 - front * fraction(b, a, complement) / b
  }

  private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    func kept(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / kept(1 - (a + b) * x / (a + 1))
    var result = d
    for index in 1...100_000 {
      let m = Double(index)
      for numerator in [
        m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
      ] {
        d = 1 / kept(1 + numerator * d)
        c = kept(1 + numerator / c)
        result *= c * d
      }
      if abs(c * d - 1) < 1e-16 { break }
    }
    return result
  }
}
