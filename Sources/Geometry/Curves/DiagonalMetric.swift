/// A Riemannian metric on R^d whose matrix is diagonal at every point, with derivatives, for many points at once.
///
/// What curves are measured and minimised under conforms to it: the metric that a model learned, a metric with known
/// geodesics in a test.
public protocol DiagonalMetric: Sendable {
  /// The number d of coordinates of a point.
  var dimension: Int { get }

  /// The metric at each point.
  ///
  /// - Parameter positions: `[point, dimension]`. A row of the result depends on that row alone; outside of the metric's
  ///   domain it is NaN.
  func evaluation(at positions: Matrix) -> MetricEvaluation
}

/// A diagonal metric at some points, in logarithms: a determinant is never formed.
public struct MetricEvaluation: Sendable {
  /// log G_j, `[point, dimension]`.
  public let logDiagonal: Matrix
  private let pullback: @Sendable (Matrix) -> Matrix

  /// - Parameters:
  ///   - logDiagonal: log G_j, `[point, dimension]`.
  ///   - gradient: gives the gradient of sum_j a_j log G_j at each point, `[point, dimension]`, for coefficients a of the
  ///     same shape.
  public init(logDiagonal: Matrix, gradient: @escaping @Sendable (Matrix) -> Matrix) {
    self.logDiagonal = logDiagonal
    pullback = gradient
  }

  /// log det G, `[point]`.
  public var logDeterminant: [Double] {
    (0..<logDiagonal.rows).map { row in (0..<logDiagonal.columns).reduce(0) { $0 + logDiagonal[row, $1] } }
  }

  /// The gradient of sum_j a_j log G_j at each point, `[point, dimension]`.
  ///
  /// - Parameter coefficients: a, `[point, dimension]`; ones give the gradient of log det G.
  public func gradient(_ coefficients: Matrix) -> Matrix {
    precondition(
      coefficients.rows == logDiagonal.rows && coefficients.columns == logDiagonal.columns,
      "\(coefficients.rows) x \(coefficients.columns) coefficients for \(logDiagonal.rows) x \(logDiagonal.columns)")
    return pullback(coefficients)
  }
}
