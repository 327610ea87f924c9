import Foundation

/// How curves are searched.
public struct CurveConfiguration: Sendable, Equatable {
  /// Sides of the finished polygon, a power of two of at least 8.
  public var segments: Int
  /// Steps of the optimiser on each grid, at least 1.
  public var maximumIterations: Int
  /// Waypoints that a first guess may lead over, at most; those nearest to both ends are taken.
  public var maximumWaypoints: Int

  public init(segments: Int = 64, maximumIterations: Int = 400, maximumWaypoints: Int = 300) {
    self.segments = segments
    self.maximumIterations = maximumIterations
    self.maximumWaypoints = maximumWaypoints
  }

  /// - Throws: `GeometryError.option` for the first option outside its range.
  public func validate() throws {
    guard segments >= 8, segments.nonzeroBitCount == 1 else {
      throw GeometryError.option(name: "segments", expected: "a power of two of at least 8", actual: "\(segments)")
    }
    for (name, value) in [("maximumIterations", maximumIterations), ("maximumWaypoints", maximumWaypoints + 1)]
    where value < 1 {
      throw GeometryError.option(name: name, expected: "a larger whole number", actual: "\(value)")
    }
  }
}

/// A curve that minimises a functional between two points, and how far that can be trusted.
public struct MinimisedCurve: Sendable, Equatable {
  /// In equal Euclidean steps.
  public let curve: Curve
  /// The logarithm of the functional.
  public let logValue: Double
  /// Steps of the optimiser on all grids.
  public let iterations: Int
  /// Whether the optimiser reached its tolerance on the finest grid.
  public let isConverged: Bool
  /// By what factor less one the value changed from the last grid but one to the last: an estimate of the error that is
  /// due to the polygon.
  public let gridError: Double

  /// What to know before using the curve; nil when it is sound.
  public var warning: String? {
    if !isConverged { return "the optimiser did not converge, so the curve may not be the best one near it" }
    if gridError > 0.02 {
      return String(format: "halving the curve's steps still changes its value by %.1f %%", 100 * gridError)
    }
    return nil
  }
}

/// Finds curves of least length, or of least `CurveFunctional.inverseVolume`, between two points under a metric.
///
/// The corners of a polygon are moved by L-BFGS, first few of them, then twice as many, and so on; the inverse of the
/// discrete Laplacian preconditions each grid. Corners are kept at even Euclidean distances by a term that is 0 when they
/// are, a multiple of n sum |Delta|^2 / (sum |Delta|)^2 - 1: the functionals do not depend on it. Every grid is integrated
/// over as many nodes as the finest: with fewer, a polygon learns to step over what is dear, between the nodes, and coils
/// up where it is cheap. Where a functional costs as good as nothing, a curve might still wander about; a small multiple of
/// the logarithm of the plain length (0.2 of it, 0.003 on the finest grid) keeps it short there: a curve twice as long has to
/// be better by 0.2 %.
///
/// The functionals have many local minima. The search starts from the straight line and from the cheapest path over
/// waypoints (the codes, say), found by Dijkstra's algorithm, and keeps the better end. No method that follows slopes can
/// promise the global minimum; the value found is an upper bound of it.
public struct CurveMinimiser<Metric: DiagonalMetric>: Sendable {
  public let metric: Metric
  public let configuration: CurveConfiguration
  private let waypoints: Matrix

  /// A search under one metric.
  ///
  /// - Parameters:
  ///   - metric: under which curves are measured.
  ///   - waypoints: points that a curve may do well to pass, `[point, dimension]`; none is fine.
  ///   - configuration: how fine and how long the search is.
  /// - Throws: `GeometryError.option` for a configuration outside its range.
  public init(_ metric: Metric, waypoints: Matrix? = nil, configuration: CurveConfiguration = .init()) throws {
    try configuration.validate()
    self.metric = metric
    self.configuration = configuration
    self.waypoints = waypoints ?? Matrix(rows: 0, columns: metric.dimension)
    precondition(self.waypoints.columns == metric.dimension, "waypoints of \(self.waypoints.columns) coordinates")
  }

  /// The best curve found.
  ///
  /// - Throws: `GeometryError.notFinite` when an end is not finite or the metric is not defined there.
  public func minimise(
    _ functional: CurveFunctional, from start: [Double], to end: [Double]
  ) throws -> MinimisedCurve {
    let ends = Matrix([start, end])
    try ends.requireFinite("ends of the curve")
    try metric.evaluation(at: ends).logDiagonal.requireFinite("logarithms of the metric at the ends of the curve")
    guard start != end else {
      return MinimisedCurve(
        curve: Curve(from: start, to: end, segments: configuration.segments), logValue: -.infinity, iterations: 0,
        isConverged: true, gridError: 0)
    }
    let coarse = min(16, configuration.segments)
    let straight = Curve(from: start, to: end, segments: coarse)
    var starts = [straight]
    let graph = WaypointGraph(metric, functional: functional, waypoints: nearest(to: start, end))
    if let path = graph.cheapestPath(from: start, to: end) { starts.append(path.evenlySpaced(segments: coarse)) }
    let results = starts.compactMap { refine($0, functional) }
    guard let best = results.min(by: { $0.logValue < $1.logValue }) else {
      // The metric is not defined along either guess: the straight line is all there is.
      return MinimisedCurve(
        curve: Curve(from: start, to: end, segments: configuration.segments),
        logValue: functional.logValue(of: straight, under: metric), iterations: 0, isConverged: false, gridError: 0)
    }
    return best
  }

