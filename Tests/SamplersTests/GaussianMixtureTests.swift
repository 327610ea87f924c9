import Foundation
import Geometry
import Randomness
import Samplers
import Testing

@Suite struct GaussianMixtureTests {
  private let stream = RandomStream(seed: 5, purpose: "test")

  /// Sixty points in three groups, from a formula that any language can repeat.
  private static let points = Matrix(
    (0..<60).map { index in
      let (i, group) = (Double(index), Double(index % 3))
      return [
        2 * sin(1.7 * i) + 4 * group, cos(2.3 * i) * (1 + group) + sin(1.7 * i) - 2 * group, sin(0.9 * i * i / 7),
      ]
    })

  private static func known() throws -> GaussianMixture {
    try GaussianMixture(
      weights: [0.5, 0.3, 0.2], means: Matrix([[0, 0, 0], [4, -2, 0], [8, -4, 0.5]]),
      covariances: [
        Matrix([[2, 0.5, 0.1], [0.5, 1, 0], [0.1, 0, 0.6]]), Matrix([[1, -0.3, 0], [-0.3, 2, 0.2], [0, 0.2, 0.5]]),
        Matrix([[3, 0, 0.4], [0, 1.5, 0], [0.4, 0, 1]]),
      ])
  }

  /// Expected: scikit-learn 1.9.1, `GaussianMixture.score_samples` with these parameters.
  @Test func logDensityMeetsScikitLearn() throws {
    let values = try Self.known().logDensity(at: Self.points)
    let expected = [
      -4.041531636453904, -5.533822866613627, -5.2501869145027955, -5.270293634756297, -5.551840602592217,
    ]
    for (value, expected) in zip(values, expected) { #expect(abs(value - expected) < 1e-12) }
    #expect(abs(values.reduce(0, +) / 60 + 6.032809649373164) < 1e-12)
  }

  /// Expected: scikit-learn 1.9.1, `GaussianMixture(3, weights_init=, means_init=, precisions_init=, max_iter=steps,
  /// tol=0, reg_covar=1e-6).fit(points).score(points)` from these parameters.
  @Test(
    arguments: [
      (1, -5.438538887926231), (2, -5.426559026422643), (5, -5.3603099336257864), (20, -5.322923977597733),
      (200, -5.322923976551632),
    ])
  func fitMeetsScikitLearn(steps: Int, expected: Double) throws {
    let configuration = GaussianMixtureConfiguration(tolerance: 0, maximumSteps: steps)
    let fit = try Self.known().fitted(to: Self.points, configuration: configuration)
    #expect(abs(fit.meanLogLikelihoods.last! - expected) < 1e-10)
    guard steps == 200 else { return }
    for (weight, expected) in zip(fit.mixture.weights, [0.3333464452416137, 0.242862477816023, 0.4237910769423632]) {
      #expect(abs(weight - expected) < 1e-8)
    }
    #expect(abs(fit.mixture.means[1, 0] - 3.5551185489323371) < 1e-7)
    #expect(abs(fit.mixture.covariances[2][1, 2] + 0.1405815907871549) < 1e-7)
  }

  @Test(arguments: 0..<6) func likelihoodNeverFalls(seed: Int) throws {
    let samples = try Self.known().sample(300, stream: RandomStream(seed: UInt64(seed), purpose: "test"))
    let start = try GaussianMixture(
      weights: [0.25, 0.25, 0.25, 0.25], means: samples.selectingRows([0, 1, 2, 3]),
      covariances: [Matrix](repeating: Matrix([[9, 0, 0], [0, 9, 0], [0, 0, 9]]), count: 4))
    let history = try start.fitted(
      to: samples, configuration: GaussianMixtureConfiguration(tolerance: 1e-7, maximumSteps: 300)
    ).meanLogLikelihoods
    #expect(history.count > 10)
    for (before, after) in zip(history, history.dropFirst()) { #expect(after > before - 1e-6) }
    #expect(history.last! > history[0] + 0.1)
  }

  /// 12,000 samples of a known mixture: each parameter comes back within about five of its standard errors.
  @Test func aKnownMixtureIsRecovered() throws {
    let known = try GaussianMixture(
      weights: [0.5, 0.3, 0.2], means: Matrix([[0, 0], [6, 1], [-2, 7]]),
      covariances: [
        Matrix([[1, 0.6], [0.6, 2]]), Matrix([[0.5, -0.2], [-0.2, 1]]), Matrix([[2, 0], [0, 0.3]]),
      ])
    let samples = known.sample(12_000, stream: stream)
    let fit = try GaussianMixture(
      fittedTo: samples, configuration: GaussianMixtureConfiguration(components: 3, tolerance: 1e-6), stream: stream)
    let order = RowDistances(to: fit.means).nearest(to: known.means)
    #expect(Set(order).count == 3)
    for (component, found) in order.enumerated() {
      let share = known.weights[component]
      #expect(abs(fit.weights[found] - share) < 5 * (share * (1 - share) / 12_000).squareRoot())
      let size = 12_000 * share
      for i in 0..<2 {
        let variance = known.covariances[component][i, i]
        #expect(abs(fit.means[found, i] - known.means[component, i]) < 5 * (variance / size).squareRoot())
        for j in 0...i {
          let (a, b) = (variance * known.covariances[component][j, j], known.covariances[component][i, j])
          #expect(abs(fit.covariances[found][i, j] - b) < 5 * ((a + b * b) / size).squareRoot())
        }
      }
    }
  }

  /// Mean and covariance of the mixture as a whole, worked out from its parameters.
  @Test func samplesHaveTheMixturesMoments() throws {
    let mixture = try Self.known()
    let count = 40_000
    let samples = mixture.sample(count, stream: stream)
    let mean = Matrix([mixture.weights]).multiplied(by: mixture.means).row(0)
    for i in 0..<3 {
      let centred = (0..<count).map { samples[$0, i] - mean[i] }
      for j in 0...i {
        let expected = mixture.weights.indices.reduce(0.0) { sum, component in
          let (a, b) = (mixture.means[component, i] - mean[i], mixture.means[component, j] - mean[j])
          return sum + mixture.weights[component] * (mixture.covariances[component][i, j] + a * b)
        }
        let products = (0..<count).map { centred[$0] * (samples[$0, j] - mean[j]) }
        let average = products.reduce(0, +) / Double(count)
        let variance = products.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(count)
        #expect(abs(average - expected) < 4.5 * (variance / Double(count)).squareRoot(), "\(i), \(j)")
      }
      let variance = centred.reduce(0) { $0 + $1 * $1 } / Double(count)
      #expect(abs(centred.reduce(0, +) / Double(count)) < 4.5 * (variance / Double(count)).squareRoot())
    }
    #expect(mixture.sample(7, stream: stream) == samples.selectingRows(Array(0..<7)))
  }

  @Test(arguments: [(10, 291, 16, 9), (10, 70, 16, 2), (10, 1000, 16, 10), (10, 5, 16, 1), (3, 60, 3, 3)])
  func fewPointsGetFewComponents(requested: Int, points: Int, dimension: Int, expected: Int) {
    #expect(
      GaussianMixture.componentCount(requested: requested, points: points, dimension: dimension) == expected)
  }

  @Test func aFitIsSeededAndStandsDuplicates() throws {
    let fit = try GaussianMixture(fittedTo: Self.points, stream: stream)
    #expect(fit.weights.count == 10)
    #expect(abs(fit.weights.reduce(0, +) - 1) < 1e-12)
    #expect(try GaussianMixture(fittedTo: Self.points, stream: stream) == fit)
    let equal = try GaussianMixture(fittedTo: Matrix(rows: 50, columns: 2, repeating: 3), stream: stream)
    #expect(equal.weights == [1] && equal.means == Matrix([[3, 3]]))
    let one = try GaussianMixture(fittedTo: Matrix([[1, 2, 3]]), stream: stream)
    #expect(one.means == Matrix([[1, 2, 3]]) && one.logDensity(at: one.means)[0].isFinite)
  }

  @Test func badInputIsRefused() throws {
    #expect(throws: GeometryError.empty(what: "codes")) { try GaussianMixture(fittedTo: Matrix([]), stream: stream) }
    #expect(throws: GeometryError.notFinite(what: "codes", row: 0, column: 1)) {
      try GaussianMixture(fittedTo: Matrix([[1, .infinity]]), stream: stream)
    }
    #expect(throws: GeometryError.self) { try GaussianMixtureConfiguration(components: 0).validate() }
    #expect(throws: GeometryError.self) { try GaussianMixtureConfiguration(tolerance: -1).validate() }
    #expect(throws: GeometryError.notPositiveDefinite(what: "covariance of mixture component 1", order: 1)) {
      try GaussianMixture(
        fittedTo: Matrix(rows: 9, columns: 2, repeating: 1),
        configuration: GaussianMixtureConfiguration(covarianceRegularisation: 0), stream: stream)
    }
    let given = GaussianMixtureConfiguration(components: 4, tolerance: 0.1)
    #expect(try JSONDecoder().decode(GaussianMixtureConfiguration.self, from: JSONEncoder().encode(given)) == given)
    #expect(
      try JSONDecoder().decode(GaussianMixtureConfiguration.self, from: Data("{}".utf8))
        == GaussianMixtureConfiguration())
  }
}
