/// A density on R^d, known up to a constant factor, with its gradient, for many points at once.
///
/// Whatever a sampler is to draw from conforms to it: the Riemannian volume density, a Gaussian in a test.
public protocol LogDensity: Sendable {
  /// Working memory that one evaluation leaves to the next; it belongs to one worker.
  associatedtype Workspace

  /// The number d of coordinates of a point.
  var dimension: Int { get }

  /// Working memory for up to `rows` points at once.
  func makeWorkspace(rows: Int) -> Workspace

  /// Writes the gradient of the log density at each point into `evaluation`, and the log density itself where asked.
  ///
  /// A row of the result depends on that row of `positions` alone. Nothing is clamped: a point outside the density has
  /// a log density of minus infinity or NaN.
  ///
  /// - Parameters:
  ///   - positions: `[point, dimension]`.
  ///   - evaluation: overwritten; as many rows as `positions`.
  ///   - includingLogDensity: false leaves `evaluation.logDensity` as it is, which saves the logarithms.
  ///   - workspace: of `makeWorkspace`, for at least as many points.
  func evaluate(
    at positions: Matrix, into evaluation: inout DensityEvaluation, includingLogDensity: Bool,
    workspace: inout Workspace)
}

extension LogDensity where Workspace == Void {
  public func makeWorkspace(rows: Int) {}
}

extension LogDensity {
  /// The log density and its gradient at each point, `[point, dimension]`.
  public func evaluation(at positions: Matrix) -> DensityEvaluation {
    var workspace = makeWorkspace(rows: positions.rows)
    var evaluation = DensityEvaluation(rows: positions.rows, dimension: dimension)
    evaluate(at: positions, into: &evaluation, includingLogDensity: true, workspace: &workspace)
    return evaluation
  }
}

/// The log density and its gradient at some points.
public struct DensityEvaluation: Sendable, Equatable {
  /// `[point]`, up to a constant that all points share.
  public var logDensity: [Double]
  /// `[point, dimension]`.
  public var gradient: Matrix

  /// Zeros for `rows` points.
  public init(rows: Int, dimension: Int) {
    logDensity = [Double](repeating: 0, count: rows)
    gradient = Matrix(rows: rows, columns: dimension)
  }
}