  /// The waypoints with the least sum of distances to both ends, ends themselves left out.
  private func nearest(to start: [Double], _ end: [Double]) -> Matrix {
    let distances = RowDistances(to: waypoints)
    let sums = zip(distances.squared(from: start), distances.squared(from: end)).map {
      $0 > 0 && $1 > 0 ? $0.squareRoot() + $1.squareRoot() : .infinity
    }
    let order = sums.indices.filter { sums[$0].isFinite }.sorted { (sums[$0], $0) < (sums[$1], $1) }
    return waypoints.selectingRows(Array(order.prefix(configuration.maximumWaypoints)))
  }

  /// Optimises on finer and finer grids; nil when the functional is not finite on the first.
  private func refine(_ first: Curve, _ functional: CurveFunctional) -> MinimisedCurve? {
    var curve = first
    var iterations = 0
    var isConverged = false
    var gridError = 0.0
    var previous: Double?
    var count = first.segments
    while true {
      let outcome = optimise(curve, functional)
      guard outcome.value.isFinite else { return nil }
      iterations += outcome.iterations
      isConverged = outcome.isConverged
      curve = Curve(points: Self.corners(curve.points, interior: outcome.point))
      let value = functional.logValue(of: curve, under: metric)
      if let previous { gridError = abs(expm1(value - previous)) }
      previous = value
      if count >= configuration.segments { break }
      count *= 2
      curve = curve.evenlySpaced(segments: count)
    }
    curve = curve.evenlySpaced(segments: count)
    return MinimisedCurve(
      curve: curve, logValue: functional.logValue(of: curve, under: metric), iterations: iterations,
      isConverged: isConverged, gridError: gridError)
  }

  /// The weight of even spacing against the logarithm of the functional.
  private static var evenness: Double { 10 }

  private func optimise(_ curve: Curve, _ functional: CurveFunctional) -> LBFGS.Outcome {
    let (n, d) = (curve.segments, curve.points.columns)
    let interior = Array(curve.points.values[d..<(n * d)])
    let parts = max(2, 2 * configuration.segments / n)
    let shortness = n < configuration.segments ? 0.2 : 0.003
    var search = LBFGS()
    search.maximumIterations = configuration.maximumIterations
    func objective(_ candidate: [Double]) -> (value: Double, gradient: [Double]) {
      let points = Self.corners(curve.points, interior: candidate)
      let (value, gradient) = functional.logValueAndGradient(points, under: metric, parts: parts)
      let spacing = Self.unevenness(points)
      let length = Self.logLength(points)
      var total = Array(gradient.values[d..<(n * d)])
      for index in total.indices {
        total[index] +=
          Self.evenness * spacing.gradient.values[d + index] + shortness * length.gradient.values[d + index]
      }
      return (value + Self.evenness * spacing.value + shortness * length.value, total)
    }
    return search.minimise(
      interior, firstStep: 0.1 * curve.euclideanLength / Double(n),
      precondition: { Self.solveLaplacian($0, dimension: d) }, objective: objective)
  }

  /// The polygon with its ends kept and other corners between them.
  private static func corners(_ points: Matrix, interior: [Double]) -> Matrix {
    let d = points.columns
    return Matrix(
      rows: points.rows, columns: d,
      values: Array(points.values.prefix(d)) + interior + Array(points.values.suffix(d)))
  }

  /// n sum |Delta|^2 / (sum |Delta|)^2 - 1 and its gradient by the corners: 0 for sides of one length.
  package static func unevenness(_ points: Matrix) -> (value: Double, gradient: Matrix) {
    let differences = CurveFunctional.differences(of: points)
    let lengths = Curve(points: points).segmentLengths
    let total = lengths.reduce(0, +)
    let squares = lengths.reduce(0) { $0 + $1 * $1 }
    let n = Double(lengths.count)
    var gradient = Matrix(rows: points.rows, columns: points.columns)
    for (side, length) in lengths.enumerated() where length > 0 {
      let factor = 2 * n / (total * total) * (1 - squares / (total * length))
      for j in 0..<points.columns {
        gradient[side, j] -= factor * differences[side, j]
        gradient[side + 1, j] += factor * differences[side, j]
      }
    }
    return (n * squares / (total * total) - 1, gradient)
  }

  /// The logarithm of the Euclidean length and its gradient by the corners.
  package static func logLength(_ points: Matrix) -> (value: Double, gradient: Matrix) {
    let differences = CurveFunctional.differences(of: points)
    let lengths = Curve(points: points).segmentLengths
    let total = lengths.reduce(0, +)
    var gradient = Matrix(rows: points.rows, columns: points.columns)
    for (side, length) in lengths.enumerated() where length > 0 {
      for j in 0..<points.columns {
        let share = differences[side, j] / (length * total)
        gradient[side, j] -= share
        gradient[side + 1, j] += share
      }
    }
    return (log(total), gradient)
  }

  /// Solves 2 x_i - x_(i-1) - x_(i+1) = b_i, with x = 0 beyond both ends, for each coordinate.
  static func solveLaplacian(_ right: [Double], dimension d: Int) -> [Double] {
    let n = right.count / d
    var result = right
    // Elimination from the first row on leaves pivots (i + 2) / (i + 1).
    for i in 1..<max(1, n) {
      let factor = Double(i) / Double(i + 1)
      for j in 0..<d { result[i * d + j] += factor * result[(i - 1) * d + j] }
    }
    for i in stride(from: n - 1, through: 0, by: -1) {
      let inverse = Double(i + 1) / Double(i + 2)
      for j in 0..<d {
        let next = i + 1 < n ? result[(i + 1) * d + j] : 0
        result[i * d + j] = (result[i * d + j] + next) * inverse
      }
    }
    return result
  }
}
