import Tensors

extension Variable {
  /// The matrix product of two matrices, either of them transposed first.
  public func product(_ other: Variable, transposed: Bool = false, otherTransposed: Bool = false) -> Variable {
    let result = value.product(other.value, transposed: transposed, otherTransposed: otherTransposed)
    return .result(of: "matrix product", result, inputs: [self, other]) { gradient, _ in
      [
        !self.requiresGradient
          ? nil
          : transposed
            ? other.product(gradient, transposed: otherTransposed, otherTransposed: true)
            : gradient.product(other, otherTransposed: !otherTransposed),
        !other.requiresGradient
          ? nil
          : otherTransposed
            ? gradient.product(self, transposed: true, otherTransposed: transposed)
            : self.product(gradient, transposed: !transposed),
      ]
    }
  }

  /// A dense layer, x W^T + b.
  ///
  /// - Parameters:
  ///   - weights: `[output, input]`, PyTorch's layout.
  ///   - bias: `[output]`.
  /// - Returns: `[batch, output]` from `[batch, input]`.
  public func linear(weights: Variable, bias: Variable) -> Variable {
    let result = value.product(weights.value, otherTransposed: true, bias: bias.value)
    return .result(of: "linear", result, inputs: [self, weights, bias]) { gradient, _ in
      [
        self.requiresGradient ? gradient.product(weights) : nil,
        weights.requiresGradient ? gradient.product(self, transposed: true) : nil,
        bias.requiresGradient ? gradient.sumOverRows() : nil,
      ]
    }
  }
}
