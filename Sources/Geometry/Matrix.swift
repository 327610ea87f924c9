/// A table of numbers in double precision, `[row, column]`, rows contiguous.
public struct Matrix: Sendable, Equatable {
  public let rows: Int
  public let columns: Int
  /// The entries, row after row; always `rows * columns` of them.
  public internal(set) var values: [Double]

  /// A matrix from its entries, row after row. `values` must hold `rows * columns` numbers.
  public init(rows: Int, columns: Int, values: [Double]) {
    precondition(
      rows >= 0 && columns >= 0 && values.count == rows * columns,
      "a \(rows) x \(columns) matrix from \(values.count) values")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// A matrix whose entries all equal `value`.
  public init(rows: Int, columns: Int, repeating value: Double = 0) {
    self.init(rows: rows, columns: columns, values: [Double](repeating: value, count: rows * columns))
  }

  /// A matrix from rows of one length.
  public init(_ rows: [[Double]]) {
    precondition(rows.allSatisfy { $0.count == rows[0].count }, "rows of different lengths")
    self.init(rows: rows.count, columns: rows.first?.count ?? 0, values: rows.flatMap { $0 })
  }

  public subscript(row: Int, column: Int) -> Double {
    get {
      precondition(column >= 0 && column < columns, "column \(column) of \(columns)")
      return values[row * columns + column]
    }
    set {
      precondition(column >= 0 && column < columns, "column \(column) of \(columns)")
      values[row * columns + column] = newValue
    }
  }

  /// The numbers of one row.
  public func row(_ index: Int) -> [Double] {
    Array(values[index * columns..<(index + 1) * columns])
  }

  /// The given rows, in the given order; a row may appear more than once.
  public func selectingRows(_ indices: [Int]) -> Matrix {
    var selected: [Double] = []
    selected.reserveCapacity(indices.count * columns)
    for index in indices { selected += values[index * columns..<(index + 1) * columns] }
    return Matrix(rows: indices.count, columns: columns, values: selected)
  }

  /// The matrix with rows and columns exchanged.
  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for row in 0..<rows {
      for column in 0..<columns { result.values[column * rows + row] = values[row * columns + column] }
    }
    return result
  }

  /// The mean of every column; zeros for a matrix without rows.
  public var columnMeans: [Double] {
    var means = [Double](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns { means[column] += values[row * columns + column] }
    }
    return rows == 0 ? means : means.map { $0 / Double(rows) }
  }

  /// Checks that every entry is a finite number.
  ///
  /// - Throws: `GeometryError.notFinite` for the first entry that is not, naming `what` the table holds.
  public func requireFinite(_ what: String) throws {
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw GeometryError.notFinite(what: what, row: index / columns, column: index % columns)
    }
  }
}
