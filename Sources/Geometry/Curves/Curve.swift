import Foundation

/// A curve through latent space as a polygon; its parameter t runs from 0 to 1, each side taking an equal part.
public struct Curve: Sendable, Equatable {
  /// The corners, ends included, `[point, dimension]`; at least two.
  public let points: Matrix

  public init(points: Matrix) {
    precondition(points.rows >= 2, "a curve of \(points.rows) points")
    self.points = points
  }

  /// The straight line between two points, in equal steps.
  public init(from start: [Double], to end: [Double], segments: Int) {
    precondition(start.count == end.count && segments >= 1, "\(start.count) and \(end.count) coordinates")
    points = Matrix(
      (0...segments).map { index in
        let t = Double(index) / Double(segments)
        return zip(start, end).map { (1 - t) * $0 + t * $1 }
      })
  }

  /// The number of sides.
  public var segments: Int { points.rows - 1 }

  /// The length of each side in plain Euclidean terms, `[segment]`.
  public var segmentLengths: [Double] {
    (0..<segments).map { index in
      (0..<points.columns).reduce(0) { sum, j in
        let difference = points[index + 1, j] - points[index, j]
        return sum + difference * difference
      }.squareRoot()
    }
  }

  /// Its length in plain Euclidean terms.
  public var euclideanLength: Double { segmentLengths.reduce(0, +) }

  /// The same curve with corners in equal Euclidean steps.
  public func evenlySpaced(segments count: Int) -> Curve { resampled(segments: count, lengths: segmentLengths) }

  /// The same curve with corners in equal steps of its length under `metric`: of all parametrisations the one with the
  /// least energy.
  public func evenlySpaced(segments count: Int, under metric: some DiagonalMetric) -> Curve {
    resampled(segments: count, lengths: segmentLengths(under: metric))
  }

  /// Corners in equal steps of a length that grows linearly along each side.
  private func resampled(segments count: Int, lengths: [Double]) -> Curve {
    precondition(count >= 1, "a curve of \(count) sides")
    let total = lengths.reduce(0, +)
    guard total > 0, total.isFinite else {
      return Curve(from: points.row(0), to: points.row(segments), segments: count)
    }
    var rows = [points.row(0)]
    var (side, passed) = (0, 0.0)
    for index in 1..<max(1, count) {
      let target = total * Double(index) / Double(count)
      while side < segments - 1, passed + lengths[side] < target {
        passed += lengths[side]
        side += 1
      }
      let t = lengths[side] > 0 ? min(1, (target - passed) / lengths[side]) : 0
      rows.append((0..<points.columns).map { (1 - t) * points[side, $0] + t * points[side + 1, $0] })
    }
    return Curve(points: Matrix(rows + [points.row(segments)]))
  }
}

// What a curve measures under a metric.
extension Curve {
  /// Its length under a metric, the integral of sqrt(sum_j G_j (dz_j/dt)^2).
  public func length(under metric: some DiagonalMetric) -> Double {
    exp(CurveFunctional.riemannianLength.logValue(of: self, under: metric))
  }

  /// Its energy under a metric, the integral of sum_j G_j (dz_j/dt)^2 over t in [0, 1].
  ///
  /// It is never less than the square of the length, and equals it where the speed is constant.
  public func energy(under metric: some DiagonalMetric) -> Double {
    let logSpeeds = CurveFunctional.riemannianLength.logSpeeds(of: self, under: metric)
    let nodes = CurveFunctional.measuringNodes
    let sum = logSpeeds.indices.reduce(0) { $0 + nodes[$1 % nodes.count].weight * exp(2 * logSpeeds[$1]) }
    // A speed here is per side, which takes 1 / segments of the parameter.
    return sum * Double(segments)
  }

  /// The logarithm of the paper's functional: the integral along the curve of 1 / sqrt(det G), by Euclidean length.
  ///
  /// Source: the paper, equation 12; see `CurveFunctional.inverseVolume`.
  public func logInverseVolume(under metric: some DiagonalMetric) -> Double {
    CurveFunctional.inverseVolume.logValue(of: self, under: metric)
  }

  /// The length of each side under a metric, `[segment]`.
  public func segmentLengths(under metric: some DiagonalMetric) -> [Double] {
    let logSpeeds = CurveFunctional.riemannianLength.logSpeeds(of: self, under: metric)
    let nodes = CurveFunctional.measuringNodes
    return (0..<segments).map { side in
      nodes.indices.reduce(0) { $0 + nodes[$1].weight * exp(logSpeeds[side * nodes.count + $1]) }
    }
  }
}
