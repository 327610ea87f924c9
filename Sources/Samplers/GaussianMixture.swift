import Foundation
import Geometry
import Randomness

/// How a Gaussian mixture is fitted to codes.
public struct GaussianMixtureConfiguration: Codable, Sendable, Equatable {
  /// The most components, at least 1; few points get fewer, see `GaussianMixture.componentCount`.
  public var components: Int
  /// Added to the diagonal of every covariance matrix, at least 0.
  public var covarianceRegularisation: Double
  /// A fit ends when the mean log-likelihood of a point rises by less than this, at least 0.
  public var tolerance: Double
  /// The most steps of one fit, at least 1.
  public var maximumSteps: Int
  /// Fits from different starts, of which the likeliest is kept; at least 1.
  public var restarts: Int

  public init(
    components: Int = 10, covarianceRegularisation: Double = 1e-6, tolerance: Double = 1e-3, maximumSteps: Int = 1000,
    restarts: Int = 5
  ) {
    self.components = components
    self.covarianceRegularisation = covarianceRegularisation
    self.tolerance = tolerance
    self.maximumSteps = maximumSteps
    self.restarts = restarts
  }

  /// Checks every option's range.
  ///
  /// - Throws: `GeometryError.option` for the first one outside it.
  public func validate() throws {
    for (name, value) in [("components", components), ("maximumSteps", maximumSteps), ("restarts", restarts)]
    where value < 1 {
      throw GeometryError.option(name: name, expected: "a whole number of at least 1", actual: "\(value)")
    }
    for (name, value) in [("covarianceRegularisation", covarianceRegularisation), ("tolerance", tolerance)]
    where !(value >= 0 && value.isFinite) {
      throw GeometryError.option(name: name, expected: "a number of at least 0", actual: "\(value)")
    }
  }

  /// Reads the options that are there; the others keep their defaults.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let defaults = GaussianMixtureConfiguration()
    components = try container.decodeIfPresent(Int.self, forKey: .components) ?? defaults.components
    covarianceRegularisation =
      try container.decodeIfPresent(Double.self, forKey: .covarianceRegularisation) ?? defaults.covarianceRegularisation
    tolerance = try container.decodeIfPresent(Double.self, forKey: .tolerance) ?? defaults.tolerance
    maximumSteps = try container.decodeIfPresent(Int.self, forKey: .maximumSteps) ?? defaults.maximumSteps
    restarts = try container.decodeIfPresent(Int.self, forKey: .restarts) ?? defaults.restarts
  }
}

/// A mixture of normal distributions with full covariance matrices: the latent sampler "gmm" of the paper's Table 2.
///
/// Fitted by expectation maximisation. Responsibilities are formed from logarithms, each normalised by the largest.
///
/// Source: Dempster, Laird and Rubin, Journal of the Royal Statistical Society B 1977; starts by k-means++, Arthur and
/// Vassilvitskii, SODA 2007.
public struct GaussianMixture: Sendable, Equatable {
  /// Share of each component, `[component]`; they sum to 1.
  public let weights: [Double]
  /// `[component, dimension]`.
  public let means: Matrix
  /// `[dimension, dimension]` for each component, symmetric positive definite.
  public let covariances: [Matrix]
  private let factors: [CholeskyFactor]

  /// A mixture with known parameters.
  ///
  /// - Throws: `GeometryError.notPositiveDefinite` when a covariance matrix is not.
  public init(weights: [Double], means: Matrix, covariances: [Matrix]) throws {
    precondition(
      weights.count == means.rows && covariances.count == means.rows,
      "\(weights.count) weights, \(means.rows) means, \(covariances.count) covariances")
    self.weights = weights
    self.means = means
    self.covariances = covariances
    factors = try covariances.enumerated().map {
      try CholeskyFactor($0.element, what: "covariance of mixture component \($0.offset + 1)")
    }
  }

