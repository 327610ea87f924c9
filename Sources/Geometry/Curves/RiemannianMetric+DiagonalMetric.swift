import Foundation

/// The learned metric as curves need it: every G_j alone, not only their product as `VolumeDensity` has it.
///
/// With S the inverse variances and M the centroids, `[k, d]`, W the weights, `[n, k]`, and l = lambda exp(-tau |z|^2),
///
///     G = W S + l,   gradient of sum_j a_j log G_j = -(2/rho^2) (z * (V S) - V (S * M)) - 2 tau l z sum_j a_j / G_j
///     with V = W * ((a/G) S^T)
///
/// (* is the product entry by entry). As in `VolumeDensity`, weights and l are divided by the largest of them before
/// anything is exponentiated, and points are shifted by the centroids' mean.
///
/// Source: Chadebec and Allassonniere, NeurIPS 2022, equation 7.
extension RiemannianMetric: DiagonalMetric {
  public func evaluation(at positions: Matrix) -> MetricEvaluation {
    precondition(positions.columns == dimension, "\(positions.columns) coordinates in \(dimension) dimensions")
    let (n, k, d) = (positions.rows, centroids.rows, dimension)
    let mean = centroids.columnMeans
    let scale = 1 / (rho * rho)
    var precisions = Matrix(rows: k, columns: d)
    var pulls = Matrix(rows: k, columns: d)
    var exponents = Matrix(rows: 2 * d + 1, columns: k)
    for c in 0..<k {
      for j in 0..<d {
        let precision = 1 / variances[c, j]
        let position = centroids[c, j] - mean[j]
        precisions[c, j] = precision
        pulls[c, j] = precision * position
        exponents[j, c] = -precision * scale
        exponents[d + j, c] = 2 * precision * position * scale
        exponents[2 * d, c] -= precision * position * position * scale
      }
    }
    var features = Matrix(rows: n, columns: 2 * d + 1, repeating: 1)
    var floors = [Double](repeating: 0, count: n)
    for row in 0..<n {
      for j in 0..<d {
        let shifted = positions[row, j] - mean[j]
        features[row, j] = shifted * shifted
        features[row, d + j] = shifted
        floors[row] -= tau * positions[row, j] * positions[row, j]
      }
    }
    var weights = features.multiplied(by: exponents)
    var largest = floors
    weights.values.withUnsafeMutableBufferPointer { weights in
      for row in 0..<n {
        var greatest = lambda > 0 ? floors[row] : -Double.infinity
        for c in row * k..<(row + 1) * k { greatest = max(greatest, weights[c]) }
        for c in row * k..<(row + 1) * k { weights[c] = exp(weights[c] - greatest) }
        floors[row] = lambda > 0 ? lambda * exp(floors[row] - greatest) : 0
        largest[row] = greatest
      }
    }
    var diagonal = weights.multiplied(by: precisions)
    var logDiagonal = Matrix(rows: n, columns: d)
    for row in 0..<n {
      for j in 0..<d {
        diagonal[row, j] += floors[row]
        logDiagonal[row, j] = log(diagonal[row, j]) + largest[row]
      }
    }
    let (tau, fixedWeights, fixedDiagonal, fixedFloors) = (self.tau, weights, diagonal, floors)
    let (fixedPrecisions, fixedPulls) = (precisions, pulls)
    return MetricEvaluation(logDiagonal: logDiagonal) { coefficients in
      var ratios = coefficients
      for index in ratios.values.indices { ratios.values[index] /= fixedDiagonal.values[index] }
      var forces = ratios.multiplied(by: fixedPrecisions.transposed)
      for index in forces.values.indices { forces.values[index] *= fixedWeights.values[index] }
      let spread = forces.multiplied(by: fixedPrecisions)
      let pull = forces.multiplied(by: fixedPulls)
      var gradient = Matrix(rows: n, columns: d)
      for row in 0..<n {
        let decay = 2 * tau * fixedFloors[row] * ratios.row(row).reduce(0, +)
        for j in 0..<d {
          let position = positions[row, j]
          gradient[row, j] =
            -2 * scale * ((position - mean[j]) * spread[row, j] - pull[row, j]) - decay * position
        }
      }
      return gradient
    }
  }
}
