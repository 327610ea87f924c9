/// Rows of tensors or of other sources in an order, repeats allowed, that are copied only when they are taken.
///
/// The images of a cohort are one source; a class, a side of a split and a set of real images with synthetic ones beside
/// them are rows of it, so that none of them is in memory twice, and none at all where the source is a file.
public struct TensorRows: Sendable {
  private let sources: [any RowSource]
  /// Where each row lies.
  private let places: [Place]
  /// The shape of one row.
  public let rowShape: [Int]

  private struct Place: Sendable {
    var source: Int32
    var row: Int32
  }

  /// All rows of a tensor of one axis or more.
  public init(_ tensor: Tensor) {
    self.init(tensor, rows: Array(0..<(tensor.shape.first ?? 0)))
  }

  /// Some rows of a tensor.
  ///
  /// - Parameters:
  ///   - tensor: of one axis or more.
  ///   - rows: which rows, in which order, repeats allowed.
  public init(_ tensor: Tensor, rows: [Int]) {
    precondition(!tensor.shape.isEmpty, "a scalar has no rows")
    self.init(RowsInTensor(tensor: tensor), rows: rows)
  }

  /// Some rows of a source.
  ///
  /// - Parameters:
  ///   - source: copied from only when rows are taken.
  ///   - rows: which rows, in which order, repeats allowed; all of them when nil.
  public init(_ source: any RowSource, rows: [Int]? = nil) {
    let count = source.rowCount
    let rows = rows ?? Array(0..<count)
    precondition(rows.allSatisfy { $0 >= 0 && $0 < count }, "a row that a source of \(count) does not have")
    sources = [source]
    places = rows.map { Place(source: 0, row: Int32($0)) }
    rowShape = source.rowShape
  }

  private init(sources: [any RowSource], places: [Place], rowShape: [Int]) {
    (self.sources, self.places, self.rowShape) = (sources, places, rowShape)
  }

  public var count: Int { places.count }

  /// Some of the rows, by their positions among these.
  public func selecting(_ positions: [Int]) -> TensorRows {
    TensorRows(sources: sources, places: positions.map { places[$0] }, rowShape: rowShape)
  }

  /// The rows of all parts one after the other; rows must be of one shape.
  public static func joined(_ parts: [TensorRows]) -> TensorRows {
    precondition(!parts.isEmpty, "nothing to join")
    precondition(parts.allSatisfy { $0.rowShape == parts[0].rowShape }, "rows of different shapes")
    var places: [Place] = []
    var offset: Int32 = 0
    for part in parts {
      places += part.places.map { Place(source: $0.source + offset, row: $0.row) }
      offset += Int32(part.sources.count)
    }
    return TensorRows(sources: parts.flatMap(\.sources), places: places, rowShape: parts[0].rowShape)
  }

  /// A copy of the rows at these positions, `[position] + rowShape`.
  public func rows(_ positions: [Int]) -> Tensor {
    readAhead(positions)
    let width = rowShape.reduce(1, *)
    return Tensor([positions.count] + rowShape) { target in
      guard let base = target.baseAddress else { return }
      for (index, position) in positions.enumerated() {
        let place = places[position]
        sources[Int(place.source)].copyRow(Int(place.row), to: base + index * width)
      }
    }
  }

  /// A copy of the rows in a range of positions.
  public func rows(_ positions: Range<Int>) -> Tensor { rows(Array(positions)) }

  /// Says that the rows at these positions will be taken soon: those that lie in a file are fetched from the disk
  /// meanwhile. Returns at once.
  public func readAhead(_ positions: [Int]) {
    for (number, source) in sources.enumerated() where source.canExpect {
      source.expect(positions.lazy.map { places[$0] }.filter { $0.source == number }.map { Int($0.row) })
    }
  }

  /// Takes all rows in order, in pieces that bound the memory.
  ///
  /// - Parameters:
  ///   - size: rows of a piece; the last one may have fewer.
  ///   - body: gets the positions of a piece, and its rows as `[position] + rowShape`.
  public func forPieces(of size: Int = 256, _ body: (Range<Int>, Tensor) throws -> Void) rethrows {
    for start in stride(from: 0, to: count, by: size) {
      let range = start..<min(start + size, count)
      let piece = rows(range)
      readAhead(Array(range.upperBound..<min(range.upperBound + size, count)))
      try body(range, piece)
    }
  }
}
