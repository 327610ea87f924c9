import Tensors

/// Elementwise arithmetic on variables of one shape, and products with numbers.
extension Variable {
  public static func + (left: Variable, right: Variable) -> Variable {
    .result(of: "addition", left.value.zip(right.value) { $0 + $1 }, inputs: [left, right]) { gradient, _ in
      [gradient, gradient]
    }
  }

  public static func - (left: Variable, right: Variable) -> Variable {
    .result(of: "subtraction", left.value.zip(right.value) { $0 - $1 }, inputs: [left, right]) { gradient, _ in
      [gradient, right.requiresGradient ? -1 * gradient : nil]
    }
  }

  /// The elementwise product.
  public static func * (left: Variable, right: Variable) -> Variable {
    .result(of: "multiplication", left.value.zip(right.value) { $0 * $1 }, inputs: [left, right]) { gradient, _ in
      [left.requiresGradient ? gradient * right : nil, right.requiresGradient ? gradient * left : nil]
    }
  }

  public static func * (factor: Float, variable: Variable) -> Variable {
    .result(of: "scaling", variable.value.map { factor * $0 }, inputs: [variable]) { gradient, _ in
      [factor * gradient]
    }
  }

  public static func + (constant: Float, variable: Variable) -> Variable {
    .result(of: "shift", variable.value.map { constant + $0 }, inputs: [variable]) { gradient, _ in [gradient] }
  }

  public static func - (constant: Float, variable: Variable) -> Variable { constant + -variable }

  public static prefix func - (variable: Variable) -> Variable { -1 * variable }

  /// The product with a variable of one value.
  public func scaled(by factor: Variable) -> Variable {
    let number = factor.value.item
    return .result(of: "scaling by a variable", value.map { number * $0 }, inputs: [self, factor]) { gradient, _ in
      [
        self.requiresGradient ? gradient.scaled(by: factor) : nil,
        factor.requiresGradient ? (gradient * self).sum().reshaped(factor.shape) : nil,
      ]
    }
  }

  public func squared() -> Variable { self * self }

  /// 1 / x.
  public func reciprocal() -> Variable {
    .result(of: "reciprocal", value.map { 1 / $0 }, inputs: [self]) { gradient, output in
      [-(gradient * output.squared())]
    }
  }

  public static func / (left: Variable, right: Variable) -> Variable { left * right.reciprocal() }
}
