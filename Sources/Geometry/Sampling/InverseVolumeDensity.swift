import Foundation

/// The density sqrt(det A(z)) of a full metric G = A^-1 with
///
///     A(z) = sum_i L_i L_i^T exp(-|c_i - z|^2 / T^2) + lambda I,
///
/// which is large where images are: the inverse of the metric's volume. Far from all centroids it is flat.
///
/// With B = A^-1 and w_i the weights, gradient_j = -(1/T^2) sum_i w_i tr(B L_i L_i^T) (z_j - c_ij).
///
/// Source: Chadebec, Thibeau-Sutre, Burgos and Allassonniere, "Data augmentation in high dimensional low sample size setting
/// using a geometry-based variational autoencoder", 2021, section 4.
public struct InverseVolumeDensity: LogDensity {
  /// `[centroid, dimension]`.
  public let centroids: Matrix
  public let temperature: Double
  public let regularisation: Double
  /// L_i L_i^T, row by row, `[centroid, dimension^2]`.
  private let matrices: Matrix

  public var dimension: Int { centroids.columns }

  /// - Parameters:
  ///   - centroids: c, `[centroid, dimension]`.
  ///   - factors: L, lower triangular, row by row, `[centroid, dimension^2]`.
  ///   - temperature: T, above 0.
  ///   - regularisation: lambda, above 0.
  public init(centroids: Matrix, factors: Matrix, temperature: Double, regularisation: Double) {
    let d = centroids.columns
    precondition(
      factors.rows == centroids.rows && factors.columns == d * d && temperature > 0 && regularisation > 0,
      "a factor for each centroid, and numbers above 0")
    self.centroids = centroids
    self.temperature = temperature
    self.regularisation = regularisation
    var matrices = Matrix(rows: factors.rows, columns: d * d)
    for centroid in 0..<factors.rows {
      for row in 0..<d {
        for column in 0..<d {
          for place in 0...min(row, column) {
            matrices[centroid, row * d + column] +=
              factors[centroid, row * d + place] * factors[centroid, column * d + place]
          }
        }
      }
    }
    self.matrices = matrices
  }

  public func evaluate(
    at positions: Matrix, into evaluation: inout DensityEvaluation, includingLogDensity: Bool, workspace: inout Void
  ) {
    let (d, scale) = (dimension, 1 / (temperature * temperature))
    var inverse = [Double](repeating: 0, count: d * d)
    var weights = [Double](repeating: 0, count: centroids.rows)
    for point in 0..<positions.rows {
      inverse = (0..<d * d).map { $0 / d == $0 % d ? regularisation : 0 }
      for centroid in 0..<centroids.rows {
        var square = 0.0
        for j in 0..<d {
          let offset = positions[point, j] - centroids[centroid, j]
          square += offset * offset
        }
        weights[centroid] = exp(-scale * square)
        guard weights[centroid] > 1e-300 else { continue }
        for place in 0..<d * d { inverse[place] += weights[centroid] * matrices[centroid, place] }
      }
      let logDeterminant = SymmetricMatrix.invert(&inverse, size: d)
      if includingLogDensity { evaluation.logDensity[point] = logDeterminant / 2 }
      for j in 0..<d { evaluation.gradient[point, j] = 0 }
      for centroid in 0..<centroids.rows where weights[centroid] > 1e-300 {
        var trace = 0.0
        for place in 0..<d * d { trace += inverse[place] * matrices[centroid, place] }
        let pull = scale * weights[centroid] * trace
        for j in 0..<d {
          evaluation.gradient[point, j] -= pull * (positions[point, j] - centroids[centroid, j])
        }
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
