import Foundation
import Geometry

/// Linear discriminant analysis: classes are Gaussians of one covariance, all as probable beforehand.
///
/// The covariance within the classes, of all points about the means of their classes, is shrunk (`ShrunkCovariance`), so
/// that there may be more dimensions than points. Every class has the same prior, whatever its share of the points.
///
/// Source: Fisher, "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7, 1936.
public struct LinearDiscriminant: Sendable, Equatable {
  /// Points are whitened by it, so that distances are in standard deviations within a class.
  let factor: CholeskyFactor
  /// The whitened means, `[class, dimension]`.
  let means: Matrix
  /// How far the covariance was shrunk.
  public let shrinkage: Double

  /// Fits the means of the classes and their common covariance.
  ///
  /// - Parameters:
  ///   - points: `[point, dimension]`, finite.
  ///   - labels: the class of each, 0 ..< classes, every class at least once.
  ///   - classes: how many there are.
  /// - Throws: `GeometryError.notPositiveDefinite` when no class varies.
  public init(points: Matrix, labels: [Int], classes: Int) throws {
    precondition(points.rows == labels.count, "\(points.rows) points with \(labels.count) labels")
    let dimension = points.columns
    var counts = [Int](repeating: 0, count: classes)
    var sums = [Double](repeating: 0, count: classes * dimension)
    for (row, label) in labels.enumerated() {
      counts[label] += 1
      for column in 0..<dimension { sums[label * dimension + column] += points[row, column] }
    }
    precondition(counts.allSatisfy { $0 > 0 }, "a class without a point")
    let means = Matrix(
      rows: classes, columns: dimension,
      values: sums.indices.map { sums[$0] / Double(counts[$0 / dimension]) })
    var centred = points
    for (row, label) in labels.enumerated() {
      for column in 0..<dimension { centred[row, column] -= means[label, column] }
    }
    let covariance = ShrunkCovariance(ofCentred: centred)
    factor = try CholeskyFactor(covariance.matrix, what: "the covariance within the classes")
    shrinkage = covariance.shrinkage
    self.means = factor.whitened(means)
  }

  /// The probability of each class for each point `[point, dimension]`: `[point, class]`, rows sum to 1.
  public func probabilities(_ points: Matrix) -> [[Double]] {
    let whitened = factor.whitened(points)
    return (0..<whitened.rows).map { row in
      let logarithms = (0..<means.rows).map { label in
        -0.5
          * (0..<whitened.columns).reduce(0.0) { sum, column in
            let distance = whitened[row, column] - means[label, column]
            return sum + distance * distance
          }
      }
      let largest = logarithms.max() ?? 0
      let weights = logarithms.map { exp($0 - largest) }
      let total = weights.reduce(0, +)
      return weights.map { $0 / total }
    }
  }
}
