import Foundation
import Parallelism
import Randomness

/// The Riemannian metric that a variational autoencoder learned: Algorithm 1.
///
/// A code's posterior N(c, diag(sigma^2)) says how precisely the encoder knows each direction around it. The metric
/// spreads these precisions over the latent space, smoothly:
///
///     G(z) = sum_c diag(1 / sigma_c^2) w_c(z) + lambda exp(-tau |z|^2) I
///     w_c(z) = exp(-sum_j (z_j - c_j)^2 / sigma_cj^2 / rho^2)
///
/// It is diagonal, because the posteriors are. Its volume sqrt(det G) is large near codes.
///
/// Source: Chadebec and Allassonniere, "A Geometric Perspective on Variational Autoencoders", NeurIPS 2022, equation 7
/// and Algorithm 1.
public struct RiemannianMetric: Sendable {
  /// Posterior means, `[centroid, dimension]`.
  public let centroids: Matrix
  /// Posterior variances, `[centroid, dimension]`, all greater than 0.
  public let variances: Matrix
  /// For each centroid, its row among the codes; ascending.
  public let centroidIndices: [Int]
  /// The length scale of the weights, greater than 0, in units of one posterior deviation.
  public let rho: Double
  /// The part that is the same everywhere, at least 0.
  public let lambda: Double
  /// How fast that part falls off with the squared distance from the origin, at least 0.
  public let tau: Double

  /// The number d of latent coordinates.
  public var dimension: Int { centroids.columns }

  /// Builds the metric from the posteriors of all training images of a class.
  ///
  /// - Parameters:
  ///   - codes: posterior means, `[image, dimension]`.
  ///   - variances: posterior variances, `[image, dimension]`.
  ///   - configuration: which codes are centroids, and how rho, lambda and tau are found.
  ///   - stream: where k-medoids starts; not used when every code is a centroid.
  /// - Throws: `GeometryError` for an option outside its range, no codes, shapes that differ, numbers that are not
  ///   finite or variances that are not positive, and when the paper's rho has fewer than two distinct centroids.
  public init(
    codes: Matrix, variances: Matrix, configuration: MetricConfiguration = .init(), stream: RandomStream
  ) throws {
    try configuration.validate()
    guard codes.rows > 0 && codes.columns > 0 else { throw GeometryError.empty(what: "codes") }
    guard (variances.rows, variances.columns) == (codes.rows, codes.columns) else {
      throw GeometryError.shape(
        what: "posterior variances", expected: [codes.rows, codes.columns], actual: [variances.rows, variances.columns])
    }
    try codes.requireFinite("codes")
    try variances.requireFinite("posterior variances")
    if let index = variances.values.firstIndex(where: { !($0 > 0) }) {
      throw GeometryError.notPositive(
        what: "posterior variances", row: index / codes.columns, column: index % codes.columns,
        value: variances.values[index])
    }

    switch configuration.centroids {
    case .count(let count) where count < codes.rows:
      centroidIndices = try KMedoids(points: codes, count: count, stream: stream).medoids
    case .all, .count:
      centroidIndices = Array(0..<codes.rows)
    }
    centroids = codes.selectingRows(centroidIndices)
    self.variances = variances.selectingRows(centroidIndices)
    lambda = configuration.lambda
    let radius = Self.radius(of: centroids)
    tau = configuration.tauFollowsRadius ? (radius > 0 ? 1 / (radius * radius) : 1) : configuration.tau
    switch (configuration.rho, configuration.rhoDistance) {
    case (.paper, .euclidean): rho = try Self.paperRho(of: centroids) * configuration.rhoFactor
    case (.paper, .mahalanobis):
      rho = try Self.mahalanobisRho(of: centroids, variances: self.variances) * configuration.rhoFactor
    case (.value(let value), _): rho = value * configuration.rhoFactor
    }
  }

  private init(_ other: RiemannianMetric, lambda: Double) {
    centroids = other.centroids
    variances = other.variances
    centroidIndices = other.centroidIndices
    rho = other.rho
    self.lambda = lambda
    tau = other.tau
  }

  /// The same metric with another floor.
  func replacingLambda(_ lambda: Double) -> RiemannianMetric { RiemannianMetric(self, lambda: lambda) }

  /// The largest distance of a centroid from the origin.
  public var dataRadius: Double { Self.radius(of: centroids) }

  private static func radius(of centroids: Matrix) -> Double {
    (0..<centroids.rows).map { row in centroids.row(row).reduce(0) { $0 + $1 * $1 } }.max()?.squareRoot() ?? 0
  }

  /// The paper's length scale: the largest distance from a centroid to the nearest other one, over all centroids.
  ///
  /// Equal centroids count as one point of the set, else two codes of the same image would hide how far they lie
  /// from the others.
  ///
  /// - Throws: `GeometryError.tooFewCentroids` when all centroids are equal, or there is one.
  public static func paperRho(of centroids: Matrix) throws -> Double {
    let squared = RowDistances(to: centroids).nearestDistinctSquared(to: centroids)
    guard let largest = squared.max(), largest.isFinite else {
      throw GeometryError.tooFewCentroids(distinct: min(1, centroids.rows))
    }
    return largest.squareRoot()
  }

  /// The paper's rule with distances measured in each centroid's own posterior deviations, as the weights measure them:
  /// the largest over i of the smallest over j of sqrt(sum_l (c_jl - c_il)^2 / sigma_il^2).
  ///
  /// - Throws: `GeometryError.tooFewCentroids` when all centroids are equal, or there is one.
  public static func mahalanobisRho(of centroids: Matrix, variances: Matrix) throws -> Double {
    let largest = concurrentMap(centroids.rows) { i in
      var nearest = Double.infinity
      for j in 0..<centroids.rows {
        var squared = 0.0
        for l in 0..<centroids.columns {
          let difference = centroids[j, l] - centroids[i, l]
          squared += difference * difference / variances[i, l]
        }
        if squared > 0 && squared < nearest { nearest = squared }
      }
      return nearest
    }.max()
    guard let largest, largest.isFinite else {
      throw GeometryError.tooFewCentroids(distinct: min(1, centroids.rows))
    }
    return largest.squareRoot()
  }

  /// The diagonal of G at a point, `[dimension]`, term by term: the plain reference beside the batched density.
  public func diagonal(at point: [Double]) -> [Double] {
    precondition(point.count == dimension, "a point of \(point.count) coordinates in \(dimension) dimensions")
    var diagonal = [Double](repeating: lambda * exp(-tau * point.reduce(0) { $0 + $1 * $1 }), count: dimension)
    for centroid in 0..<centroids.rows {
      var squared = 0.0
      for j in 0..<dimension {
        let difference = point[j] - centroids[centroid, j]
        squared += difference * difference / variances[centroid, j]
      }
      let weight = exp(-squared / (rho * rho))
      for j in 0..<dimension { diagonal[j] += weight / variances[centroid, j] }
    }
    return diagonal
  }
}
