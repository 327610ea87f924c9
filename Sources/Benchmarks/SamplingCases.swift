import Geometry
import Randomness

/// Hamiltonian Monte Carlo on the metric of made-up codes, 1,000 chains side by side.
enum SamplingCases {
  /// Centroids and latent dimensions, and how many steps of the paper's 100 are run: the longest cases run fewer.
  static let all: [BenchmarkCase] =
    [(50, 16, 100), (291, 16, 100)].map { sampling("hmc-k\($0)", centroids: $0, dimensions: $1, steps: $2) }
    + [(1000, 16, 10), (10_000, 16, 1), (291, 64, 10), (1000, 64, 5), (10_000, 64, 1)].map {
      sampling("hmc-growth-k\($0)-d\($1)", centroids: $0, dimensions: $1, steps: $2)
    }

  private static let chains = 1000
  private static let leapfrogSteps = 10

  private static func sampling(_ name: String, centroids: Int, dimensions: Int, steps: Int) -> BenchmarkCase {
    // A gradient at the start, and one at the end of each leapfrog step; each takes four matrix products.
    let gradients = Double(steps * leapfrogSteps + 1)
    return BenchmarkCase(
      name, "\(chains) chains, \(steps) steps of \(leapfrogSteps), k = \(centroids), d = \(dimensions)", images: chains,
      load: .arithmetic(12 * Double(chains) * Double(centroids) * Double(dimensions) * gradients, .float64)
    ) {
      var stream = RandomStream(seed: 1, purpose: "benchmark codes")
      let codes = Matrix(
        rows: centroids, columns: dimensions, values: (0..<centroids * dimensions).map { _ in stream.normal() })
      let variances = Matrix(
        rows: centroids, columns: dimensions,
        values: (0..<centroids * dimensions).map { _ in 0.05 + 0.1 * stream.uniform() })
      let metric = try RiemannianMetric(
        codes: codes, variances: variances, configuration: MetricConfiguration(rho: .value(3)), stream: stream)
      let density = VolumeDensity(metric)
      let sampler = try HamiltonianMonteCarlo(HMCConfiguration(steps: steps, leapfrogSteps: leapfrogSteps))
      let starts = codes.selectingRows((0..<chains).map { $0 % centroids })
      return { _ = sampler.run(density, starts: starts, stream: stream.substream("chains")) }
    }
  }
}
