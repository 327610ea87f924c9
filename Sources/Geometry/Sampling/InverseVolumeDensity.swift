import Foundation

/// The density sqrt(det A(z)) of a full metric G = A^-1 with
///
///     A(z) = sum_i L_i L_i^T exp(-|c_i - z|^2 / T^2) + lambda I,
///
/// which is large where images are: the inverse of the metric's volume. Far from all centroids it is flat.
///
/// With B = A^-1, w_i the weights and v_i = w_i tr(B L_i L_i^T) / T^2, gradient_j = sum_i v_i c_ij - z_j sum_i v_i.
///
/// Points are worked out many at a time, by four matrix products: the exponents z C^T, the sums W M, the traces B M^T and the
/// pulls V C, where M holds one triangle of each L_i L_i^T, for these are symmetric. Centroids and points are shifted by the
/// centroids' mean, which keeps the terms of |c - z|^2 = |c|^2 - 2 c z + |z|^2 small.
///
/// Source: Chadebec, Thibeau-Sutre, Burgos and Allassonniere, "Data augmentation in high dimensional low sample size setting
/// using a geometry-based variational autoencoder", 2021, section 4.
public struct InverseVolumeDensity: LogDensity {
  /// `[centroid, dimension]`.
  public let centroids: Matrix
  public let temperature: Double
  public let regularisation: Double

  private let mean: [Double]
  /// c less the mean, and a one: `[centroid, dimension + 1]`.
  private let shifted: Matrix
  /// (2 c, -|c|^2) / T^2 of the shifted centroids, `[dimension + 1, centroid]`.
  private let exponents: Matrix
  /// The lower triangle of L_i L_i^T, row by row, `[centroid, d (d + 1) / 2]`.
  private let triangles: Matrix
  /// The same with places below the diagonal counted twice, `[d (d + 1) / 2, centroid]`.
  private let traces: Matrix

  public var dimension: Int { centroids.columns }

  /// - Parameters:
  ///   - centroids: c, `[centroid, dimension]`.
  ///   - factors: L, lower triangular, row by row, `[centroid, dimension^2]`.
  ///   - temperature: T, above 0.
  ///   - regularisation: lambda, above 0.
  public init(centroids: Matrix, factors: Matrix, temperature: Double, regularisation: Double) {
    let (count, d) = (centroids.rows, centroids.columns)
    precondition(
      factors.rows == count && factors.columns == d * d && temperature > 0 && regularisation > 0,
      "a factor for each centroid, and numbers above 0")
    self.centroids = centroids
    self.temperature = temperature
    self.regularisation = regularisation
    mean = centroids.columnMeans
    let scale = 1 / (temperature * temperature)
    var shifted = Matrix(rows: count, columns: d + 1)
    var exponents = Matrix(rows: d + 1, columns: count)
    var triangles = Matrix(rows: count, columns: d * (d + 1) / 2)
    var traces = Matrix(rows: d * (d + 1) / 2, columns: count)
    for centroid in 0..<count {
      for j in 0..<d {
        let position = centroids[centroid, j] - mean[j]
        shifted[centroid, j] = position
        exponents[j, centroid] = 2 * scale * position
        exponents[d, centroid] -= scale * position * position
      }
      shifted[centroid, d] = 1
      for (place, (row, column)) in Self.places(d).enumerated() {
        for inner in 0...column {
          triangles[centroid, place] += factors[centroid, row * d + inner] * factors[centroid, column * d + inner]
        }
        traces[place, centroid] = (row == column ? 1 : 2) * triangles[centroid, place]
      }
    }
    (self.shifted, self.exponents, self.triangles, self.traces) = (shifted, exponents, triangles, traces)
  }

  /// The places of a lower triangle, row by row.
  private static func places(_ size: Int) -> [(row: Int, column: Int)] {
    (0..<size).flatMap { row in (0...row).map { (row, $0) } }
  }

  /// Memory to work in, for `groupSize` points at a time.
  public final class Workspace {
    /// Shifted points and a one, `[point, dimension + 1]`.
    fileprivate var points: Matrix
    /// `[point, centroid]`: first their exponents.
    fileprivate var weights: Matrix
    /// `[point, centroid]`: tr(B L_i L_i^T), then what each centroid pulls with.
    fileprivate var pulls: Matrix
    /// A, then B, `[point, d (d + 1) / 2]`.
    fileprivate var triangles: Matrix
    /// sum_i v_i (c_i, 1), `[point, dimension + 1]`.
    fileprivate var sums: Matrix
    /// One A, then its inverse.
    fileprivate var square: [Double]

