import Geometry
import Randomness

/// How like real images a synthetic set is, and how much of their variety it has, in one feature space.
public struct FidelityReport: Codable, Sendable, Equatable {
  /// What makes a figure here doubtful.
  public enum Warning: Codable, Sendable, Equatable, CustomStringConvertible {
    /// Fewer points than features: covariances are singular, and the Fréchet distance depends on the sample size.
    case fewerPointsThanFeatures(set: String, points: Int, features: Int)
    /// Fewer points than 10 for each of the clusters of the precision-recall curve.
    case fewPointsPerCluster(set: String, points: Int, clusters: Int)
    /// Sets so small that shares move by more than 2 points with one image.
    case fewPoints(set: String, points: Int)
    /// Sets of sizes that differ by more than a factor of 2: recall, coverage and the curve depend on both sizes.
    case unequalSizes(real: Int, synthetic: Int)
    /// Too few points for the balls of k neighbours: precision, recall, density and coverage are left out.
    case tooFewForNeighbours(set: String, points: Int, neighbours: Int)

    public var description: String {
      switch self {
      case .fewerPointsThanFeatures(let set, let points, let features):
        "\(points) \(set) images for \(features) features: the Fréchet distance is dominated by sampling error"
      case .fewPointsPerCluster(let set, let points, let clusters):
        "\(points) \(set) images for \(clusters) clusters: the precision-recall curve is too low by chance"
      case .fewPoints(let set, let points):
        "only \(points) \(set) images: one of them moves a share by \(100 / max(1, points)) points"
      case .unequalSizes(let real, let synthetic):
        "\(real) real and \(synthetic) synthetic images: recall, coverage and the curve depend on both sizes"
      case .tooFewForNeighbours(let set, let points, let neighbours):
        "\(points) \(set) images have no \(neighbours) neighbours each: precision, recall, density and coverage are left out"
      }
    }
  }

  public let features: String
  public let realCount: Int
  public let syntheticCount: Int
  /// Nil where a set is too small.
  public let neighbourhoods: NeighbourhoodScores?
  /// The greatest F_8 of the precision-recall curve: recall.
  public let curveRecall: Double
  /// The greatest F_1/8 of the precision-recall curve: precision.
  public let curvePrecision: Double
  /// Nil for fewer than two points in a set.
  public let frechetDistance: Double?
  /// Nil for fewer than two points in a set.
  public let kernelDistance: Double?
  public let warnings: [Warning]

  /// Compares two sets in every way that their sizes allow; `warnings` says what is doubtful or left out.
  ///
  /// - Parameters:
  ///   - real: features of real images, best of images that the generator has not seen; at least one.
  ///   - synthetic: the same features of synthetic images; at least one.
  ///   - neighbours: k of `NeighbourhoodScores`, at least 1; these are nil when a set has no more images than that.
  ///   - clusters: states of the precision-recall curve, at least 1.
  ///   - standardising: whether both are standardised by the real ones, which features of one network need not be.
  ///   - seed: of the clusterings of that curve; nothing else here is random.
  public init(
    real: FeatureTable, synthetic: FeatureTable, neighbours: Int = 5, clusters: Int = 20, standardising: Bool = true,
    seed: UInt64 = 0
  ) {
    precondition(real.values.rows > 0 && synthetic.values.rows > 0, "fidelity of an empty set")
    let (first, second) =
      standardising
      ? (real.standardised(by: real).values, synthetic.standardised(by: real).values)
      : (real.values, synthetic.values)
    features = real.kind
    (realCount, syntheticCount) = (first.rows, second.rows)
    var warnings: [Warning] = []
    for (set, points) in [("real", first.rows), ("synthetic", second.rows)] {
      if points <= neighbours {
        warnings.append(.tooFewForNeighbours(set: set, points: points, neighbours: neighbours))
      }
      if points < 50 { warnings.append(.fewPoints(set: set, points: points)) }
      if points <= real.names.count {
        warnings.append(.fewerPointsThanFeatures(set: set, points: points, features: real.names.count))
      }
      if points < 10 * clusters { warnings.append(.fewPointsPerCluster(set: set, points: points, clusters: clusters)) }
    }
    if max(first.rows, second.rows) > 2 * min(first.rows, second.rows) {
      warnings.append(.unequalSizes(real: first.rows, synthetic: second.rows))
    }
    self.warnings = warnings
    neighbourhoods =
      min(first.rows, second.rows) > neighbours
      ? NeighbourhoodScores(real: first, synthetic: second, neighbours: neighbours) : nil
    let curve = PrecisionRecallCurve(
      synthetic: second, real: first, clusters: clusters,
      stream: RandomStream(seed: seed, purpose: "precision-recall curve"))
    curveRecall = curve.greatestF(beta: 8)
    curvePrecision = curve.greatestF(beta: 1 / 8)
    let hasSpread = min(first.rows, second.rows) > 1
    frechetDistance = hasSpread ? FrechetDistance.between(first, second) : nil
    kernelDistance = hasSpread ? KernelDistance.between(first, second) : nil
  }
}
