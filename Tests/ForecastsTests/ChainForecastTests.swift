import Forecasts
import Recipes
import Samplers
import Testing

/// What chains are forecast to take hangs on the sampler's mode and on whose metric it is.
@Suite struct ChainForecastTests {
  private static func seconds(_ method: SyntheticMethod, _ settings: [(String, String)] = []) throws -> Double {
    var recipe = Recipe()
    for (key, value) in [("metric.centroids", "100"), ("generator.latent-dimensions", "8")] + settings {
      recipe = try recipe.setting(key, to: value)
    }
    return RunForecast.chains(method, recipe, training: 500, drawn: 40)
  }

  /// Algorithm 2 has 100 transitions and no pilot run; calibrated chains have about 20, and a pilot run as long.
  @Test func theModeCounts() throws {
    let paper = try Self.seconds(.manifold, [("sampler.mode", "paper")])
    #expect(abs(paper / (try Self.seconds(.manifold)) - 2.5) < 1e-9)
    let short = [("sampler.mode", "paper"), ("sampler.steps", "50"), ("sampler.leapfrog-steps", "5")]
    #expect(abs(paper / (try Self.seconds(.manifold, short)) - 4) < 1e-9)
    #expect(try Self.seconds(.prior) == 0 && Self.seconds(.gmm) == 0)
  }

  /// The metric of `rhvae` has a matrix for every training image, whatever `metric.centroids` says.
  @Test func theFullMetricHasEveryImage() throws {
    let all = try Self.seconds(.rhvae)
    #expect(try Self.seconds(.rhvae, [("metric.centroids", "10")]) == all)
    #expect(abs(all / (try Self.seconds(.rhvae, [("generator.latent-dimensions", "16")])) - 90.0 / 306) < 1e-9)
  }
}
