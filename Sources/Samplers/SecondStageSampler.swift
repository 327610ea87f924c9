import Generators
import Geometry
import Randomness

/// Draws codes through the second autoencoder of `two-stage`.
///
/// Source: Dai and Wipf, "Diagnosing and enhancing VAE models", ICLR 2019, section 4.
public struct SecondStageSampler: LatentSampler {
  private let stage: SecondStage
  private let latentDimensions: Int

  public init(_ stage: SecondStage, latentDimensions: Int) {
    self.stage = stage
    self.latentDimensions = latentDimensions
  }

  public func draw(_ count: Int, stream: RandomStream) -> LatentDraw {
    func normal(_ purpose: String) -> Matrix {
      PriorSampler(latentDimensions: latentDimensions).draw(count, stream: stream.substream(purpose)).points
    }
    return LatentDraw(points: stage.codes(from: normal("code"), noise: normal("noise")))
  }
}
