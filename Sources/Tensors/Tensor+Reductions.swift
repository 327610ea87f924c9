/// Sums. Long sums are taken in Double over blocks in a fixed order, so that they depend neither on the number of
/// threads nor on luck.
extension Tensor {
  /// The sum of all values.
  public var sum: Double {
    buffer.blockSum { _, value in Double(value) }
  }

  /// The sum over rows: `[row, column]` to `[column]`.
  public func sumOverRows() -> Tensor {
    precondition(shape.count == 2, "rows of a matrix, not of \(shape)")
    let (rows, columns) = (shape[0], shape[1])
    var sums = [Double](repeating: 0, count: columns)
    for row in 0..<rows {
      let start = storage.pointer + row * columns
      for column in 0..<columns { sums[column] += Double(start[column]) }
    }
    return Tensor([columns], values: sums.map { Float($0) })
  }

  /// Every value of a row replaced by the sum of the row: `[row, column]` to `[row, column]`.
  public func rowSumsSpread() -> Tensor {
    precondition(shape.count == 2, "rows of a matrix, not of \(shape)")
    let columns = shape[1]
    return Tensor(shape) { target in
      for row in 0..<shape[0] {
        var sum: Float = 0
        for column in 0..<columns { sum += storage.pointer[row * columns + column] }
        for column in 0..<columns { target[row * columns + column] = sum }
      }
    }
  }

  /// A row repeated: `[column]` to `[rows, column]`.
  public func repeated(rows: Int) -> Tensor {
    precondition(shape.count == 1, "a row, not \(shape)")
    return Tensor([rows, count]) { target in
      for row in 0..<rows { (target.baseAddress! + row * count).update(from: storage.pointer, count: count) }
    }
  }

  /// The sum of squared differences of two tensors of one shape.
  public func sumOfSquaredDifferences(_ other: Tensor) -> Double {
    precondition(shape == other.shape, "shapes differ: \(shape) and \(other.shape)")
    let second = other.buffer
    return buffer.blockSum { index, value in
      let difference = Double(value - second[index])
      return difference * difference
    }
  }

  /// Whether every value is a finite number.
  public var isFinite: Bool {
    // A sum of values times zero is zero unless one of them is infinite or not a number.
    buffer.reduce(Float(0)) { $0 + $1 * 0 } == 0
  }
}

extension UnsafeBufferPointer<Float> {
  @inline(__always)
  fileprivate func blockSum(_ term: (Int, Float) -> Double) -> Double {
    let lanes = 8
    var sums = SIMD8<Double>()
    let whole = count / lanes * lanes
    var index = 0
    while index < whole {
      for lane in 0..<lanes { sums[lane] += term(index + lane, self[index + lane]) }
      index += lanes
    }
    var total = sums.sum()
    while index < count {
      total += term(index, self[index])
      index += 1
    }
    return total
  }
}
