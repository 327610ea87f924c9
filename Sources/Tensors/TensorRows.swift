/// Rows of tensors in an order, repeats allowed, that are copied only when they are taken.
///
/// The images of a cohort are one tensor; a class, a side of a split and a set of real images with synthetic ones beside
/// them are rows of it, so that none of them is in memory twice.
public struct TensorRows: Sendable {
  private let tensors: [Tensor]
  /// Where each row lies.
  private let places: [Place]
  /// The shape of one row.
  public let rowShape: [Int]

  private struct Place: Sendable {
    var tensor: Int32
    var row: Int32
  }

  /// All rows of a tensor of one axis or more.
  public init(_ tensor: Tensor) {
    self.init(tensor, rows: Array(0..<(tensor.shape.first ?? 0)))
  }

  /// - Parameter rows: of the tensor, which has one axis or more.
  public init(_ tensor: Tensor, rows: [Int]) {
    precondition(!tensor.shape.isEmpty, "a scalar has no rows")
    precondition(rows.allSatisfy { $0 >= 0 && $0 < tensor.shape[0] }, "a row that \(tensor.shape) does not have")
    tensors = [tensor]
    places = rows.map { Place(tensor: 0, row: Int32($0)) }
    rowShape = Array(tensor.shape.dropFirst())
  }

  private init(tensors: [Tensor], places: [Place], rowShape: [Int]) {
    (self.tensors, self.places, self.rowShape) = (tensors, places, rowShape)
  }

  public var count: Int { places.count }

  /// Some of the rows, by their positions among these.
  public func selecting(_ positions: [Int]) -> TensorRows {
    TensorRows(tensors: tensors, places: positions.map { places[$0] }, rowShape: rowShape)
  }

  /// The rows of all parts one after the other; rows must be of one shape.
  public static func joined(_ parts: [TensorRows]) -> TensorRows {
    precondition(!parts.isEmpty, "nothing to join")
    precondition(parts.allSatisfy { $0.rowShape == parts[0].rowShape }, "rows of different shapes")
    var places: [Place] = []
    var offset: Int32 = 0
    for part in parts {
      places += part.places.map { Place(tensor: $0.tensor + offset, row: $0.row) }
      offset += Int32(part.tensors.count)
    }
    return TensorRows(tensors: parts.flatMap(\.tensors), places: places, rowShape: parts[0].rowShape)
  }

  /// A copy of the rows at these positions, `[position] + rowShape`.
  public func rows(_ positions: [Int]) -> Tensor {
    let width = rowShape.reduce(1, *)
    return Tensor([positions.count] + rowShape) { target in
      guard let base = target.baseAddress else { return }
      for (index, position) in positions.enumerated() {
        let place = places[position]
        let source = tensors[Int(place.tensor)].pointer + Int(place.row) * width
        (base + index * width).update(from: source, count: width)
      }
    }
  }

  /// A copy of the rows in a range of positions.
  public func rows(_ positions: Range<Int>) -> Tensor { rows(Array(positions)) }
}
