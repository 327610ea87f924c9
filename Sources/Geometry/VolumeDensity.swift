import CDensity

/// The uniform distribution of a Riemannian metric: the density sqrt(det G(z)) of its volume, and its gradient.
///
/// Up to a constant, log p(z) = 1/2 sum_j log G_j(z). With S the inverse variances and M the centroids, `[k, d]`,
/// W the weights, `[n, k]`, and l = lambda exp(-tau |z|^2),
///
///     G = W S + l,   V = W * ((1/G) S^T),
///     gradient = -(1/rho^2) (z * (V S) - V (S * M)) - tau l z sum_j 1/G_j
///
/// (* is the product entry by entry), where log W = -(z^2 S^T - 2 z (S * M)^T + sum_j S M^2) / rho^2 is one more matrix
/// product: four for n points, 12 n k d operations.
///
/// Goals in order of priority: never lose a point far from the data, right to eight digits even for tiny variances,
/// speed.
/// - Every point's weights and l are divided by the largest of them, e^m, before anything is exponentiated. It cancels
///   in the gradient and is added back to log p as d m / 2; so nothing underflows, and no determinant is formed.
/// - Centroids and points are shifted by the centroids' mean, which keeps the terms of log W small.
/// - All of it is one pass in C over a few points at a time (`CDensity`), whose sums stay in registers and whose weights stay
///   in the caches; each point's numbers come in the same order whatever points stand beside it.
///
/// Source: Chadebec and Allassonniere, NeurIPS 2022, section 4.5 and equation 20, of the metric of
/// equation 7.
public struct VolumeDensity: LogDensity {
  /// The metric whose volume this is.
  public let metric: RiemannianMetric

  private let shift: [Double]
  /// Tiles of centroids, the last one filled up with centroids of weight 0.
  private let tiles: Int
  /// (-S, 2 S * M, -sum_j S M^2) / rho^2, `[tile, 2 d + 1, centroid]`.
  private let exponents: [Double]
  /// S, `[k, d]`.
  private let precisions: [Double]
  /// S, `[tile, d, centroid]`.
  private let precisionTiles: [Double]
  /// (S, S * M) / rho^2, `[k, 2 d]`.
  private let forces: [Double]
  /// Which family of processors' code is run; -1 for the best that there is.
  package var family: Int32 = -1

  public var dimension: Int { metric.dimension }

  public init(_ metric: RiemannianMetric) {
    self.metric = metric
    let d = metric.dimension
    let size = Int(CDENSITY_TILE)
    tiles = (metric.centroids.rows + size - 1) / size
    let mean = metric.centroids.columnMeans
    let scale = 1 / (metric.rho * metric.rho)
    var exponents = [Double](repeating: 0, count: tiles * size * (2 * d + 1))
    var precisions = [Double](repeating: 0, count: tiles * size * d)
    var precisionTiles = precisions
    var forces = [Double](repeating: 0, count: tiles * size * 2 * d)
    for centroid in 0..<tiles * size {
      let (tile, place) = (centroid / size, centroid % size)
      func exponent(_ term: Int) -> Int { (tile * (2 * d + 1) + term) * size + place }
      guard centroid < metric.centroids.rows else {
        exponents[exponent(2 * d)] = -1e30
        continue
      }
      for j in 0..<d {
        let precision = 1 / metric.variances[centroid, j]
        let position = metric.centroids[centroid, j] - mean[j]
        precisions[centroid * d + j] = precision
        precisionTiles[(tile * d + j) * size + place] = precision
        exponents[exponent(j)] = -precision * scale
        exponents[exponent(d + j)] = 2 * precision * position * scale
        exponents[exponent(2 * d)] -= precision * position * position * scale
        forces[centroid * 2 * d + j] = precision * scale
        forces[centroid * 2 * d + d + j] = precision * position * scale
      }
    }
    shift = mean
    self.exponents = exponents
    self.precisions = precisions
    self.precisionTiles = precisionTiles
    self.forces = forces
  }

  /// Memory to work in.
  public final class Workspace {
    fileprivate let memory: AlignedBuffer

    fileprivate init(count: Int) { memory = AlignedBuffer(count: count) }
  }

  public func makeWorkspace(rows: Int) -> Workspace {
    Workspace(count: withTables { cdensity_workspace($0) })
  }

  public func evaluate(
    at positions: Matrix, into evaluation: inout DensityEvaluation, includingLogDensity: Bool,
    workspace: inout Workspace
  ) {
    let rows = positions.rows
    precondition(
      positions.columns == dimension && evaluation.gradient.rows == rows && evaluation.gradient.columns == dimension
        && evaluation.logDensity.count == rows,
      "\(rows) x \(positions.columns) positions in \(dimension) dimensions")
    guard rows > 0 else { return }
    withTables { tables in
      positions.values.withUnsafeBufferPointer { positions in
        evaluation.gradient.values.withUnsafeMutableBufferPointer { gradient in
          evaluation.logDensity.withUnsafeMutableBufferPointer { logDensity in
            cdensity_evaluate(
              tables, positions.baseAddress, rows, gradient.baseAddress,
              includingLogDensity ? logDensity.baseAddress : nil, workspace.memory.doubles, family)
          }
        }
      }
    }
  }

  /// The metric as C takes it.
  private func withTables<Result>(_ body: (UnsafePointer<CDensity>) -> Result) -> Result {
    shift.withUnsafeBufferPointer { shift in
      exponents.withUnsafeBufferPointer { exponents in
        precisions.withUnsafeBufferPointer { precisions in
          precisionTiles.withUnsafeBufferPointer { precisionTiles in
            forces.withUnsafeBufferPointer { forces in
              var tables = CDensity(
                dimension: dimension, tiles: tiles, lambda: metric.lambda, tau: metric.tau, shift: shift.baseAddress,
                exponents: exponents.baseAddress, precisions: precisions.baseAddress,
                precision_tiles: precisionTiles.baseAddress, forces: forces.baseAddress)
              return body(&tables)
            }
          }
        }
      }
    }
  }
}
