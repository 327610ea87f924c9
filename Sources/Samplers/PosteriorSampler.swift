import Foundation
import Generators
import Geometry
import Randomness

/// Draws from the posterior of a training image: its mean plus its standard deviations times a standard normal.
///
/// It is the control for a sampler that only jitters codes. Every training image is used once before any is used
/// twice.
public struct PosteriorSampler: LatentSampler {
  public let codes: Codes
  private let variances: Matrix

  /// - Throws: `GeneratorError.noPosterior` for codes without posterior variances.
  public init(_ codes: Codes) throws {
    self.codes = codes
    variances = try codes.variances(for: "the method 'posterior'")
  }

  public func draw(_ count: Int, stream: RandomStream) -> LatentDraw {
    let (images, dimensions) = (codes.means.rows, codes.means.columns)
    let sources = stream.rounds("order", of: images, count: count)
    var values: [Double] = []
    for (point, source) in sources.enumerated() {
      var random = stream.substream("point", index: point)
      for dimension in 0..<dimensions {
        let deviation = variances[source, dimension].squareRoot()
        values.append(codes.means[source, dimension] + deviation * random.normal())
      }
    }
    return LatentDraw(points: Matrix(rows: count, columns: dimensions, values: values), sources: sources)
  }
}
