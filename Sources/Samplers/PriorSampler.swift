import Geometry
import Randomness

/// Draws from the prior N(0, I), as a plain variational autoencoder does.
public struct PriorSampler: LatentSampler {
  public let latentDimensions: Int

  public init(latentDimensions: Int) {
    self.latentDimensions = latentDimensions
  }

  public func draw(_ count: Int, stream: RandomStream) -> LatentDraw {
    var values: [Double] = []
    for point in 0..<count {
      var random = stream.substream("point", index: point)
      for _ in 0..<latentDimensions { values.append(random.normal()) }
    }
    return LatentDraw(points: Matrix(rows: count, columns: latentDimensions, values: values))
  }
}
