import Foundation
import Randomness

/// Draws from the uniform distribution of a Riemannian metric, by chains that start at its centroids.
public struct ManifoldSampler: Sendable {
  public let density: VolumeDensity
  public let configuration: HMCConfiguration
  private let sampler: HamiltonianMonteCarlo
  private let crossing: IslandMixture?
  /// Deviation of the islands in each coordinate, geometric mean over centroids, `[dimension]`.
  private let islandDeviations: [Double]

  /// - Throws: `GeometryError.option` for an option outside its range.
  public init(_ metric: RiemannianMetric, configuration: HMCConfiguration = .init()) throws {
    density = VolumeDensity(metric)
    self.configuration = configuration
    var sampler = try HamiltonianMonteCarlo(configuration)
    if configuration.mode == .publishedCode {
      sampler.velocityDeviation = 0.5
      sampler.exponentiatesEnergies = true
    }
    self.sampler = sampler
    crossing = configuration.crossing == .islands ? IslandMixture(density) : nil
    let scale = metric.rho / Double(metric.dimension).squareRoot()
    islandDeviations = (0..<metric.dimension).map { j in
      let logs = (0..<metric.variances.rows).reduce(0.0) { $0 + log(metric.variances[$1, j]) / 2 }
      return scale * exp(logs / Double(metric.variances.rows))
    }
  }

  /// Finds what the configuration leaves open, by a pilot run where something is.
  ///
  /// - Parameter stream: the pilot draws from its substream ("pilot", 0).
  func pilot(stream: RandomStream) -> (kernel: HMCKernel, steps: Int, pilot: HMCPilot?) {
    let scales = configuration.mass == .islands ? islandDeviations : nil
    if let (kernel, steps) = configuration.given(scales: scales) { return (kernel, steps, nil) }
    func run(_ target: some LogDensity) -> HMCPilot {
      HMCPilot(
        target, sampler: sampler, centroids: density.metric.centroids, scales: scales, crossing: crossing,
        typicalScale: islandDeviations.min()!, stream: stream.substream("pilot"))
    }
    let pilot = configuration.mode == .publishedCode ? run(PublishedCodeDensity(density)) : run(density)
    return (pilot.kernel, pilot.steps, pilot)
  }

  /// Runs chains, each from a posterior mean, and keeps where each of them ends.
  ///
  /// - Parameters:
  ///   - count: chains, at least 0.
  ///   - stream: chain c moves by its substream ("chain", c); a random start comes from ("start", c).
  ///   - observer: told after each transition of each block of chains, from any thread.
  /// - Throws: `GeometryError.option` when `count` is negative.
  public func sample(
    _ count: Int, stream: RandomStream, observer: (@Sendable (HMCObservation) -> Void)? = nil
  ) throws -> ManifoldSamples {
    guard count >= 0 else {
      throw GeometryError.option(name: "count of samples", expected: "a number of at least 0", actual: "\(count)")
    }
    let centroids = density.metric.centroids
    let starts = configuration.starts.rows(count, centroids: centroids.rows, stream: stream)
    let (kernel, steps, pilot) = pilot(stream: stream)
    func run(_ target: some LogDensity) -> HMCRun {
      sampler.run(
        target, kernel: kernel, steps: steps, starts: centroids.selectingRows(starts), crossing: crossing,
        stream: stream, observer: observer)
    }
    let result = configuration.mode == .publishedCode ? run(PublishedCodeDensity(density)) : run(density)
    let distances = RowDistances(to: centroids)
    return ManifoldSamples(
      run: result, kernel: kernel, steps: steps, pilot: pilot, startCentroids: starts,
      nearestAtStart: distances.nearest(to: result.starts), nearestAtEnd: distances.nearest(to: result.positions))
  }

  /// Runs 4 chains of `draws` transitions from dispersed centroids with the kernel of the chains that are kept, and
  /// tells how well they mix.
  ///
  /// - Parameters:
  ///   - draws: at least 4.
  ///   - stream: the stream that `sample` is given, so that the kernel is the same.
  /// - Throws: `GeometryError.option` when `draws` is too small.
  public func diagnose(draws: Int = 1000, stream: RandomStream) throws -> ChainDiagnosis {
    guard draws >= 4 else {
      throw GeometryError.option(name: "diagnostic draws", expected: "a number of at least 4", actual: "\(draws)")
    }
    let own = stream.substream("diagnosis")
    let centroids = density.metric.centroids
    let starts = centroids.selectingRows(
      ChainStarts.dispersed.rows(ChainDiagnosis.chainCount, centroids: centroids.rows, stream: own))
    let kernel = pilot(stream: stream).kernel
    func diagnosis(_ target: some LogDensity) -> ChainDiagnosis {
      ChainDiagnosis(
        sampler.block(target, kernel: kernel, starts: starts, crossing: crossing, stream: own), draws: draws,
        dimension: density.dimension)
    }
    return configuration.mode == .publishedCode ? diagnosis(PublishedCodeDensity(density)) : diagnosis(density)
  }
}

/// Points drawn from the uniform distribution of a metric, and how the chains that drew them fared.
public struct ManifoldSamples: Sendable, Equatable {
  /// Points `[chain, dimension]`, and acceptance, displacement and divergences per chain.
  public let run: HMCRun
  /// What each transition did.
  public let kernel: HMCKernel
  /// Transitions of each chain.
  public let steps: Int
  /// The run that found the kernel; nil when nothing had to be found.
  public let pilot: HMCPilot?
  /// The centroid that each chain started from, `[chain]`.
  public let startCentroids: [Int]
  /// The centroid nearest to each chain's start, `[chain]`: the first among equals, so not always the one it started
  /// from.
  public let nearestAtStart: [Int]
  /// The centroid nearest to each chain's end, `[chain]`.
  public let nearestAtEnd: [Int]
}
