import Generators
import Geometry
import Randomness

/// Draws from the inverse volume of the metric that `rhvae` learned, restricted to the training images of a class.
///
/// Source: Chadebec et al., "Data augmentation in high dimensional low sample size setting using a geometry-based variational
/// autoencoder", 2021, section 4.
public struct RHVAESampler: LatentSampler {
  private let sampler: InverseVolumeSampler

  /// - Parameter codes: with metric factors.
  /// - Throws: `GeometryError`.
  public init(_ codes: Codes, settings: ModelSettings, sampler: HMCConfiguration) throws {
    guard let factors = codes.metricFactors else { preconditionFailure("codes without a learned metric") }
    var configuration = sampler
    configuration.crossing = .none
    self.sampler = try InverseVolumeSampler(
      InverseVolumeDensity(
        centroids: codes.means, factors: factors, temperature: settings.temperature,
        regularisation: settings.metricRegularisation), configuration: configuration)
  }

  public func draw(_ count: Int, stream: RandomStream) -> LatentDraw {
    let (run, starts) = sampler.sample(count, stream: stream)
    return LatentDraw(points: run.positions, sources: starts, acceptance: run.acceptance)
  }
}
