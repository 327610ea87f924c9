/// A covariance matrix that can be inverted however few points there are: the sample covariance S drawn towards m I, where
/// m is the mean of its diagonal, just as far as the points themselves call for.
///
/// With X the centred points, n of them in p dimensions, and <A, B> = trace(A B^T) / p: d2 = |S - m I|^2 is how far S is
/// from the target, b2 = min(d2, sum over points of |x x^T - S|^2 / n^2) how far it is from the truth by chance, and the
/// result is (b2 / d2) m I + (1 - b2 / d2) S.
///
/// Source: Ledoit and Wolf, "A well-conditioned estimator for large-dimensional covariance matrices", Journal of
/// Multivariate Analysis 88, 2004, section 3.2.
public struct ShrunkCovariance: Sendable, Equatable {
  /// `[dimension, dimension]`, symmetric; positive definite unless the points do not vary at all.
  public let matrix: Matrix
  /// b2 / d2, from 0 (the sample covariance) to 1 (a multiple of the identity).
  public let shrinkage: Double

  /// - Parameter points: `[point, dimension]`, already centred, at least one.
  public init(ofCentred points: Matrix) {
    let (count, dimension) = (points.rows, points.columns)
    precondition(count > 0 && dimension > 0, "a covariance of \(count) points in \(dimension) dimensions")
    var sample = points.transposed.multiplied(by: points)
    for index in sample.values.indices { sample.values[index] /= Double(count) }
    let mean = (0..<dimension).reduce(0) { $0 + sample[$1, $1] } / Double(dimension)
    let sampleNorm = sample.values.reduce(0) { $0 + $1 * $1 } / Double(dimension)
    let distance = max(0, sampleNorm - mean * mean)
    // |x x^T - S|^2 summed over points is the sum of |x|^4 less n |S|^2.
    let fourth = (0..<count).reduce(0.0) { sum, row in
      let square = points.row(row).reduce(0) { $0 + $1 * $1 }
      return sum + square * square
    }
    let chance = max(0, (fourth / Double(dimension) - Double(count) * sampleNorm) / Double(count * count))
    shrinkage = distance > 0 ? min(1, chance / distance) : 1
    for index in sample.values.indices { sample.values[index] *= 1 - shrinkage }
    for index in 0..<dimension { sample[index, index] += shrinkage * mean }
    matrix = sample
  }
}
