import Foundation
import Geometry
import Randomness

/// The trade-off between precision and recall of one distribution with respect to another.
///
/// Source: Sajjadi et al., "Assessing Generative Models via Precision and Recall", NeurIPS 2018, Algorithm 1 and section
/// 4.2; 1001 angles from 1e-10 to pi / 2 - 1e-10 as in the authors' code. Both sets are clustered together by k-means
/// and compared by how many points of each fall in a cluster; curves of several clusterings are averaged.
public struct PrecisionRecallCurve: Sendable, Equatable {
  /// For each angle, in [0, 1].
  public let precision: [Double]
  /// For each angle, in [0, 1].
  public let recall: [Double]

  /// The curve of two discrete distributions, of probabilities that sum to 1.
  public init(evaluated: [Double], reference: [Double], angles: Int = 1001) {
    precondition(evaluated.count == reference.count && angles > 2, "two distributions over the same states")
    let limit = 1e-10
    let slopes = (0..<angles).map { index in
      tan(limit + (Double.pi / 2 - 2 * limit) * Double(index) / Double(angles - 1))
    }
    precision = slopes.map { slope in
      min(1, zip(evaluated, reference).reduce(0) { $0 + min($1.1 * slope, $1.0) })
    }
    recall = zip(precision, slopes).map { min(1, $0 / $1) }
  }

  /// The curve of two sets of points. Sets of one size compare best: the larger one draws the clusters.
  ///
  /// - Parameters:
  ///   - synthetic: `[n, d]`.
  ///   - real: `[m, d]`.
  ///   - clusters: states that both sets are divided into, at least 1; fewer where there are fewer points.
  ///   - repeats: clusterings whose curves are averaged, at least 1.
  ///   - stream: clustering i starts from its substream ("k-means", i).
  public init(synthetic: Matrix, real: Matrix, clusters: Int = 20, repeats: Int = 10, stream: RandomStream) {
    precondition(synthetic.rows > 0 && real.rows > 0 && repeats > 0, "two sets of points and a clustering")
    let union = Matrix(
      rows: synthetic.rows + real.rows, columns: real.columns, values: synthetic.values + real.values)
    let clusters = min(clusters, union.rows)
    let curves = (0..<repeats).map { index in
      let labels = KMeans(union, clusters: clusters, stream: stream.substream("k-means", index: index)).labels
      func shares(_ labels: ArraySlice<Int>) -> [Double] {
        var counts = [Double](repeating: 0, count: clusters)
        for label in labels { counts[label] += 1 / Double(labels.count) }
        return counts
      }
      return PrecisionRecallCurve(
        evaluated: shares(labels.prefix(synthetic.rows)), reference: shares(labels.suffix(real.rows)))
    }
    func mean(_ values: (PrecisionRecallCurve) -> [Double]) -> [Double] {
      curves[0].precision.indices.map { index in curves.reduce(0) { $0 + values($1)[index] } / Double(repeats) }
    }
    precision = mean(\.precision)
    recall = mean(\.recall)
  }

  /// The greatest F_beta along the curve: with beta 8 it tells of recall, with 1/8 of precision.
  public func greatestF(beta: Double) -> Double {
    zip(precision, recall).map { p, r in (1 + beta * beta) * p * r / (beta * beta * p + r + 1e-10) }.max()!
  }
}
