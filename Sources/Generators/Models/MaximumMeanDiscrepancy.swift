import Networks
import Tensors

/// How far two sets of points are from being drawn from one distribution, by the unbiased estimate of the squared maximum
/// mean discrepancy.
///
///     1/(n(n-1)) sum_(i != j) (k(x_i, x_j) + k(y_i, y_j)) - 2/n^2 sum_ij k(x_i, y_j)
///
/// It is 0 on average for equal distributions and may be negative.
///
/// Source: Gretton et al., JMLR 2012, Lemma 6; kernels and scales of Tolstikhin et al., ICLR 2018.
public struct MaximumMeanDiscrepancy: Sendable, Equatable {
  /// What is near, by the squared distance r of two points, with c = 2 d bandwidth^2 in d dimensions.
  public enum Kernel: Sendable, Equatable {
    /// sum over scales s of s c / (s c + r), the inverse multiquadratic kernels.
    case inverseMultiquadratic(scales: [Double])
    /// exp(-r / c).
    case gaussian
  }

  /// The scales of Tolstikhin et al.
  public static let usualScales = [0.1, 0.2, 0.5, 1, 2, 5, 10]

  public var kernel: Kernel
  public var bandwidth: Double

  public init(kernel: Kernel = .inverseMultiquadratic(scales: usualScales), bandwidth: Double = 1) {
    self.kernel = kernel
    self.bandwidth = bandwidth
  }

  /// - Parameters:
  ///   - points: `[n, dimension]`, n at least 2.
  ///   - others: as many.
  /// - Returns: one value, of shape `[]`.
  /// - Throws: `GeneratorError.batchTooSmall` for a single point, of which there is no pair.
  package func callAsFunction(_ points: Variable, _ others: Variable) throws -> Variable {
    let count = points.shape[0]
    guard count > 1 else {
      throw GeneratorError.batchTooSmall(what: "the maximum mean discrepancy of 'wae'", needed: 2, actual: count)
    }
    let distinct = Variable(
      Tensor([count, count]) { values in
        for index in values.indices { values[index] = index / count == index % count ? 0 : 1 }
      })
    let base = Float(2 * bandwidth * bandwidth * Double(points.shape[1]))
    let within =
      similarity(points.squaredDistances(to: points), base) + similarity(others.squaredDistances(to: others), base)
    let between = similarity(points.squaredDistances(to: others), base)
    let pairs = Float(count) * Float(count - 1)
    return (1 / pairs) * (within * distinct).sum() - 2 / Float(count * count) * between.sum()
  }

  private func similarity(_ squares: Variable, _ base: Float) -> Variable {
    switch kernel {
    case .gaussian: return (-1 / base * squares).exponential()
    case .inverseMultiquadratic(let scales):
      var sum: Variable?
      for scale in scales {
        let term = Float(scale) * base * (Float(scale) * base + squares).reciprocal()
        sum = sum.map { $0 + term } ?? term
      }
      return sum!
    }
  }
}
