import Randomness

/// Draws from the uniform distribution of a Riemannian metric, by chains that start at its centroids.
public struct ManifoldSampler: Sendable {
  public let density: VolumeDensity
  public let configuration: HMCConfiguration
  private let sampler: HamiltonianMonteCarlo

  /// - Throws: `GeometryError.option` for an option outside its range.
  public init(_ metric: RiemannianMetric, configuration: HMCConfiguration = .init()) throws {
    density = VolumeDensity(metric)
    self.configuration = configuration
    sampler = try HamiltonianMonteCarlo(configuration)
  }

  /// Runs `count` chains, each from a posterior mean drawn at random, and keeps where each of them ends.
  ///
  /// - Parameters:
  ///   - stream: chain c starts by its substream ("start", c) and moves by ("chain", c).
  ///   - observer: told after each transition of each block of chains, from any thread.
  /// - Throws: `GeometryError.option` when `count` is negative.
  public func sample(
    _ count: Int, stream: RandomStream, observer: (@Sendable (HMCObservation) -> Void)? = nil
  ) throws -> ManifoldSamples {
    guard count >= 0 else {
      throw GeometryError.option(name: "count of samples", expected: "a number of at least 0", actual: "\(count)")
    }
    let centroids = density.metric.centroids
    let starts = (0..<count).map { chain in
      var stream = stream.substream("start", index: chain)
      return stream.index(below: centroids.rows)
    }
    let run = sampler.run(density, starts: centroids.selectingRows(starts), stream: stream, observer: observer)
    let distances = RowDistances(to: centroids)
    return ManifoldSamples(
      run: run, startCentroids: starts, nearestAtStart: distances.nearest(to: run.starts),
      nearestAtEnd: distances.nearest(to: run.positions))
  }
}

/// Points drawn from the uniform distribution of a metric, and how the chains that drew them fared.
public struct ManifoldSamples: Sendable, Equatable {
  /// Points `[chain, dimension]`, and acceptance, displacement and divergences per chain.
  public let run: HMCRun
  /// The centroid that each chain started from, `[chain]`.
  public let startCentroids: [Int]
  /// The centroid nearest to each chain's start, `[chain]`: the first among equals, so not always the one it started
  /// from.
  public let nearestAtStart: [Int]
  /// The centroid nearest to each chain's end, `[chain]`.
  public let nearestAtEnd: [Int]
}
