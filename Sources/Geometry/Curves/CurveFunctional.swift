import Foundation

/// What a curve between two points is to minimise: the integral of a speed, which does not depend on how the curve is
/// parametrised.
///
/// On a polygon with sides Delta_i the integral is a sum over three Gauss nodes on each part of each side. It is handled
/// by its logarithm: speeds under the second functional differ by more powers of ten than a Double has, and the gradient
/// of a logarithm does not depend on their scale.
public enum CurveFunctional: String, Sendable, CaseIterable {
  /// The length under the metric: its minimisers are geodesics.
  ///
  /// The energy, the integral of the squared speed, has the same minimisers at constant speed (Cauchy and Schwarz). The
  /// length is what is minimised here, with corners evenly spaced in Euclidean terms: minimised by itself, the energy
  /// spreads corners where G is small, and sides grow so long that they skip over the islands of large G.
  case riemannianLength = "geodesic"

  /// The integral of 1 / sqrt(det G), by Euclidean length: its minimisers pass where the volume is large, among the codes.
  ///
  /// The paper writes the integral over t in [0, 1] and leaves the parametrisation open. By itself that has no minimiser:
  /// a curve may hurry to where the volume is largest and wait there. We take dt for the Euclidean length of the step,
  /// |dz|, so that the curve is a geodesic of the metric I / det G.
  ///
  /// Source: Chadebec and Allassonniere, NeurIPS 2022, equation 12.
  case inverseVolume = "volume"

  /// A place on a side, from 0 to 1, and its share of the integral.
  typealias Node = (position: Double, weight: Double)

  /// Gauss nodes on a side that is cut into equal parts.
  static func nodes(parts: Int) -> [Node] {
    let three: [Node] = [
      (0.5 - 0.6.squareRoot() / 2, 5.0 / 18), (0.5, 8.0 / 18), (0.5 + 0.6.squareRoot() / 2, 5.0 / 18),
    ]
    return (0..<parts).flatMap { part in
      three.map { ((Double(part) + $0.position) / Double(parts), $0.weight / Double(parts)) }
    }
  }

  /// The nodes by which finished curves are measured.
  static let measuringNodes = nodes(parts: 2)

  /// The logarithm of the integral; minus infinity for a curve that stays where it is.
  func logValue(of curve: Curve, under metric: some DiagonalMetric) -> Double {
    Self.logIntegral(logSpeeds(of: curve, under: metric), Self.measuringNodes)
  }

  /// The logarithm of the speed at each measuring node of each side, `[segment, node]`, per side.
  func logSpeeds(of curve: Curve, under metric: some DiagonalMetric) -> [Double] {
    let evaluation = metric.evaluation(at: Self.positions(on: curve.points, Self.measuringNodes))
    return logSpeeds(evaluation, differences: Self.differences(of: curve.points), Self.measuringNodes.count)
  }

  /// The logarithm of the integral along a polygon and its gradient by the corners, `[point, dimension]`.
  ///
  /// - Parameter parts: into how many each side is cut for the integral.
  package func logValueAndGradient(
    _ points: Matrix, under metric: some DiagonalMetric, parts: Int
  ) -> (value: Double, gradient: Matrix) {
    let d = points.columns
    let nodes = Self.nodes(parts: parts)
    let count = nodes.count
    let evaluation = metric.evaluation(at: Self.positions(on: points, nodes))
    let differences = Self.differences(of: points)
    let logSpeeds = logSpeeds(evaluation, differences: differences, count)
    let value = Self.logIntegral(logSpeeds, nodes)
    var coefficients = Matrix(rows: logSpeeds.count, columns: d)
    var byDifference = Matrix(rows: differences.rows, columns: d)
    for (index, logSpeed) in logSpeeds.enumerated() where logSpeed > -.infinity {
      let side = index / count
      let share = nodes[index % count].weight * exp(logSpeed - value)
      for j in 0..<d {
        let difference = differences[side, j]
        switch self {
        case .riemannianLength:
          let pull = exp(evaluation.logDiagonal[index, j] - 2 * logSpeed) * difference
          byDifference[side, j] += share * pull
          coefficients[index, j] = share * pull * difference / 2
        case .inverseVolume:
          coefficients[index, j] = -share / 2
        }
      }
      if self == .inverseVolume {
        let squared = (0..<d).reduce(0) { $0 + differences[side, $1] * differences[side, $1] }
        for j in 0..<d { byDifference[side, j] += share * differences[side, j] / squared }
      }
    }
    let byPosition = evaluation.gradient(coefficients)
    var gradient = Matrix(rows: points.rows, columns: d)
    for index in logSpeeds.indices {
      let (side, t) = (index / count, nodes[index % count].position)
      for j in 0..<d {
        gradient[side, j] += (1 - t) * byPosition[index, j]
        gradient[side + 1, j] += t * byPosition[index, j]
      }
    }
    for side in 0..<differences.rows {
      for j in 0..<d {
        gradient[side, j] -= byDifference[side, j]
        gradient[side + 1, j] += byDifference[side, j]
      }
    }
    return (value, gradient)
  }

  private func logSpeeds(_ evaluation: MetricEvaluation, differences: Matrix, _ count: Int) -> [Double] {
    let d = differences.columns
    let logSquares = differences.values.map { log($0 * $0) }
    let logDeterminants = self == .inverseVolume ? evaluation.logDeterminant : []
    return (0..<differences.rows * count).map { index in
      let start = index / count * d
      switch self {
      case .riemannianLength:
        return Self.logSum(d) { logSquares[start + $0] + evaluation.logDiagonal[index, $0] } / 2
      case .inverseVolume:
        return (Self.logSum(d) { logSquares[start + $0] } - logDeterminants[index]) / 2
      }
    }
  }

  private static func logIntegral(_ logSpeeds: [Double], _ nodes: [Node]) -> Double {
    logSum(logSpeeds.count) { log(nodes[$0 % nodes.count].weight) + logSpeeds[$0] }
  }

  /// The logarithm of the sum of exponentials of `count` numbers.
  static func logSum(_ count: Int, _ term: (Int) -> Double) -> Double {
    let terms = (0..<count).map(term)
    var largest = -Double.infinity
    for term in terms where !(term <= largest) { largest = term }
    guard largest.isFinite else { return largest }
    return largest + log(terms.reduce(0) { $0 + exp($1 - largest) })
  }

  /// Where the nodes lie, `[segment * node, dimension]`.
  private static func positions(on points: Matrix, _ nodes: [Node]) -> Matrix {
    var positions = Matrix(rows: (points.rows - 1) * nodes.count, columns: points.columns)
    for index in 0..<positions.rows {
      let (side, t) = (index / nodes.count, nodes[index % nodes.count].position)
      for j in 0..<points.columns { positions[index, j] = (1 - t) * points[side, j] + t * points[side + 1, j] }
    }
    return positions
  }

  /// The sides as vectors, `[segment, dimension]`.
  static func differences(of points: Matrix) -> Matrix {
    var differences = Matrix(rows: points.rows - 1, columns: points.columns)
    for side in 0..<differences.rows {
      for j in 0..<points.columns { differences[side, j] = points[side + 1, j] - points[side, j] }
    }
    return differences
  }
}
