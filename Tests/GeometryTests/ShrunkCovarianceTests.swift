import Geometry
import Randomness
import Testing

@Suite struct ShrunkCovarianceTests {
  private static let points = Matrix([
    [3.0, -0.2, 0.1], [-2.5, 1.1, 0.2], [1.25, -0.4, -0.3], [-3.25, -0.5, 0.1], [2.0, 0.9, -0.2], [-0.5, -0.9, 0.1],
  ])

  /// The formula as it stands in the paper, point by point.
  private static func shrinkageByHand(_ points: Matrix) -> Double {
    let (n, p) = (points.rows, points.columns)
    func outer(_ row: Int) -> [Double] { (0..<p * p).map { points[row, $0 / p] * points[row, $0 % p] } }
    let sample = (0..<p * p).map { place in (0..<n).reduce(0) { $0 + outer($1)[place] } / Double(n) }
    let mean = (0..<p).reduce(0) { $0 + sample[$1 * p + $1] } / Double(p)
    func norm(_ a: [Double]) -> Double { a.reduce(0) { $0 + $1 * $1 } / Double(p) }
    let target = (0..<p * p).map { $0 / p == $0 % p ? mean : 0 }
    let distance = norm(zip(sample, target).map { $0 - $1 })
    let chance = (0..<n).reduce(0) { $0 + norm(zip(outer($1), sample).map { $0 - $1 }) } / Double(n * n)
    return min(1, chance / distance)
  }

  @Test func meetsTheFormulaAndScikitLearn() {
    let covariance = ShrunkCovariance(ofCentred: Self.points)
    #expect(abs(covariance.shrinkage - Self.shrinkageByHand(Self.points)) < 1e-12)
    // scikit-learn 1.7.2, ledoit_wolf(points, assume_centered=True).
    #expect(abs(covariance.shrinkage - 0.18902673784864574) < 1e-12)
    #expect(abs(covariance.matrix[0, 0] - 4.643159548821469) < 1e-12)
    #expect(abs(covariance.matrix[0, 1] - 0.0033790552589639112) < 1e-12)
    #expect(abs(covariance.matrix[2, 2] - 0.39568708830375116) < 1e-12)
  }

  /// With many points the covariance is left as it is; with fewer than dimensions it can be inverted all the same, which
  /// the covariance as it is cannot.
  @Test func shrinksAsFarAsItMust() throws {
    var random = RandomStream(seed: 2, purpose: "test")
    func sample(_ count: Int) -> Matrix {
      Matrix(rows: count, columns: 12, values: (0..<count * 12).map { Double(1 + $0 % 12) * random.normal() })
    }
    #expect(ShrunkCovariance(ofCentred: sample(20_000)).shrinkage < 0.002)
    let few = sample(5)
    let shrunk = ShrunkCovariance(ofCentred: few)
    #expect((0.05...1).contains(shrunk.shrinkage))
    _ = try CholeskyFactor(shrunk.matrix, what: "shrunk")
    // As it is, it has no more directions than points.
    #expect(try #require(PrincipalComponents(of: few)).axes.rows <= 5)
  }
}
