import Foundation

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
/// - Centroids are padded with weight 0 to a multiple of eight.
///
/// Source: Chadebec and Allassonniere, NeurIPS 2022, equation 8 (tau as in equation 7).
public struct VolumeDensity: LogDensity {
  /// The metric whose volume this is.
  public let metric: RiemannianMetric

  private let shift: [Double]
  private let paddedCount: Int
  /// -(S, -2 S * M, sum_j S M^2) / rho^2, `[2 d + 1, k]`.
  private let exponents: Matrix
  /// S, `[k, d]`.
  private let precisions: Matrix
  /// S transposed, `[d, k]`.
  private let precisionsTransposed: Matrix
  /// (S, S * M) / rho^2, `[k, 2 d]`.
  private let forces: Matrix

  public var dimension: Int { metric.dimension }

  public init(_ metric: RiemannianMetric) {
    self.metric = metric
    let d = metric.dimension
    let count = (metric.centroids.rows + 7) / 8 * 8
    let mean = metric.centroids.columnMeans
    let scale = 1 / (metric.rho * metric.rho)
    var exponents = Matrix(rows: 2 * d + 1, columns: count)
    var precisions = Matrix(rows: count, columns: d)
    var forces = Matrix(rows: count, columns: 2 * d)
    for padding in metric.centroids.rows..<count { exponents[2 * d, padding] = -1e30 }
    for centroid in 0..<metric.centroids.rows {
      for j in 0..<d {
        let precision = 1 / metric.variances[centroid, j]
        let position = metric.centroids[centroid, j] - mean[j]
        precisions[centroid, j] = precision
        exponents[j, centroid] = -precision * scale
        exponents[d + j, centroid] = 2 * precision * position * scale
        exponents[2 * d, centroid] -= precision * position * position * scale
        forces[centroid, j] = precision * scale
        forces[centroid, d + j] = precision * position * scale
      }
    }
    shift = mean
    paddedCount = count
    self.exponents = exponents
    self.precisions = precisions
    precisionsTransposed = precisions.transposed
    self.forces = forces
  }

  /// Buffers for one batch of points.
  public final class Workspace {
    fileprivate let features: AlignedBuffer
    fileprivate let weights: AlignedBuffer
    fileprivate let pulls: AlignedBuffer
    fileprivate let diagonals: AlignedBuffer
    fileprivate let forces: AlignedBuffer
    fileprivate let floors: AlignedBuffer
    fileprivate let largest: AlignedBuffer
    fileprivate let rows: Int

    fileprivate init(rows: Int, dimension: Int, paddedCount: Int) {
      self.rows = rows
      features = AlignedBuffer(count: rows * (2 * dimension + 1))
      weights = AlignedBuffer(count: rows * paddedCount)
      pulls = AlignedBuffer(count: rows * paddedCount)
      diagonals = AlignedBuffer(count: rows * dimension)
      forces = AlignedBuffer(count: rows * 2 * dimension)
      floors = AlignedBuffer(count: rows)
      largest = AlignedBuffer(count: rows)
    }
  }

  public func makeWorkspace(rows: Int) -> Workspace {
    Workspace(rows: rows, dimension: dimension, paddedCount: paddedCount)
  }

  public func evaluate(
    at positions: Matrix, into evaluation: inout DensityEvaluation, includingLogDensity: Bool,
    workspace: inout Workspace
  ) {
    let rows = positions.rows
    precondition(
      positions.columns == dimension && rows <= workspace.rows && evaluation.gradient.rows == rows
        && evaluation.gradient.columns == dimension && evaluation.logDensity.count == rows,
      "\(rows) x \(positions.columns) positions in \(dimension) dimensions, room for \(workspace.rows)")
    guard rows > 0 else { return }
    let workspace = workspace
    positions.values.withUnsafeBufferPointer { positions in
      fillWeights(positions, rows, workspace)
      product(workspace.weights, precisions, workspace.diagonals, rows)
      if includingLogDensity {
        evaluation.logDensity.withUnsafeMutableBufferPointer { fillLogDensity($0, rows, workspace) }
      }
      invertDiagonals(rows, workspace)
      product(workspace.diagonals, precisionsTransposed, workspace.pulls, rows)
      for index in 0..<rows * paddedCount / 8 { workspace.weights.vectors[index] *= workspace.pulls.vectors[index] }
      product(workspace.weights, forces, workspace.forces, rows)
      evaluation.gradient.values.withUnsafeMutableBufferPointer { fillGradient($0, positions, rows, workspace) }
    }
  }

