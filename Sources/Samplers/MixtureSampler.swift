import Geometry
import Randomness

/// Draws from a Gaussian mixture that is fitted to codes.
///
/// Source: Ghosh et al., ICLR 2020 (ex-post density estimation); the paper, section 5.1.
public struct MixtureSampler: LatentSampler {
  public let mixture: GaussianMixture

  /// Fits the mixture.
  ///
  /// - Parameters:
  ///   - codes: `[image, latent dimension]`.
  ///   - components: Gaussians that are wanted, at least 1; `GaussianMixture.componentCount` says how many so few codes
  ///     allow.
  ///   - stream: where the fit starts.
  /// - Throws: `GeometryError` for `components` out of range, no codes, and codes that are not finite.
  public init(_ codes: Matrix, components: Int, stream: RandomStream) throws {
    mixture = try GaussianMixture(
      fittedTo: codes, configuration: GaussianMixtureConfiguration(components: components), stream: stream)
  }

  public func draw(_ count: Int, stream: RandomStream) -> LatentDraw {
    LatentDraw(points: mixture.sample(count, stream: stream))
  }
}
