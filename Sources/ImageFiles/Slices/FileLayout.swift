/// Which file axes (0, 1, 2 for i, j, k, the fastest first) the rows, columns and normal of a slice came from.
public struct FileLayout: Sendable, Equatable, Codable {
  /// The file axis along which the row number counts.
  public var rowAxis: Int
  /// The file axis along which the column number counts.
  public var columnAxis: Int
  /// Whether the row number counts against the file index.
  public var rowsFlipped: Bool
  /// Whether the column number counts against the file index.
  public var columnsFlipped: Bool
  /// The header's `dim[0]`, 2 to 7; dimensions that are neither rows nor columns have one element.
  public var dimensionCount: Int

  public init(
    rowAxis: Int = 1, columnAxis: Int = 0, rowsFlipped: Bool = false, columnsFlipped: Bool = false,
    dimensionCount: Int = 3
  ) {
    precondition(
      rowAxis != columnAxis && (0...2).contains(rowAxis) && (0...2).contains(columnAxis),
      "rows and columns need two different file axes of 0, 1, 2, not \(rowAxis) and \(columnAxis)")
    self.rowAxis = rowAxis
    self.columnAxis = columnAxis
    self.rowsFlipped = rowsFlipped
    self.columnsFlipped = columnsFlipped
    self.dimensionCount = dimensionCount
  }

  /// The file axis across the slice.
  public var normalAxis: Int { 3 - rowAxis - columnAxis }
}
