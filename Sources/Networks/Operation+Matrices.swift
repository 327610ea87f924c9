import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Linear algebra on many small square matrices at once, `[batch, n, n]`. Values are kept in float32 and worked out in
/// Double; derivatives are made of the same operations, so every order of them is there.
extension Variable {
  /// The products of matrices, either of them transposed first: `[batch, m, k]` and `[batch, k, n]` to `[batch, m, n]`.
  public func matrixProducts(
    _ other: Variable, transposed: Bool = false, otherTransposed: Bool = false
  ) -> Variable {
    precondition(
      shape.count == 3 && other.shape.count == 3 && shape[0] == other.shape[0], "\(shape) times \(other.shape)")
    let (rows, inner) = transposed ? (shape[2], shape[1]) : (shape[1], shape[2])
    let (otherInner, columns) = otherTransposed ? (other.shape[2], other.shape[1]) : (other.shape[1], other.shape[2])
    precondition(inner == otherInner, "\(shape) times \(other.shape)")
    let (first, second) = (value.buffer, other.value.buffer)
    let (ownSize, otherSize, size) = (rows * inner, inner * columns, rows * columns)
    let result = Tensor([shape[0], rows, columns]) { target in
      for item in 0..<shape[0] {
        for row in 0..<rows {
          for column in 0..<columns {
            var sum = 0.0
            for place in 0..<inner {
              let left = transposed ? place * rows + row : row * inner + place
              let right = otherTransposed ? column * inner + place : place * columns + column
              sum += Double(first[item * ownSize + left]) * Double(second[item * otherSize + right])
            }
            target[item * size + row * columns + column] = Float(sum)
          }
        }
      }
    }
    return .result(of: "products of matrices", result, inputs: [self, other]) { gradient, _ in
      [
        !self.requiresGradient
          ? nil
          : transposed
            ? other.matrixProducts(gradient, transposed: otherTransposed, otherTransposed: true)
            : gradient.matrixProducts(other, otherTransposed: !otherTransposed),
        !other.requiresGradient
          ? nil
          : otherTransposed
            ? gradient.matrixProducts(self, transposed: true, otherTransposed: transposed)
            : self.matrixProducts(gradient, transposed: !transposed),
      ]
    }
  }

  /// The inverses of symmetric positive definite matrices, or of triangular ones: `[batch, n, n]`.
  public func inverses() -> Variable {
    let size = squareSize
    let result = Self.perMatrix(value, [size, size]) { source, target in
      for (place, entry) in Self.invert(source, size).enumerated() { target[place] = Float(entry) }
    }
    return .result(of: "inverses", result, inputs: [self]) { gradient, output in
      // -A^-T G A^-T
      [-output.matrixProducts(gradient, transposed: true).matrixProducts(output, otherTransposed: true)]
    }
  }

  /// log det of symmetric positive definite matrices: `[batch, n, n]` to `[batch]`. NaN for one that is not.
  public func logDeterminants() -> Variable {
    let size = squareSize
    let result = Self.perMatrix(value, []) { source, target in
      let factor = Self.choleskyFactor(source, size)
      target[0] = Float((0..<size).reduce(0.0) { $0 + 2 * log(factor[$1 * size + $1]) })
    }
    return .result(of: "logarithms of determinants", result, inputs: [self]) { gradient, _ in
      let scale = gradient.repeated(columns: size * size).reshaped([self.shape[0], size, size])
      return [scale * self.inverses()]
    }
  }

  /// The lower triangular L of L L^T: `[batch, n, n]` of symmetric positive definite matrices. NaN for one that is not.
  ///
  /// Source of the derivative: Murray, "Differentiation of the Cholesky decomposition", 2016, Eq. 10.
  public func choleskyFactors() -> Variable {
    let size = squareSize
    let result = Self.perMatrix(value, [size, size]) { source, target in
      for (place, entry) in Self.choleskyFactor(source, size).enumerated() { target[place] = Float(entry) }
    }
    return .result(of: "Cholesky factors", result, inputs: [self]) { gradient, factor in
      // With P = Phi(L^T G), the lower triangle with its diagonal halved: (L^-T (P + P^T) L^-1) / 2.
      let halves = Tensor(self.shape) { target in
        for index in target.indices {
          let (row, column) = (index / size % size, index % size)
          target[index] = row == column ? 0.5 : row > column ? 1 : 0
        }
      }
      let lower = factor.matrixProducts(gradient, transposed: true) * Variable(halves)
      let identity = Variable(Self.identities(self.shape[0], size))
      let symmetric = lower + lower.matrixProducts(identity, transposed: true)
      let inverse = factor.inverses()
      return [0.5 * inverse.matrixProducts(symmetric, transposed: true).matrixProducts(inverse)]
    }
  }

  /// The matrices times a vector each: `[batch, n, n]` and `[batch, n]` to `[batch, n]`.
  public func timesVectors(_ vectors: Variable) -> Variable {
    matrixProducts(vectors.reshaped([vectors.shape[0], vectors.shape[1], 1])).reshaped(vectors.shape)
  }

  /// As many identity matrices, `[batch, n, n]`.
  public static func identities(_ count: Int, _ size: Int) -> Tensor {
    Tensor([count, size, size]) { target in
      for index in target.indices { target[index] = index / size % size == index % size ? 1 : 0 }
    }
  }

  private var squareSize: Int {
    precondition(shape.count == 3 && shape[1] == shape[2], "square matrices, not \(shape)")
    return shape[1]
  }

  private static func perMatrix(
    _ matrices: Tensor, _ shape: [Int], _ body: ([Double], UnsafeMutableBufferPointer<Float>) -> Void
  ) -> Tensor {
    let (count, size) = (matrices.shape[0], matrices.shape[1] * matrices.shape[2])
    let width = shape.reduce(1, *)
    return Tensor([count] + shape) { target in
      for item in 0..<count {
        let source = matrices.buffer[item * size..<(item + 1) * size].map(Double.init)
        body(source, UnsafeMutableBufferPointer(rebasing: target[item * width..<(item + 1) * width]))
      }
    }
  }

  private static func choleskyFactor(_ matrix: [Double], _ size: Int) -> [Double] {
    var factor = [Double](repeating: 0, count: size * size)
    for row in 0..<size {
      for column in 0...row {
        var sum = matrix[row * size + column]
        for place in 0..<column { sum -= factor[row * size + place] * factor[column * size + place] }
        factor[row * size + column] = row == column ? sum.squareRoot() : sum / factor[column * size + column]
      }
    }
    return factor
  }

  /// Gauss-Jordan elimination with the largest pivot of each column.
  private static func invert(_ matrix: [Double], _ size: Int) -> [Double] {
    var (left, right) = (matrix, (0..<size * size).map { $0 / size == $0 % size ? 1.0 : 0 })
    for column in 0..<size {
      let pivot = (column..<size).max { abs(left[$0 * size + column]) < abs(left[$1 * size + column]) }!
      if pivot != column {
        for place in 0..<size {
          left.swapAt(pivot * size + place, column * size + place)
          right.swapAt(pivot * size + place, column * size + place)
        }
      }
      let scale = 1 / left[column * size + column]
      for place in 0..<size {
        left[column * size + place] *= scale
        right[column * size + place] *= scale
      }
      for row in 0..<size where row != column {
        let factor = left[row * size + column]
        guard factor != 0 else { continue }
        for place in 0..<size {
          left[row * size + place] -= factor * left[column * size + place]
          right[row * size + place] -= factor * right[column * size + place]
        }
      }
    }
    return right
  }
}