  /// Fits a mixture to `points` `[point, dimension]`: the likeliest of several fits from different starts.
  ///
  /// - Throws: `GeometryError` for an option outside its range, no points, numbers that are not finite, and a
  ///   covariance matrix that is not positive definite (only when the regularisation is too small).
  public init(
    fittedTo points: Matrix, configuration: GaussianMixtureConfiguration = .init(), stream: RandomStream
  ) throws {
    try configuration.validate()
    guard points.rows > 0 && points.columns > 0 else { throw GeometryError.empty(what: "codes") }
    try points.requireFinite("codes")
    let components = Self.componentCount(
      requested: configuration.components, points: points.rows, dimension: points.columns)
    var best: (mixture: GaussianMixture, logLikelihood: Double)?
    for restart in 0..<configuration.restarts {
      let clusters = Self.clusters(
        of: points, count: components, stream: stream.substream("gaussian mixture", index: restart))
      let start = try GaussianMixture(
        points: points, responsibilities: clusters, regularisation: configuration.covarianceRegularisation)
      let fit = try start.fitted(to: points, configuration: configuration)
      let logLikelihood = fit.meanLogLikelihoods.last!
      if best == nil || logLikelihood > best!.logLikelihood { best = (fit.mixture, logLikelihood) }
    }
    self = best!.mixture
  }

  /// The number of components for so many points: as requested, but at most one for every 2 d points, and at least 1.
  ///
  /// A covariance matrix has d (d + 1) / 2 free numbers and needs more than d points to have full rank; with fewer than
  /// 2 d each, components shrink onto single points, and samples copy them.
  public static func componentCount(requested: Int, points: Int, dimension: Int) -> Int {
    max(1, min(requested, points / (2 * dimension)))
  }

  /// The logarithm of the density at each row of `points` `[point, dimension]`.
  public func logDensity(at points: Matrix) -> [Double] {
    expectation(points).logDensity
  }

  /// Draws `count` points, `[point, dimension]`; point i comes from the substream ("sample", i).
  public func sample(_ count: Int, stream: RandomStream) -> Matrix {
    var values: [Double] = []
    values.reserveCapacity(count * means.columns)
    for index in 0..<count {
      var stream = stream.substream("sample", index: index)
      var threshold = stream.uniform()
      let component = weights.firstIndex { weight in
        threshold -= weight
        return threshold < 0
      }
      let chosen = component ?? weights.indices.max { weights[$0] < weights[$1] }!
      let noise = factors[chosen].correlated((0..<means.columns).map { _ in stream.normal() })
      values += zip(means.row(chosen), noise).map { $0 + $1 }
    }
    return Matrix(rows: count, columns: means.columns, values: values)
  }

  /// Improves this mixture by expectation maximisation until it converges.
  ///
  /// - Returns: the mixture, and the mean log-likelihood of a point before the first step and after each.
  public func fitted(
    to points: Matrix, configuration: GaussianMixtureConfiguration
  ) throws -> (mixture: GaussianMixture, meanLogLikelihoods: [Double]) {
    var mixture = self
    var expectation = mixture.expectation(points)
    var history = [expectation.meanLogLikelihood]
    for _ in 0..<configuration.maximumSteps {
      mixture = try GaussianMixture(
        points: points, responsibilities: expectation.responsibilities,
        regularisation: configuration.covarianceRegularisation)
      expectation = mixture.expectation(points)
      history.append(expectation.meanLogLikelihood)
      if abs(history[history.count - 1] - history[history.count - 2]) < configuration.tolerance { break }
    }
    return (mixture, history)
  }
}

// Expectation maximisation.
extension GaussianMixture {
  private struct Expectation {
    /// `[point]`.
    var logDensity: [Double]
    /// `[component, point]`; each point's sum to 1.
    var responsibilities: Matrix
    var meanLogLikelihood: Double { logDensity.reduce(0, +) / Double(logDensity.count) }
  }

