/// What the latent sampler did for one class; a figure that is not known is nil and left out.
public struct SamplerFigures: Sendable, Equatable {
  /// The class that this is about.
  public var className: String
  /// The number of chains.
  public var chains: Int?
  /// The mean share of accepted proposals, in 0...1.
  public var acceptance: Double?
  /// The distance in latent space from each chain's first to its last point.
  public var displacements: [Double]
  /// The share of chains, in 0...1, whose nearest centroid at the end is not the one at the start.
  public var changedCentroidShare: Double?
  /// The number of centroids in the metric.
  public var centroids: Int?
  /// The metric's length scale rho, a distance in latent space.
  public var rho: Double?
  /// The metric's floor lambda.
  public var lambda: Double?
  /// How fast the floor falls off with the squared distance from the origin.
  public var tau: Double?
  /// The mean over chains of the log density, up to a constant, before the first step and after each step.
  public var logDensities: [Double]
  /// The sampler's mode by name.
  public var mode: String?
  /// Transitions of each chain, leapfrog steps of a transition, and their length.
  public var steps: Int?
  public var leapfrogSteps: Int?
  public var stepSize: Double?
  public var divergences: Int?
  /// The median distance of the chains' ends from the origin over the largest one of a centroid.
  public var radiusRatio: Double?
  public var diagnosis: Diagnosis?
  /// The same class's chains in the other splits; empty for one split.
  public var otherSplits: [SamplerFigures] = []

  /// What a run of longer chains found.
  public struct Diagnosis: Sendable, Equatable {
    /// Draws of each chain.
    public var draws: Int
    /// The largest over all quantities; infinite when chains stay apart. This and the others are nil when no chain moved,
    /// so that nothing can be told.
    public var rHat: Double?
    public var bulkEffectiveSamples: Double?
    public var tailEffectiveSamples: Double?
    public var energyFraction: Double?

    public init(
      draws: Int, rHat: Double?, bulkEffectiveSamples: Double?, tailEffectiveSamples: Double?, energyFraction: Double?
    ) {
      self.draws = draws
      self.rHat = rHat
      self.bulkEffectiveSamples = bulkEffectiveSamples
      self.tailEffectiveSamples = tailEffectiveSamples
      self.energyFraction = energyFraction
    }
  }

  /// Takes every value as given.
  public init(
    className: String, chains: Int? = nil, acceptance: Double? = nil, displacements: [Double] = [],
    changedCentroidShare: Double? = nil, centroids: Int? = nil, rho: Double? = nil, lambda: Double? = nil,
    tau: Double? = nil, logDensities: [Double] = [], mode: String? = nil, steps: Int? = nil, leapfrogSteps: Int? = nil,
    stepSize: Double? = nil, divergences: Int? = nil, radiusRatio: Double? = nil, diagnosis: Diagnosis? = nil
  ) {
    self.className = className
    self.chains = chains
    self.acceptance = acceptance
    self.displacements = displacements
    self.changedCentroidShare = changedCentroidShare
    self.centroids = centroids
    self.rho = rho
    self.lambda = lambda
    self.tau = tau
    self.logDensities = logDensities
    self.mode = mode
    self.steps = steps
    self.leapfrogSteps = leapfrogSteps
    self.stepSize = stepSize
    self.divergences = divergences
    self.radiusRatio = radiusRatio
    self.diagnosis = diagnosis
  }

  /// The displacements in units of rho, smallest first; empty when rho is not known.
  package var relativeDisplacements: [Double] {
    guard let rho, rho > 0 else { return [] }
    return displacements.map { $0 / rho }.filter(\.isFinite).sorted()
  }

  /// The median of the displacements in units of rho.
  package var medianRelativeDisplacement: Double? {
    let sorted = relativeDisplacements
    guard !sorted.isEmpty else { return nil }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
