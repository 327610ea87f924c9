import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sums over columns, repeats of rows and columns, and choices among columns. Each is the adjoint of another one here.
extension Variable {
  /// `[row, column]` to `[row]`.
  public func sumOverColumns() -> Variable {
    precondition(shape.count == 2, "columns of a matrix, not of \(shape)")
    let (rows, columns) = (shape[0], shape[1])
    let source = value.buffer
    let result = Tensor([rows]) { target in
      for row in 0..<rows {
        var sum = 0.0
        for column in 0..<columns { sum += Double(source[row * columns + column]) }
        target[row] = Float(sum)
      }
    }
    return .result(of: "sum over columns", result, inputs: [self]) { gradient, _ in
      [gradient.repeated(columns: columns)]
    }
  }

  /// `[row]` to `[row, columns]`.
  public func repeated(columns: Int) -> Variable {
    precondition(shape.count == 1, "a number for each row, not \(shape)")
    let source = value.buffer
    let result = Tensor([shape[0], columns]) { target in
      for row in 0..<shape[0] {
        for column in 0..<columns { target[row * columns + column] = source[row] }
      }
    }
    return .result(of: "repeat over columns", result, inputs: [self]) { gradient, _ in [gradient.sumOverColumns()] }
  }

  /// Every row `times` times, one after the other: `[row, column]` to `[row * times, column]`.
  public func repeatingRows(_ times: Int) -> Variable {
    precondition(shape.count == 2, "rows of a matrix, not of \(shape)")
    let (rows, columns) = (shape[0], shape[1])
    let result = Tensor([rows * times, columns]) { target in
      for row in 0..<rows {
        for copy in 0..<times {
          (target.baseAddress! + (row * times + copy) * columns).update(
            from: value.pointer + row * columns, count: columns)
        }
      }
    }
    return .result(of: "repeat of rows", result, inputs: [self]) { gradient, _ in [gradient.sumOverRows(of: times)] }
  }

  /// The sum over each `count` rows that follow each other: `[group * count, column]` to `[group, column]`.
  public func sumOverRows(of count: Int) -> Variable {
    precondition(shape.count == 2 && shape[0] % count == 0, "groups of \(count) rows of \(shape)")
    let (groups, columns) = (shape[0] / count, shape[1])
    let source = value.buffer
    let result = Tensor([groups, columns]) { target in
      for group in 0..<groups {
        for column in 0..<columns {
          var sum = 0.0
          for row in group * count..<(group + 1) * count { sum += Double(source[row * columns + column]) }
          target[group * columns + column] = Float(sum)
        }
      }
    }
    return .result(of: "sum over groups of rows", result, inputs: [self]) { gradient, _ in
      [gradient.repeatingRows(count)]
    }
  }

  /// The columns with these numbers, in this order, each at most once: `[row, column]` to `[row, numbers.count]`.
  public func columns(_ numbers: [Int]) -> Variable {
    precondition(shape.count == 2 && numbers.allSatisfy { $0 >= 0 && $0 < shape[1] }, "columns of \(shape)")
    let (rows, columns, count) = (shape[0], shape[1], numbers.count)
    let source = value.buffer
    let result = Tensor([rows, count]) { target in
      for row in 0..<rows {
        for (place, number) in numbers.enumerated() { target[row * count + place] = source[row * columns + number] }
      }
    }
    return .result(of: "choice of columns", result, inputs: [self]) { gradient, _ in
      [gradient.scattered(to: numbers, of: columns)]
    }
  }

  /// The columns at other places of a wider matrix of zeros: `[row, column]` to `[row, width]`.
  ///
  /// - Parameters:
  ///   - numbers: the place of each column, 0 ..< `width`, each at most once.
  ///   - width: columns of the result, at least as many as there are.
  public func scattered(to numbers: [Int], of width: Int) -> Variable {
    precondition(shape.count == 2 && numbers.count == shape[1], "\(numbers.count) places for columns of \(shape)")
    let (rows, columns) = (shape[0], shape[1])
    let source = value.buffer
    let result = Tensor([rows, width]) { target in
      target.update(repeating: 0)
      for row in 0..<rows {
        for (place, number) in numbers.enumerated() { target[row * width + number] = source[row * columns + place] }
      }
    }
    return .result(of: "placing of columns", result, inputs: [self]) { gradient, _ in [gradient.columns(numbers)] }
  }

  /// The columns of another matrix of as many rows after those of this one.
  public func joined(_ other: Variable) -> Variable {
    let width = shape[1] + other.shape[1]
    return scattered(to: Array(0..<shape[1]), of: width) + other.scattered(to: Array(shape[1]..<width), of: width)
  }

  /// log sum exp over each row, without overflow: `[row, column]` to `[row]`.
  public func logSumExp() -> Variable {
    precondition(shape.count == 2 && shape[1] > 0, "columns of a matrix, not of \(shape)")
    let columns = shape[1]
    // Any constant gives the same result and gradient; the largest keeps the exponentials in range.
    let largest = Tensor([shape[0]]) { target in
      for row in target.indices {
        let greatest = value.buffer[row * columns..<(row + 1) * columns].max()!
        target[row] = greatest.isFinite ? greatest : 0
      }
    }
    let constant = Variable(largest)
    return (self - constant.repeated(columns: columns)).exponential().sumOverColumns().logarithm() + constant
  }

  /// The squared Euclidean length of each row: `[row, column]` to `[row]`.
  public func squaredLengths() -> Variable { squared().sumOverColumns() }

  /// The squared Euclidean distances of all rows from all rows of another matrix: `[row, column]` and `[other, column]`
  /// to `[row, other]`. Differences are squared, so that near rows lose no digits.
  public func squaredDistances(to other: Variable) -> Variable {
    precondition(shape.count == 2 && other.shape.count == 2 && shape[1] == other.shape[1], "\(shape), \(other.shape)")
    let (rows, count, columns) = (shape[0], other.shape[0], shape[1])
    let (first, second) = (value.buffer, other.value.buffer)
    let result = Tensor([rows, count]) { target in
      for row in 0..<rows {
        for candidate in 0..<count {
          var sum: Float = 0
          for column in 0..<columns {
            let difference = first[row * columns + column] - second[candidate * columns + column]
            sum += difference * difference
          }
          target[row * count + candidate] = sum
        }
      }
    }
    return .result(of: "squared distances", result, inputs: [self, other]) { gradient, _ in
      // sum_j g_ij 2 (x_i - y_j), and its negative over i.
      let bySelf = gradient.sumOverColumns().repeated(columns: columns) * self - gradient.product(other)
      let byOther =
        gradient.sumOverRows().repeated(columns: columns) * other - gradient.product(self, transposed: true)
      return [
        self.requiresGradient ? 2 * bySelf : nil,
        other.requiresGradient ? 2 * byOther : nil,
      ]
    }
  }

  /// 0 below 0 and 1 above 1; the gradient is 0 there.
  public func clampedToUnit() -> Variable {
    let inside = Variable(value.map { $0 >= 0 && $0 <= 1 ? 1 : 0 })
    let result = value.map { min(1, max(0, $0)) }
    return .result(of: "clamp", result, inputs: [self]) { gradient, _ in [gradient * inside] }
  }

  /// log(1 + x), right for x near 0; x above -1.
  public func logarithmOfOnePlus() -> Variable {
    .result(of: "logarithm of 1 + x", value.map { log1pf($0) }, inputs: [self]) { gradient, _ in
      [gradient * (1 + self).reciprocal()]
    }
  }
}