  /// The expectation step.
  private func expectation(_ points: Matrix) -> Expectation {
    precondition(points.columns == means.columns, "\(points.columns) coordinates in \(means.columns) dimensions")
    let dimension = points.columns
    var joint = [Double](repeating: 0, count: weights.count * points.rows)
    for component in weights.indices {
      let centred = Self.difference(points, means.row(component))
      let whitened = factors[component].whitened(centred).values
      let constant =
        log(weights[component]) - 0.5 * (Double(dimension) * log(2 * Double.pi) + factors[component].logDeterminant)
      for point in 0..<points.rows {
        var squared = 0.0
        for index in point * dimension..<(point + 1) * dimension { squared += whitened[index] * whitened[index] }
        joint[component * points.rows + point] = constant - squared / 2
      }
    }
    var logDensity = [Double](repeating: 0, count: points.rows)
    for point in 0..<points.rows {
      let entries = stride(from: point, to: joint.count, by: points.rows)
      let largest = entries.reduce(-Double.infinity) { max($0, joint[$1]) }
      let sum = entries.reduce(0) { $0 + exp(joint[$1] - largest) }
      logDensity[point] = largest + log(sum)
      for entry in entries { joint[entry] = exp(joint[entry] - logDensity[point]) }
    }
    return Expectation(
      logDensity: logDensity, responsibilities: Matrix(rows: weights.count, columns: points.rows, values: joint))
  }

  /// The maximisation step: the likeliest mixture when `responsibilities` `[component, point]` are known.
  private init(points: Matrix, responsibilities: Matrix, regularisation: Double) throws {
    // A component that lost all its points would divide by zero.
    let masses = (0..<responsibilities.rows).map { max(responsibilities.row($0).reduce(0, +), Double.ulpOfOne) }
    let total = masses.reduce(0, +)
    let sums = responsibilities.multiplied(by: points)
    let means = Matrix((0..<sums.rows).map { component in sums.row(component).map { $0 / masses[component] } })
    let covariances = masses.indices.map { component in
      let dimension = points.columns
      let roots = responsibilities.row(component).map { ($0 / masses[component]).squareRoot() }
      var scaled = Self.difference(points, means.row(component)).values
      for index in scaled.indices { scaled[index] *= roots[index / dimension] }
      let deviations = Matrix(rows: points.rows, columns: dimension, values: scaled)
      var covariance = deviations.transposed.multiplied(by: deviations)
      for j in 0..<dimension { covariance[j, j] += regularisation }
      return covariance
    }
    try self.init(weights: masses.map { $0 / total }, means: means, covariances: covariances)
  }

  private static func difference(_ points: Matrix, _ mean: [Double]) -> Matrix {
    var values = points.values
    for index in values.indices { values[index] -= mean[index % mean.count] }
    return Matrix(rows: points.rows, columns: points.columns, values: values)
  }

  /// A first guess `[cluster, point]` of zeros and ones: k-means from centres by k-means++; empty clusters are dropped.
  private static func clusters(of points: Matrix, count: Int, stream: RandomStream) -> Matrix {
    var stream = stream
    var chosen = [stream.index(below: points.rows)]
    while chosen.count < count {
      let distances = RowDistances(to: points.selectingRows(chosen))
      let squared = (0..<points.rows).map { distances.squared(from: points.row($0)).min()! }
      var threshold = stream.uniform() * squared.reduce(0, +)
      let next = squared.firstIndex { distance in
        threshold -= distance
        return threshold < 0
      }
      guard let next else { break }
      chosen.append(next)
    }
    var centres = points.selectingRows(chosen)
    var labels = RowDistances(to: centres).nearest(to: points)
    for _ in 0..<100 {
      for (cluster, members) in Dictionary(grouping: 0..<points.rows, by: { labels[$0] }) {
        for (column, mean) in points.selectingRows(members).columnMeans.enumerated() { centres[cluster, column] = mean }
      }
      let moved = RowDistances(to: centres).nearest(to: points)
      if moved == labels { break }
      labels = moved
    }
    let used = Set(labels).sorted()
    return Matrix(used.map { cluster in labels.map { $0 == cluster ? 1 : 0 } })
  }
}
