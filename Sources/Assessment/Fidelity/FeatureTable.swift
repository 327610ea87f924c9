import Geometry

/// Features of a set of images: what fidelity, diversity and privacy are measured on.
///
/// Any features will do, such as the activations of a classifier's last hidden layer, as long as real and synthetic
/// images have theirs from the same function.
public struct FeatureTable: Sendable, Equatable {
  /// What the features are, such as "radiomics-like image features".
  public let kind: String
  /// One for each column.
  public let names: [String]
  /// `[image, feature]`, finite.
  public let values: Matrix

  public init(kind: String, names: [String], values: Matrix) {
    precondition(names.count == values.columns, "\(names.count) names for \(values.columns) features")
    precondition(values.values.allSatisfy(\.isFinite), "\(kind) that are not finite")
    self.kind = kind
    self.names = names
    self.values = values
  }

  /// Features without names, such as a classifier's.
  public init(kind: String, values: Matrix) {
    self.init(kind: kind, names: (0..<values.columns).map { "feature \($0)" }, values: values)
  }

  /// Some of the images, in the given order.
  public func selecting(_ rows: [Int]) -> FeatureTable {
    FeatureTable(kind: kind, names: names, values: values.selectingRows(rows))
  }

  /// The table with every feature shifted and scaled so that it has mean 0 and standard deviation 1 (divisor n) in
  /// `reference`; a feature that is constant there is only shifted.
  public func standardised(by reference: FeatureTable) -> FeatureTable {
    precondition(names == reference.names && reference.values.rows > 0, "tables of the same features")
    let means = reference.values.columnMeans
    var deviations = [Double](repeating: 0, count: names.count)
    for row in 0..<reference.values.rows {
      for column in names.indices {
        let difference = reference.values[row, column] - means[column]
        deviations[column] += difference * difference / Double(reference.values.rows)
      }
    }
    deviations = zip(deviations, means).map { square, mean in
      square.squareRoot() > 1e-12 * max(1, abs(mean)) ? square.squareRoot() : 1
    }
    var result = values
    for row in 0..<values.rows {
      for column in names.indices { result[row, column] = (values[row, column] - means[column]) / deviations[column] }
    }
    return FeatureTable(kind: kind, names: names, values: result)
  }
}
