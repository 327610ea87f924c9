import Tensors
import Testing

@Suite struct TensorRowsTests {
  private static func numbers(_ rows: Int, from first: Int) -> Tensor {
    Tensor([rows, 2, 1], values: (0..<2 * rows).map { Float(first + $0) })
  }

  @Test func rowsComeInTheOrderAskedFor() {
    let rows = TensorRows(Self.numbers(4, from: 0), rows: [3, 0, 3])
    #expect(rows.count == 3 && rows.rowShape == [2, 1])
    #expect(rows.rows([0, 1, 2]).values == [6, 7, 0, 1, 6, 7])
    #expect(rows.rows([2, 1]).shape == [2, 2, 1])
    #expect(rows.selecting([1, 1, 0]).rows(0..<3).values == [0, 1, 0, 1, 6, 7])
    #expect(rows.rows([]).shape == [0, 2, 1])
  }

  @Test func joinedRowsAreThoseOfConcatenatedTensors() {
    let (a, b, c) = (Self.numbers(3, from: 0), Self.numbers(0, from: 0), Self.numbers(2, from: 100))
    let joined = TensorRows.joined([TensorRows(a), TensorRows(b), .joined([TensorRows(c), TensorRows(a, rows: [2])])])
    let whole = Tensor.concatenated([a, b, c, a.rows([2])])
    #expect(joined.rows(0..<joined.count).values == whole.values)
    #expect(joined.rows([5, 3, 0]).values == whole.rows([5, 3, 0]).values)
  }

  /// Memory that belongs to something else, which notes when it goes.
  private final class Owner: @unchecked Sendable {
    let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: 4)
    deinit { memory.deallocate() }
  }

  @Test func aViewKeepsItsOwnerAndCopiesNothing() {
    weak var gone: Owner?
    var tensor: Tensor?
    do {
      let owner = Owner()
      _ = owner.memory.update(fromContentsOf: [1, 2, 3, 4])
      tensor = Tensor([2, 2], viewing: UnsafeBufferPointer(owner.memory), owner: owner)
      #expect(tensor!.pointer == UnsafePointer(owner.memory.baseAddress!))
      gone = owner
    }
    #expect(gone != nil && tensor!.rows([1, 0]).values == [3, 4, 1, 2])
    #expect(tensor!.reshaped([4]).values == [1, 2, 3, 4])
    tensor = nil
    #expect(gone == nil)
  }

  /// Rows that are made when they are asked for, and which ones were announced.
  private final class Made: RowSource, @unchecked Sendable {
    let rowCount = 10
    let rowShape = [2, 1]
    let canExpect = true
    var expected: [[Int]] = []

    func copyRow(_ row: Int, to target: UnsafeMutablePointer<Float>) {
      target[0] = Float(2 * row)
      target[1] = Float(2 * row + 1)
    }

    func expect(_ rows: [Int]) { expected.append(rows) }
  }

  @Test func rowsOfAnotherSourceStandBesideTensors() {
    let made = Made()
    let joined = TensorRows.joined([TensorRows(Self.numbers(2, from: 100)), TensorRows(made, rows: [9, 4])])
    #expect(joined.rows([3, 0, 2]).values == [8, 9, 100, 101, 18, 19])
    #expect(made.expected == [[4, 9]])
    joined.readAhead([2, 1])
    #expect(made.expected.last == [9])
  }

  @Test func piecesCoverAllRowsInOrder() {
    let made = Made()
    var ranges: [Range<Int>] = []
    var values: [Float] = []
    TensorRows(made).forPieces(of: 4) { range, piece in
      #expect(piece.shape == [range.count, 2, 1])
      ranges.append(range)
      values += piece.values
    }
    #expect(ranges == [0..<4, 4..<8, 8..<10] && values == (0..<20).map(Float.init))
    // Each piece is announced while the one before it is worked on.
    #expect(made.expected.contains([4, 5, 6, 7]) && made.expected.contains([8, 9]))
  }
}
