import Foundation
import Randomness

/// The islands of a volume density as a mixture of Gaussians: where chains may jump to.
///
/// Near centroid i, and far from the others in units of their weights, G_j = w_i / sigma_ij^2, so that
///
///     sqrt(det G) = prod_j (1 / sigma_ij) exp(-d/2 sum_j (z_j - c_ij)^2 / sigma_ij^2 / rho^2)
///
/// which is a Gaussian N(c_i, rho^2 / d Sigma_i), of the same mass for every i. Islands that overlap have more: each
/// gets the mass of such a Gaussian as high as the density at its centroid. The floor alone, lambda exp(-tau |z|^2), is
/// one more Gaussian, N(0, I / (d tau)), of mass (2 pi lambda / (d tau))^(d/2).
///
/// The mixture only proposes: a Metropolis-Hastings step corrects what it gets wrong.
public struct IslandMixture: IndependenceProposal {
  /// `[component, dimension]`.
  private let variances: Matrix
  private let means: Matrix
  /// Cumulative shares of the components, the last one 1.
  private let cumulative: [Double]
  /// Per component: log share less the logarithm of the Gaussian's height.
  private let offsets: [Double]
  /// Transposed, `[dimension, component]`: -d / (2 rho^2) / variance, and means.
  private let exponents: Matrix
  private let centres: Matrix

  /// The share of each component, the centroids' islands first, then the floor's if it can be normalised.
  public let shares: [Double]

  public init(_ density: VolumeDensity) {
    let metric = density.metric
    let d = metric.dimension
    let squaredScale = metric.rho * metric.rho / Double(d)
    var variances = (0..<metric.centroids.rows).map { metric.variances.row($0).map { $0 * squaredScale } }
    var means = (0..<metric.centroids.rows).map { metric.centroids.row($0) }
    let heights = density.evaluation(at: metric.centroids).logDensity
    var logMasses = zip(heights, variances).map { height, variances in
      height + variances.reduce(0) { $0 + log($1) / 2 }
    }
    if metric.lambda > 0 && metric.tau > 0 {
      let variance = 1 / (Double(d) * metric.tau)
      variances.append([Double](repeating: variance, count: d))
      means.append([Double](repeating: 0, count: d))
      logMasses.append(Double(d) / 2 * (log(metric.lambda) + log(variance)))
    }
    let largest = logMasses.max()!
    let masses = logMasses.map { exp($0 - largest) }
    let total = masses.reduce(0, +)
    shares = masses.map { $0 / total }
    var sum = 0.0
    cumulative = shares.map { share in
      sum += share
      return sum
    }
    offsets = zip(logMasses, variances).map { mass, variances in
      mass - largest - variances.reduce(0) { $0 + log($1) / 2 }
    }
    self.variances = Matrix(variances)
    self.means = Matrix(means)
    exponents = Matrix(variances.map { $0.map { -0.5 / $0 } }).transposed
    centres = self.means.transposed
  }

  public func draw(_ stream: inout RandomStream) -> [Double] {
    let threshold = stream.uniform() * cumulative.last!
    let component = cumulative.firstIndex { threshold < $0 } ?? cumulative.count - 1
    return (0..<means.columns).map {
      means[component, $0] + variances[component, $0].squareRoot() * stream.normal()
    }
  }

  public func logDensities(at positions: Matrix) -> [Double] {
    let count = offsets.count
    var terms = offsets
    return (0..<positions.rows).map { row in
      for index in 0..<count { terms[index] = offsets[index] }
      exponents.values.withUnsafeBufferPointer { exponents in
        centres.values.withUnsafeBufferPointer { centres in
          terms.withUnsafeMutableBufferPointer { terms in
            for j in 0..<positions.columns {
              let value = positions.values[row * positions.columns + j]
              let (exponent, centre) = (exponents.baseAddress! + j * count, centres.baseAddress! + j * count)
              for index in 0..<count {
                let difference = value - centre[index]
                terms[index] += exponent[index] * difference * difference
              }
            }
          }
        }
      }
      let largest = terms.max()!
      return largest + log(terms.reduce(0) { $0 + exp($1 - largest) })
    }
  }
}
