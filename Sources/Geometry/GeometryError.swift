/// What can be wrong with the numbers or the options handed to this module.
public enum GeometryError: Error, CustomStringConvertible, Equatable {
  /// A table that has to hold at least one row and one column holds none.
  case empty(what: String)
  /// Two tables that belong together differ in shape (rows, columns).
  case shape(what: String, expected: [Int], actual: [Int])
  /// A value that is NaN or infinite.
  case notFinite(what: String, row: Int, column: Int)
  /// A posterior variance that is zero or negative.
  case notPositive(what: String, row: Int, column: Int, value: Double)
  /// An option outside its range.
  case option(name: String, expected: String, actual: String)
  /// The paper's rule for rho needs two distinct centroids.
  case tooFewCentroids(distinct: Int)
  /// A matrix that should be symmetric positive definite is not.
  case notPositiveDefinite(what: String, order: Int)

  public var description: String {
    switch self {
    case .empty(let what): "There are no \(what); give at least one row and one column."
    case .shape(let what, let expected, let actual):
      "The \(what) have shape \(actual) where \(expected) is needed; give one row for each code."
    case .notFinite(let what, let row, let column):
      "The \(what) are not finite at row \(row), column \(column); train the model again with a smaller learning rate."
    case .notPositive(let what, let row, let column, let value):
      "The \(what) hold \(value) at row \(row), column \(column); give values greater than 0."
    case .option(let name, let expected, let actual): "The option \(name) is \(actual); give \(expected)."
    case .tooFewCentroids(let distinct):
      "The paper's rule for rho needs at least 2 distinct centroids and there is \(distinct); give rho as a number."
    case .notPositiveDefinite(let what, let order):
      "The \(what) is not positive definite (leading minor \(order)); give a larger regularisation."
    }
  }
}
