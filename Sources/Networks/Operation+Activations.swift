import ConvolutionKernels
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A function applied to each element, alone or fused into the operation before it.
public enum Activation: Codable, Sendable, Equatable {
  case identity
  case relu
  /// x for positive x, `slope` x otherwise.
  case leakyReLU(slope: Float)
  case sigmoid
  case tanh

  /// What a (leaky) ReLU multiplies negative numbers with; nil for the others.
  fileprivate var rectifierSlope: Float? {
    switch self {
    case .relu: 0
    case .leakyReLU(let slope): slope
    case .identity, .sigmoid, .tanh: nil
    }
  }

  func callAsFunction(_ x: Float) -> Float {
    switch self {
    case .identity: x
    case .relu: max(x, 0)
    case .leakyReLU(let slope): x > 0 ? x : slope * x
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: Float(tanhf(x))
    }
  }
}

extension Variable {
  public func activated(_ activation: Activation) -> Variable {
    switch activation {
    case .identity:
      return self
    case .relu:
      return applying(activation, value.map { max($0, 0) })
    case .leakyReLU(let slope):
      return applying(activation, value.map { $0 > 0 ? $0 : slope * $0 })
    case .sigmoid, .tanh:
      return applying(activation, value.map { activation($0) })
    }
  }

  private func applying(_ activation: Activation, _ result: Tensor) -> Variable {
    .result(of: "\(activation)", result, inputs: [self]) { gradient, output in
      [gradient.throughActivation(activation, output: output)]
    }
  }

  /// The gradient before an activation from the gradient after it, self, and the activation's output.
  ///
  /// Every activation here is invertible up to a null set, so its derivative is a function of its output y: 1 or 0 for
  /// ReLU, y (1 - y) for the sigmoid, 1 - y^2 for tanh. It is an operation of its own, with its own derivative, so
  /// second derivatives pass through fused activations. A gradient that nothing else reads is overwritten.
  func throughActivation(_ activation: Activation, output: Variable) -> Variable {
    if activation == .identity { return self }
    if value.element == .bfloat16 { return halvesThroughActivation(activation, output: output) }
    let result = isScratch && !Recording.isOn ? value : Tensor(shape) { _ in }
    precondition(shape == output.shape, "shapes differ: \(shape) and \(output.shape)")
    let (slopes, outputs) = (value.buffer, output.value.buffer)
    result.mutate { target in
      if let slope = activation.rectifierSlope {
        return requireSuccess(
          conednn_rectified_gradient(
            Int64(target.count), slope, output.value.pointer, value.pointer, target.baseAddress!),
          "derivative of \(activation)")
      }
      ComputeThreads.split(target.count) { range in
        switch activation {
        case .identity, .relu, .leakyReLU: break
        case .sigmoid:
          for index in range { target[index] = slopes[index] * outputs[index] * (1 - outputs[index]) }
        case .tanh: for index in range { target[index] = slopes[index] * (1 - outputs[index] * outputs[index]) }
        }
      }
    }
    if isScratch && !Recording.isOn { return self }
    return .result(of: "derivative of \(activation)", result, inputs: [self, output]) { second, _ in
      let byGradient = second.throughActivation(activation, output: output)
      switch activation {
      case .sigmoid: return [byGradient, second * self * (1 + -2 * output)]
      case .tanh: return [byGradient, second * self * (-2 * output)]
      case .identity, .relu, .leakyReLU: return [byGradient, nil]
      }
    }
  }

  /// The same for values of bfloat16, which are positive where their bits are as a signed number.
  private func halvesThroughActivation(_ activation: Activation, output: Variable) -> Variable {
    guard activation == .relu, output.value.element == .bfloat16, isScratch, !Recording.isOn else {
      return converted(to: .float32).throughActivation(activation, output: output.converted(to: .float32))
        .converted(to: .bfloat16)
    }
    precondition(shape == output.shape, "shapes differ: \(shape) and \(output.shape)")
    let outputs = output.value.halves
    value.mutateHalves { target in
      requireSuccess(
        conednn_mixed_rectify_gradient(Int64(target.count), outputs.baseAddress!, target.baseAddress!),
        "derivative of \(activation)")
    }
    return self
  }

  public func exponential() -> Variable {
    .result(of: "exponential", value.map { exp($0) }, inputs: [self]) { gradient, output in [gradient * output] }
  }

  /// The natural logarithm.
  public func logarithm() -> Variable {
    .result(of: "logarithm", value.map { log($0) }, inputs: [self]) { gradient, _ in
      [gradient * self.reciprocal()]
    }
  }

  public func squareRoot() -> Variable {
    .result(of: "square root", value.map { $0.squareRoot() }, inputs: [self]) { gradient, output in
      [0.5 * gradient * output.reciprocal()]
    }
  }

  /// log(1 + exp(x)), without overflow.
  public func softplus() -> Variable {
    .result(of: "softplus", value.map { max($0, 0) + log1pf(exp(-abs($0))) }, inputs: [self]) { gradient, _ in
      [gradient * self.activated(.sigmoid)]
    }
  }
}
