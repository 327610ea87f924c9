import Generators
import Geometry
import Randomness

/// Draws from the inverse volume of the metric that `rhvae` learned, restricted to the training images of a class.
///
/// Source: Chadebec et al., "Data augmentation in high dimensional low sample size setting using a geometry-based variational
/// autoencoder", 2021, section 4.
public struct RHVAESampler: LatentSampler {
  private let sampler: InverseVolumeSampler

  /// Prepares the density.
  ///
  /// - Parameters:
  ///   - codes: of the training images of a class, with the metric factors that the model learned.
  ///   - settings: the model's: temperature and regularisation of its metric.
  ///   - sampler: the chains; they do not jump between islands, whatever it says of that.
  /// - Throws: `GeometryError` for a setting outside its range.
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
