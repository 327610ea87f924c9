import Foundation
import Geometry
import Randomness
import Testing

/// The density of `rhvae`'s own draws against the formula, centroid by centroid.
@Suite struct InverseVolumeDensityTests {
  private static let dimension = 5
  private static let centroids = normal(rows: 40, columns: dimension, purpose: "centroids", deviation: 1.5, mean: 3)
  /// Lower triangular.
  private static let factors: Matrix = {
    var factors = normal(rows: 40, columns: dimension * dimension, purpose: "factors", deviation: 0.5)
    let values = factors.values.indices.map { index in
      let (row, column) = (index % (dimension * dimension) / dimension, index % dimension)
      return column > row ? 0 : row == column ? exp(factors.values[index]) : factors.values[index]
    }
    factors = Matrix(rows: 40, columns: dimension * dimension, values: values)
    return factors
  }()
  private static let points = normal(rows: 37, columns: dimension, purpose: "points", deviation: 2, mean: 3)
  private static let (temperature, regularisation) = (1.3, 0.01)

  private static func normal(
    rows: Int, columns: Int, purpose: String, deviation: Double, mean: Double = 0
  ) -> Matrix {
    var stream = RandomStream(seed: 4, purpose: purpose)
    return Matrix(
      rows: rows, columns: columns, values: (0..<rows * columns).map { _ in mean + deviation * stream.normal() })
  }

  private static func density() -> InverseVolumeDensity {
    InverseVolumeDensity(
      centroids: centroids, factors: factors, temperature: temperature, regularisation: regularisation)
  }

  /// log sqrt(det A), with A by its definition and its determinant by elimination.
  ///
  /// - Parameter offDiagonal: a factor of A's entries off the diagonal; anything but 1 is wrong.
  private static func logDensity(at point: [Double], offDiagonal: Double = 1) -> Double {
    let d = dimension
    var sum = [[Double]](repeating: [Double](repeating: 0, count: d), count: d)
    for i in 0..<d { sum[i][i] = regularisation }
    for centroid in 0..<centroids.rows {
      let square = zip(point, centroids.row(centroid)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let weight = exp(-square / (temperature * temperature))
      for i in 0..<d {
        for j in 0..<d {
          for k in 0..<d {
            sum[i][j] +=
              (i == j ? 1 : offDiagonal) * weight * factors[centroid, i * d + k] * factors[centroid, j * d + k]
          }
        }
      }
    }
    var logDeterminant = 0.0
    for pivot in 0..<d {
      logDeterminant += log(sum[pivot][pivot])
      for row in pivot + 1..<d {
        let factor = sum[row][pivot] / sum[pivot][pivot]
        for column in pivot..<d { sum[row][column] -= factor * sum[pivot][column] }
      }
    }
    return logDeterminant / 2
  }

  @Test func itIsTheFormula() {
    let found = Self.density().evaluation(at: Self.points)
    var wrong = 0.0
    for row in 0..<Self.points.rows {
      let expected = Self.logDensity(at: Self.points.row(row))
      #expect(abs(found.logDensity[row] - expected) < 1e-10 * max(1, abs(expected)))
      wrong = max(wrong, abs(Self.logDensity(at: Self.points.row(row), offDiagonal: 0.5) - expected))
    }
    #expect(wrong > 0.01)
  }

  @Test func theGradientIsThatOfTheFormula() {
    let found = Self.density().evaluation(at: Self.points)
    var (error, wrong) = (0.0, 0.0)
    for row in 0..<Self.points.rows {
      for j in 0..<Self.dimension {
        func slope(_ offDiagonal: Double) -> Double {
          let ends = [1e-5, -1e-5].map { step in
            var point = Self.points.row(row)
            point[j] += step
            return Self.logDensity(at: point, offDiagonal: offDiagonal)
          }
          return (ends[0] - ends[1]) / 2e-5
        }
        error = max(error, abs(found.gradient[row, j] - slope(1)))
        wrong = max(wrong, abs(found.gradient[row, j] - slope(0.5)))
      }
    }
    #expect(error < 1e-7 && wrong > 0.01, "\(error) and \(wrong)")
  }

  /// Whatever stands beside a point, to the last bit; so chains come out alike however many there are.
  @Test func aPointHangsOnNoOther() {
    let together = Self.density().evaluation(at: Self.points)
    for row in [0, 1, 31, 36] {
      let alone = Self.density().evaluation(at: Self.points.selectingRows([row]))
      #expect(alone.logDensity[0] == together.logDensity[row] && alone.gradient.row(0) == together.gradient.row(row))
    }
  }

  /// Far from all centroids the density is sqrt(lambda^d) and flat; a point at infinity spoils no other.
  @Test func farAwayItIsFlat() {
    var points = Self.points.selectingRows([0, 1])
    points = Matrix([[Double](repeating: 1e4, count: Self.dimension), points.row(1)])
    let found = Self.density().evaluation(at: points)
    #expect(abs(found.logDensity[0] - Double(Self.dimension) / 2 * log(Self.regularisation)) < 1e-9)
    #expect(found.gradient.row(0).allSatisfy { $0 == 0 })
    let infinite = Self.density().evaluation(
      at: Matrix([[Double](repeating: .infinity, count: Self.dimension), points.row(1)]))
    #expect(infinite.logDensity[1] == found.logDensity[1] && infinite.gradient.row(1) == found.gradient.row(1))
  }
}
