import Geometry
import Randomness

/// Draws from a Gaussian mixture that is fitted to codes.
///
/// Source: Ghosh et al., ICLR 2020 (ex-post density estimation); the paper, section 5.1.
public struct MixtureSampler: LatentSampler {
  public let mixture: GaussianMixture

  /// - Parameter stream: where the fit starts.
  /// - Throws: `GeneratorError.tooFewImages`.
  public init(_ codes: Matrix, components: Int, stream: RandomStream) throws {
    mixture = try GaussianMixture(
      fittedTo: codes, configuration: GaussianMixtureConfiguration(components: components), stream: stream)
  }

  public func draw(_ count: Int, stream: RandomStream) -> LatentDraw {
    LatentDraw(points: mixture.sample(count, stream: stream))
  }
}