  private func product(_ left: AlignedBuffer, _ right: Matrix, _ result: AlignedBuffer, _ rows: Int) {
    right.values.withUnsafeBufferPointer {
      multiply(
        left.doubles, $0.baseAddress!, into: result.doubles, rows: rows, inner: right.rows, columns: right.columns)
    }
  }

  /// Weights and `floors` l of each point, both divided by e^m, and m itself in `largest`.
  private func fillWeights(_ positions: UnsafeBufferPointer<Double>, _ rows: Int, _ workspace: Workspace) {
    let d = dimension
    for row in 0..<rows {
      let features = workspace.features.doubles + row * (2 * d + 1)
      var squaredNorm = 0.0
      for j in 0..<d {
        let coordinate = positions[row * d + j]
        let shifted = coordinate - shift[j]
        squaredNorm += coordinate * coordinate
        features[j] = shifted * shifted
        features[d + j] = shifted
      }
      features[2 * d] = 1
      workspace.floors.doubles[row] = -metric.tau * squaredNorm
    }
    product(workspace.features, exponents, workspace.weights, rows)
    let vectors = paddedCount / 8
    for row in 0..<rows {
      let weights = workspace.weights.vectors + row * vectors
      var greatest = weights[0]
      for index in 1..<max(1, vectors) {
        let candidate = weights[index]
        greatest.replace(with: candidate, where: candidate .> greatest)
      }
      let floor = workspace.floors.doubles[row]
      var largest = metric.lambda > 0 ? floor : -Double.infinity
      for lane in 0..<8 where greatest[lane] > largest { largest = greatest[lane] }
      for index in 0..<vectors { weights[index] = vectorExponential(weights[index] - largest) }
      workspace.floors.doubles[row] = metric.lambda > 0 ? metric.lambda * exp(floor - largest) : 0
      workspace.largest.doubles[row] = largest
    }
  }

  private func fillLogDensity(_ logDensity: UnsafeMutableBufferPointer<Double>, _ rows: Int, _ workspace: Workspace) {
    let d = dimension
    for row in 0..<rows {
      var sum = Double(d) * workspace.largest.doubles[row]
      for j in 0..<d { sum += log(workspace.diagonals.doubles[row * d + j] + workspace.floors.doubles[row]) }
      logDensity[row] = sum / 2
    }
  }

  /// Turns G - l into 1/G, and `floors` into tau l sum_j 1/G_j.
  private func invertDiagonals(_ rows: Int, _ workspace: Workspace) {
    let d = dimension
    for row in 0..<rows {
      let diagonal = workspace.diagonals.doubles + row * d
      let floor = workspace.floors.doubles[row]
      var inverseSum = 0.0
      for j in 0..<d {
        diagonal[j] = 1 / (diagonal[j] + floor)
        inverseSum += diagonal[j]
      }
      workspace.floors.doubles[row] = metric.tau * floor * inverseSum
    }
  }

  private func fillGradient(
    _ gradient: UnsafeMutableBufferPointer<Double>, _ positions: UnsafeBufferPointer<Double>, _ rows: Int,
    _ workspace: Workspace
  ) {
    let d = dimension
    for row in 0..<rows {
      let force = workspace.forces.doubles + row * 2 * d
      let pull = workspace.floors.doubles[row]
      for j in 0..<d {
        let position = positions[row * d + j]
        gradient[row * d + j] = force[d + j] - (position - shift[j]) * force[j] - pull * position
      }
    }
  }
}
