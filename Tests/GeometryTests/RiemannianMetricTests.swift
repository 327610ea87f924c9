import Foundation
import Geometry
import Randomness
import Testing

@Suite struct RiemannianMetricTests {
  private let stream = RandomStream(seed: 0, purpose: "test")

  private func metric(_ codes: [[Double]], _ variances: [[Double]], _ configuration: MetricConfiguration) throws
    -> RiemannianMetric
  {
    try RiemannianMetric(
      codes: Matrix(codes), variances: Matrix(variances), configuration: configuration, stream: stream)
  }

  /// The largest distance to the nearest other centroid, by hand.
  @Test(
    arguments: [
      ([[0], [1], [3]], 2),
      ([[0], [1], [2], [10]], 8),  // the last one is the isolated one
      ([[10], [2], [1], [0]], 8),
      ([[0, 0], [3, 4], [3, 5], [-6, 8]], 90.0.squareRoot()),
      ([[0], [0], [5], [6]], 5),  // the pair of equal centroids is one point of the set
      ([[7], [7], [9], [9]], 2),
    ] as [([[Double]], Double)])
  func rhoFollowsThePapersRule(centroids: [[Double]], expected: Double) throws {
    #expect(try RiemannianMetric.paperRho(of: Matrix(centroids)) == expected)
    let ones = centroids.map { $0.map { _ in 1.0 } }
    #expect(try metric(centroids, ones, MetricConfiguration()).rho == expected)
  }

  @Test(arguments: [[[1.0]], [[2.0], [2], [2]]]) func oneDistinctCentroidNeedsAGivenRho(centroids: [[Double]]) throws {
    let ones = centroids.map { _ in [1.0] }
    #expect(throws: GeometryError.tooFewCentroids(distinct: 1)) { try metric(centroids, ones, MetricConfiguration()) }
    #expect(try metric(centroids, ones, MetricConfiguration(rho: .value(0.5))).rho == 0.5)
  }

  /// Two centroids, worked out by hand: at the first, w = 1 and exp(-(4/2 + 1/0.5) / 4) = exp(-1).
  @Test func valueAtACentroidIsAsByHand() throws {
    let metric = try metric(
      [[0, 0], [2, 1]], [[0.25, 1], [2, 0.5]], MetricConfiguration(rho: .value(2), lambda: 0.1, tau: 0.3))
    let value = metric.diagonal(at: [0, 0])
    #expect(abs(value[0] - (4 + 0.5 * exp(-1) + 0.1)) < 1e-14)
    #expect(abs(value[1] - (1 + 2 * exp(-1) + 0.1)) < 1e-14)
  }

  @Test func lambdaCountsOnceWhateverTheNumberOfCentroids() throws {
    let metric = try randomMetric(centroids: 40, dimension: 3, lambda: 0.07)
    let far = [1000.0, 1000, 1000]
    #expect(metric.diagonal(at: far) == [0.07, 0.07, 0.07])
    let logVolume = VolumeDensity(metric).evaluation(at: Matrix([far])).logDensity[0]
    #expect(abs(logVolume - 1.5 * log(0.07)) < 1e-12)
  }

  @Test func centroidsAreChosenByKMedoidsWhenThereAreMoreCodes() throws {
    let codes = randomMatrix(rows: 30, columns: 2, seed: 4)
    let variances = randomMatrix(rows: 30, columns: 2, seed: 5) { exp($0) }
    let few = try RiemannianMetric(
      codes: codes, variances: variances, configuration: MetricConfiguration(centroids: .count(6)), stream: stream)
    #expect(few.centroidIndices == (try KMedoids(points: codes, count: 6, stream: stream).medoids))
    #expect(few.centroids == codes.selectingRows(few.centroidIndices))
    #expect(few.variances == variances.selectingRows(few.centroidIndices))
    let many = try RiemannianMetric(
      codes: codes, variances: variances, configuration: MetricConfiguration(centroids: .count(31)), stream: stream)
    #expect(many.centroidIndices == Array(0..<30))
  }

  @Test func badNumbersAreRefusedWithTheirPlace() {
    let good = [[1.0, 2], [3, 4]]
    #expect(throws: GeometryError.notFinite(what: "codes", row: 1, column: 0)) {
      try metric([[1, 2], [.nan, 4]], good, MetricConfiguration())
    }
    #expect(throws: GeometryError.notPositive(what: "posterior variances", row: 0, column: 1, value: 0)) {
      try metric(good, [[1, 0], [1, 1]], MetricConfiguration())
    }
    #expect(throws: GeometryError.shape(what: "posterior variances", expected: [2, 2], actual: [1, 2])) {
      try metric(good, [[1, 1]], MetricConfiguration())
    }
    #expect(throws: GeometryError.empty(what: "codes")) { try metric([], [], MetricConfiguration()) }
  }

  @Test(
    arguments: [
      MetricConfiguration(centroids: .count(0)), MetricConfiguration(rho: .value(0)),
      MetricConfiguration(rho: .value(.infinity)), MetricConfiguration(lambda: -1), MetricConfiguration(tau: .nan),
    ])
  func optionsOutsideTheirRangeAreRefused(configuration: MetricConfiguration) {
    #expect(throws: GeometryError.self) { try configuration.validate() }
  }

  @Test func configurationReadsAndWritesPlainWords() throws {
    func read(_ text: String) throws -> MetricConfiguration {
      try JSONDecoder().decode(MetricConfiguration.self, from: Data(text.utf8))
    }
    #expect(try read("{}") == MetricConfiguration())
    let given = MetricConfiguration(centroids: .count(50), rho: .value(2.5), lambda: 1, tau: 0.1)
    #expect(try read(#"{"centroids": 50, "rho": 2.5, "lambda": 1, "tau": 0.1}"#) == given)
    #expect(try read(#"{"centroids": "all", "rho": "paper"}"#) == MetricConfiguration())
    #expect(throws: DecodingError.self) { try read(#"{"centroids": "some"}"#) }
    #expect(throws: DecodingError.self) { try read(#"{"rho": "papr"}"#) }
    for configuration in [given, MetricConfiguration()] {
      #expect(
        try JSONDecoder().decode(MetricConfiguration.self, from: JSONEncoder().encode(configuration)) == configuration)
    }
  }
}
