import Geometry

/// Fidelity and diversity by k-nearest-neighbour balls about the points of each set.
///
/// Sources: precision and recall: Kynkäänniemi et al., "Improved Precision and Recall Metric for Assessing Generative
/// Models", NeurIPS 2019, equations 1 to 3. Density and coverage: Naeem et al., "Reliable Fidelity and Diversity Metrics
/// for Generative Models", ICML 2020, equations 3 and 4. Balls are open, as in the reference code of the latter.
public struct NeighbourhoodScores: Codable, Sendable, Equatable {
  /// k: the ball of a point reaches to its k-th nearest neighbour in its own set.
  public let neighbours: Int
  /// The share of synthetic points in some real point's ball, in [0, 1].
  public let precision: Double
  /// The share of real points in some synthetic point's ball, in [0, 1].
  public let recall: Double
  /// The mean number of real balls that a synthetic point lies in, divided by k; about 1 when the sets are alike.
  public let density: Double
  /// The share of real points whose ball holds a synthetic point, in [0, 1].
  public let coverage: Double

  /// Scores one set of points against another.
  ///
  /// - Parameters:
  ///   - real: `[m, d]`, more than `neighbours` points.
  ///   - synthetic: `[n, d]`, more than `neighbours` points.
  ///   - neighbours: k, at least 1.
  public init(real: Matrix, synthetic: Matrix, neighbours: Int = 5) {
    precondition(
      neighbours > 0 && real.rows > neighbours && synthetic.rows > neighbours,
      "\(neighbours) neighbours among \(real.rows) real and \(synthetic.rows) synthetic points")
    let realRadii = Self.radii(real, neighbours)
    let syntheticRadii = Self.radii(synthetic, neighbours)
    var isInRealBall = [Bool](repeating: false, count: synthetic.rows)
    var (inBalls, recalled, covered) = (0, 0, 0)
    PairwiseDistances.forPieces(real, synthetic) { row, distances in
      var (isRecalled, isCovered) = (false, false)
      for (column, distance) in distances.enumerated() {
        if distance < realRadii[row] {
          inBalls += 1
          isInRealBall[column] = true
          isCovered = true
        }
        if distance < syntheticRadii[column] { isRecalled = true }
      }
      recalled += isRecalled ? 1 : 0
      covered += isCovered ? 1 : 0
    }
    self.neighbours = neighbours
    precision = Double(isInRealBall.count { $0 }) / Double(synthetic.rows)
    recall = Double(recalled) / Double(real.rows)
    density = Double(inBalls) / Double(neighbours * synthetic.rows)
    coverage = Double(covered) / Double(real.rows)
  }

  /// The distance of each point to its k-th nearest neighbour, itself not counted.
  private static func radii(_ points: Matrix, _ neighbours: Int) -> [Double] {
    var radii: [Double] = []
    PairwiseDistances.forPieces(points, points) { row, distances in
      var others = Array(distances)
      others.remove(at: row)
      radii.append(others.sorted()[neighbours - 1])
    }
    return radii
  }
}
