import Randomness

/// Draws from the inverse volume of a full metric by chains of Hamiltonian Monte Carlo that start at its centroids.
///
/// What the configuration leaves open a pilot run finds, as for the metric of posterior covariances.
public struct InverseVolumeSampler: Sendable {
  public let density: InverseVolumeDensity
  public let configuration: HMCConfiguration
  private let sampler: HamiltonianMonteCarlo

  /// - Throws: `GeometryError.option` for an option outside its range.
  public init(_ density: InverseVolumeDensity, configuration: HMCConfiguration = .init()) throws {
    self.density = density
    self.configuration = configuration
    sampler = try HamiltonianMonteCarlo(configuration)
  }

  /// Runs chains from the centroids and keeps where each of them ends.
  ///
  /// - Parameters:
  ///   - count: chains, at least 0.
  ///   - stream: chain c moves by its substream ("chain", c); the centroid it starts from comes from ("start", c) or,
  ///     dispersed, from ("round", n).
  /// - Returns: the chains, and the centroid at which each started, by its row.
  public func sample(_ count: Int, stream: RandomStream) -> (run: HMCRun, starts: [Int]) {
    let centroids = density.centroids
    let starts = configuration.starts.rows(count, centroids: centroids.rows, stream: stream)
    let (kernel, steps) = kernel(stream: stream)
    let run = sampler.run(
      density, kernel: kernel, steps: steps, starts: centroids.selectingRows(starts), crossing: nil, stream: stream)
    return (run, starts)
  }

  private func kernel(stream: RandomStream) -> (HMCKernel, steps: Int) {
    if let given = configuration.given(scales: nil) { return given }
    let pilot = HMCPilot(
      density, sampler: sampler, centroids: density.centroids, scales: nil, crossing: nil,
      typicalScale: density.temperature / Double(density.dimension).squareRoot(), stream: stream.substream("pilot"))
    return (pilot.kernel, pilot.steps)
  }
}
