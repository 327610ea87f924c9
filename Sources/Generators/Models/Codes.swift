import Foundation
import Geometry

/// What a model's encoder says of items: a code each, and how sure it is where the posterior is Gaussian.
public struct Codes: Sendable, Equatable {
  /// Posterior means, or the codes of a model whose codes are points: `[item, latent dimension]`.
  public let means: Matrix
  /// Posterior log-variances, `[item, latent dimension]`; nil where there is no Gaussian posterior of the code.
  public let logVariances: Matrix?
  /// What the metric network of `rhvae` makes of each item: lower triangular factors L_i of L_i L_i^T, row by row,
  /// `[item, latent dimension^2]`; nil in other models.
  public let metricFactors: Matrix?

  public init(means: Matrix, logVariances: Matrix?, metricFactors: Matrix? = nil) {
    precondition(
      logVariances.map { means.rows == $0.rows && means.columns == $0.columns } ?? true,
      "one log-variance for each mean")
    precondition(
      metricFactors.map { means.rows == $0.rows && means.columns * means.columns == $0.columns } ?? true,
      "one factor for each mean")
    self.means = means
    self.logVariances = logVariances
    self.metricFactors = metricFactors
  }

  /// Posterior variances, `[item, latent dimension]`.
  ///
  /// - Parameter purpose: what needs them.
  /// - Throws: `GeneratorError.noPosterior` where there are none.
  public func variances(for purpose: String) throws -> Matrix {
    guard let logVariances else { throw GeneratorError.noPosterior(purpose: purpose) }
    return Matrix(
      rows: logVariances.rows, columns: logVariances.columns, values: logVariances.values.map { exp($0) })
  }
}