    fileprivate init(centroids: Int, dimension: Int) {
      let rows = InverseVolumeDensity.groupSize
      points = Matrix(rows: rows, columns: dimension + 1)
      weights = Matrix(rows: rows, columns: centroids)
      pulls = weights
      triangles = Matrix(rows: rows, columns: dimension * (dimension + 1) / 2)
      sums = points
      square = [Double](repeating: 0, count: dimension * dimension)
    }
  }

  /// Points of each product. Always as many, so that a point's numbers do not hang on how many stand beside it.
  fileprivate static let groupSize = 32

  public func makeWorkspace(rows: Int) -> Workspace { Workspace(centroids: centroids.rows, dimension: dimension) }

  public func evaluate(
    at positions: Matrix, into evaluation: inout DensityEvaluation, includingLogDensity: Bool,
    workspace: inout Workspace
  ) {
    for first in stride(from: 0, to: positions.rows, by: Self.groupSize) {
      let group = first..<min(first + Self.groupSize, positions.rows)
      evaluate(positions, group, into: &evaluation, includingLogDensity: includingLogDensity, workspace)
    }
  }

  private func evaluate(
    _ positions: Matrix, _ group: Range<Int>, into evaluation: inout DensityEvaluation, includingLogDensity: Bool,
    _ memory: Workspace
  ) {
    let (d, scale) = (dimension, 1 / (temperature * temperature))
    for (row, point) in group.enumerated() {
      for j in 0..<d { memory.points[row, j] = positions[point, j] - mean[j] }
      memory.points[row, d] = 1
    }
    memory.points.multiply(by: exponents, into: &memory.weights)
    for row in 0..<group.count {
      var length = 0.0
      for j in 0..<d { length += memory.points[row, j] * memory.points[row, j] }
      memory.weights.exponentiate(row: row, subtracting: scale * length)
    }
    memory.weights.multiply(by: triangles, into: &memory.triangles)
    for (row, point) in group.enumerated() {
      var place = 0
      for i in 0..<d {
        for j in 0...i {
          let value = memory.triangles[row, place] + (i == j ? regularisation : 0)
          (memory.square[i * d + j], memory.square[j * d + i]) = (value, value)
          place += 1
        }
      }
      let logDeterminant = SymmetricMatrix.invert(&memory.square, size: d)
      if includingLogDensity { evaluation.logDensity[point] = logDeterminant / 2 }
      place = 0
      for i in 0..<d {
        for j in 0...i {
          memory.triangles[row, place] = scale * memory.square[i * d + j]
          place += 1
        }
      }
    }
    memory.triangles.multiply(by: traces, into: &memory.pulls)
    memory.pulls.multiplyEntries(by: memory.weights, rows: group.count)
    memory.pulls.multiply(by: shifted, into: &memory.sums)
    for (row, point) in group.enumerated() {
      for j in 0..<d {
        evaluation.gradient[point, j] = memory.sums[row, j] - memory.points[row, j] * memory.sums[row, d]
      }
    }
  }
}

extension Matrix {
  /// Replaces the entries x of a row by exp(x - amount), at most 1.
  fileprivate mutating func exponentiate(row: Int, subtracting amount: Double) {
    values.withUnsafeMutableBufferPointer { values in
      for index in row * columns..<(row + 1) * columns { values[index] = exp(min(0, values[index] - amount)) }
    }
  }

  /// Multiplies the entries of the first rows by those of another matrix of the same shape.
  fileprivate mutating func multiplyEntries(by other: Matrix, rows: Int) {
    values.withUnsafeMutableBufferPointer { values in
      other.values.withUnsafeBufferPointer { others in
        for index in 0..<rows * columns { values[index] *= others[index] }
      }
    }
  }
}

enum SymmetricMatrix {
  /// Replaces a symmetric positive definite matrix by its inverse.
  ///
  /// - Parameter matrix: row by row, `[size, size]`.
  /// - Returns: the logarithm of its determinant; NaN if it is not positive definite.
  static func invert(_ matrix: inout [Double], size: Int) -> Double {
    // Gauss-Jordan without exchanges, which a positive definite matrix does not need.
    var logDeterminant = 0.0
    for pivot in 0..<size {
      let value = matrix[pivot * size + pivot]
      logDeterminant += log(value)
      matrix[pivot * size + pivot] = 1
      for column in 0..<size { matrix[pivot * size + column] /= value }
      for row in 0..<size where row != pivot {
        let factor = matrix[row * size + pivot]
        guard factor != 0 else { continue }
        matrix[row * size + pivot] = 0
        for column in 0..<size { matrix[row * size + column] -= factor * matrix[pivot * size + column] }
      }
    }
    return logDeterminant
  }
}
