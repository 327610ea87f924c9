import Foundation
import Generators
import Geometry
import Randomness

/// Draws from the prior of `vamp`: the posterior of a pseudo-input, each as likely as another.
///
/// With one model of all classes, a class has the pseudo-inputs whose posterior means lie nearest to a code of its own; if
/// there are none, the one nearest to its codes.
///
/// Source: Tomczak and Welling, "VAE with a VampPrior", AISTATS 2018.
public struct VampPriorSampler: LatentSampler {
  /// The components of the class.
  public let components: Codes
  private let variances: Matrix

  /// - Parameters:
  ///   - components: of the whole prior.
  ///   - codes: of the class, `[image, latent dimension]`.
  ///   - others: of each other class.
  /// - Throws: `GeneratorError.noPosterior`.
  public init(_ components: Codes, codes: Matrix, others: [Matrix]) throws {
    let all = try components.variances(for: "the method 'vamp'")
    let nearest = ([codes] + others).map { Self.nearestSquares(of: components.means, to: $0) }
    var own = (0..<components.means.rows).filter { row in nearest.dropFirst().allSatisfy { nearest[0][row] <= $0[row] }
    }
    if own.isEmpty { own = [nearest[0].indices.min { nearest[0][$0] < nearest[0][$1] }!] }
    self.components = Codes(
      means: components.means.selectingRows(own), logVariances: components.logVariances!.selectingRows(own))
    variances = all.selectingRows(own)
  }

  private static func nearestSquares(of points: Matrix, to codes: Matrix) -> [Double] {
    let distances = RowDistances(to: codes)
    return (0..<points.rows).map { distances.squared(from: points.row($0)).min() ?? .infinity }
  }

  public func draw(_ count: Int, stream: RandomStream) -> LatentDraw {
    let dimensions = components.means.columns
    var values: [Double] = []
    for point in 0..<count {
      var random = stream.substream("point", index: point)
      let component = random.index(below: components.means.rows)
      for dimension in 0..<dimensions {
        values.append(
          components.means[component, dimension] + variances[component, dimension].squareRoot() * random.normal())
      }
    }
    return LatentDraw(points: Matrix(rows: count, columns: dimensions, values: values))
  }
}
