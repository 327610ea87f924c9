import Randomness
import Tensors
import Testing

@Suite struct TensorTests {
  private static func random(_ shape: [Int], seed: UInt64) -> Tensor {
    var stream = RandomStream(seed: seed, purpose: "tensor")
    return Tensor(shape) { stream.fillNormal($0) }
  }

  @Test(arguments: [false, true], [false, true])
  func productsMeetLoops(transposed: Bool, otherTransposed: Bool) {
    for (rows, inner, columns) in [(1, 1, 1), (3, 5, 2), (17, 9, 23), (4, 1, 6)] {
      for hasBias in [false, true] {
        let a = Self.random(transposed ? [inner, rows] : [rows, inner], seed: 1)
        let b = Self.random(otherTransposed ? [columns, inner] : [inner, columns], seed: 2)
        let bias = hasBias ? Self.random([columns], seed: 3) : nil
        let product = a.product(b, transposed: transposed, otherTransposed: otherTransposed, bias: bias)
        #expect(product.shape == [rows, columns])
        let (x, y) = (a.values, b.values)
        for row in 0..<rows {
          for column in 0..<columns {
            var expected = Double(bias?.values[column] ?? 0)
            for k in 0..<inner {
              expected +=
                Double(x[transposed ? k * rows + row : row * inner + k])
                * Double(y[otherTransposed ? column * inner + k : k * columns + column])
            }
            #expect(
              abs(Double(product.values[row * columns + column]) - expected) < 1e-5,
              "\(rows) x \(inner) x \(columns) at \(row), \(column)")
          }
        }
      }
    }
  }

  @Test func lastAxesSwap() {
    let tensor = Self.random([2, 3, 5], seed: 1)
    let swapped = tensor.swappingLastAxes()
    #expect(swapped.shape == [2, 5, 3])
    for item in 0..<2 {
      for row in 0..<3 {
        for column in 0..<5 {
          #expect(swapped.values[item * 15 + column * 3 + row] == tensor.values[item * 15 + row * 5 + column])
        }
      }
    }
    #expect(swapped.swappingLastAxes().values == tensor.values)
  }

  @Test func sumsByHand() {
    let tensor = Tensor([2, 3], values: [1, 2, 3, 10, 20, 30])
    #expect(tensor.sum == 66)
    #expect(tensor.sumOverRows().values == [11, 22, 33])
    #expect(tensor.rowSumsSpread().values == [6, 6, 6, 60, 60, 60])
    #expect(Tensor([2], values: [4, 5]).repeated(rows: 3).values == [4, 5, 4, 5, 4, 5])
    #expect(tensor.sumOfSquaredDifferences(Tensor([2, 3], repeating: 1)) == 1 + 4 + 81 + 361 + 841)
    #expect(Tensor([0, 3], values: []).sum == 0)
  }

  /// Ten million tenths lose four digits when they are summed in float32, and must not depend on threads.
  @Test func longSumsKeepTheirDigits() {
    let tensor = Tensor([10_000_019], repeating: 0.1)
    let expected = Double(Float(0.1)) * 10_000_019
    #expect(abs(tensor.sum - expected) < 1e-6)
    #expect(ComputeThreads.with(1) { tensor.sum } == tensor.sum)
  }

  @Test(arguments: [0, 5, 1_000_002])
  func oneValueThatIsNoNumberIsFound(position: Int) {
    for bad in [Float.nan, .infinity, -.infinity] {
      let tensor = Tensor([1_000_003], repeating: 3e38)
      #expect(tensor.isFinite)
      tensor.mutate { $0[position] = bad }
      #expect(!tensor.isFinite)
    }
  }

  @Test func rowsAndConcatenation() {
    let tensor = Tensor([3, 2, 2], values: (0..<12).map { Float($0) })
    let rows = tensor.rows([2, 0, 2])
    #expect(rows.shape == [3, 2, 2])
    #expect(rows.values == [8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11])
    #expect(tensor.rows([]).shape == [0, 2, 2])
    let joined = Tensor.concatenated([tensor.rows([1]), tensor.rows([]), tensor.rows([0, 2])])
    #expect(joined.shape == [3, 2, 2])
    #expect(joined.values == [4, 5, 6, 7, 0, 1, 2, 3, 8, 9, 10, 11])
  }

  @Test func elementwiseWorkIsAlikeOnAnyNumberOfThreads() {
    let (a, b, c) = (
      Self.random([300_007], seed: 1), Self.random([300_007], seed: 2), Self.random([300_007], seed: 3)
    )
    let one = ComputeThreads.with(1) { (a.map { $0 * 2 }, a.zip(b) { $0 - $1 }, a.zip(b, c) { $0 * $1 + $2 }) }
    let four = ComputeThreads.with(4) { (a.map { $0 * 2 }, a.zip(b) { $0 - $1 }, a.zip(b, c) { $0 * $1 + $2 }) }
    #expect(one.0.values == four.0.values && one.1.values == four.1.values && one.2.values == four.2.values)
    #expect(one.1.values == zip(a.values, b.values).map { $0 - $1 })
  }

  @Test func copiesAreTheirOwnAndReshapingIsNot() {
    let tensor = Tensor([2, 2], values: [1, 2, 3, 4])
    let (copy, reshaped) = (tensor.copy(), tensor.reshaped([4]))
    tensor.mutate { $0[0] = 9 }
    #expect(copy.values == [1, 2, 3, 4])
    #expect(reshaped.shape == [4] && reshaped.values == [9, 2, 3, 4])
    #expect(Tensor(scalar: 5).item == 5 && Tensor(scalar: 5).shape == [])
  }
}
