import Tensors

/// Adam with bias correction, in one pass over each parameter and its two moments.
///
/// Source: Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, Algorithm 1. Defaults and the place
/// of epsilon as in PyTorch.
public final class Adam {
  public static let usualDecays: (first: Float, second: Float) = (0.9, 0.999)
  public static let usualEpsilon: Float = 1e-8
  /// The step size; a schedule may change it between steps.
  public var learningRate: Float
  private let firstDecay: Float
  private let secondDecay: Float
  private let epsilon: Float
  private let parameters: [Variable]
  private let firstMoments: [Tensor]
  private let secondMoments: [Tensor]
  private var firstPower = 1.0
  private var secondPower = 1.0

  public init(
    _ parameters: [Variable], learningRate: Float, decays: (first: Float, second: Float) = usualDecays,
    epsilon: Float = usualEpsilon
  ) {
    self.parameters = parameters
    self.learningRate = learningRate
    (firstDecay, secondDecay) = decays
    self.epsilon = epsilon
    firstMoments = parameters.map { Tensor.zeros($0.shape) }
    secondMoments = parameters.map { Tensor.zeros($0.shape) }
  }

  /// The moments themselves, the first of every parameter and then the second: what a training that goes on later puts back,
  /// with `decayPowers`.
  public var moments: [Tensor] { firstMoments + secondMoments }

  /// How far the corrections of the bias have come: each decay to the power of the steps done.
  public var decayPowers: (first: Double, second: Double) {
    get { (firstPower, secondPower) }
    set { (firstPower, secondPower) = newValue }
  }

  /// Moves the parameters by one step.
  ///
  /// - Parameter gradients: one for each parameter, of its shape.
  public func step(_ gradients: [Variable]) {
    precondition(gradients.count == parameters.count, "one gradient for each of \(parameters.count) parameters")
    beginStep()
    for (index, gradient) in gradients.enumerated() { move(index, gradient.value) }
  }

  /// Moves the parameters by one step down a loss, each as soon as its gradient is complete, so that the gradients are
  /// never all in memory. The same numbers as `step` of `gradients(of:by:)`.
  ///
  /// - Parameters:
  ///   - loss: a variable of one value; its graph is consumed.
  ///   - accumulated: gradients of the step's other parts, added first.
  /// - Throws: `DifferentiationError`.
  public func step(down loss: Variable, adding accumulated: GradientSum? = nil) throws {
    beginStep()
    try consumeGradients(of: loss, by: parameters) { index, gradient in
      move(index, accumulated?.finish(index, gradient) ?? gradient)
    }
  }

  private func beginStep() {
    firstPower *= Double(firstDecay)
    secondPower *= Double(secondDecay)
  }

  private func move(_ index: Int, _ gradient: Tensor) {
    let parameter = parameters[index]
    precondition(gradient.shape == parameter.shape, "a gradient of \(gradient.shape) for \(parameter.shape)")
    parameter.value.mutate { values in
      firstMoments[index].mutate { first in
        secondMoments[index].mutate { second in
          Self.update(
            values, first, second, gradient.buffer, learningRate: learningRate, decays: (firstDecay, secondDecay),
            powers: (firstPower, secondPower), epsilon: epsilon)
        }
      }
    }
  }

  /// One step of values whose gradient is known, for `Adam` and for what is fitted without a network.
  ///
  /// - Parameters:
  ///   - values, first, second, gradient: of one length.
  ///   - powers: each decay to the power of the steps done, this one counted.
  package static func update(
    _ values: UnsafeMutableBufferPointer<Float>, _ first: UnsafeMutableBufferPointer<Float>,
    _ second: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeBufferPointer<Float>, learningRate: Float,
    decays: (first: Float, second: Float) = usualDecays, powers: (first: Double, second: Double),
    epsilon: Float = usualEpsilon
  ) {
    let stepSize = learningRate / Float(1 - powers.first)
    let secondCorrection = Float((1 - powers.second).squareRoot())
    let (keepFirst, keepSecond) = decays
    ComputeThreads.split(values.count) { range in
      let lanes = 16
      var index = range.lowerBound
      let (v, m, s, g) = (values.baseAddress!, first.baseAddress!, second.baseAddress!, gradient.baseAddress!)
      while index + lanes <= range.upperBound {
        let slope = UnsafeRawPointer(g + index).loadUnaligned(as: SIMD16<Float>.self)
        var mean = UnsafeRawPointer(m + index).loadUnaligned(as: SIMD16<Float>.self)
        var square = UnsafeRawPointer(s + index).loadUnaligned(as: SIMD16<Float>.self)
        var value = UnsafeRawPointer(v + index).loadUnaligned(as: SIMD16<Float>.self)
        mean = mean * keepFirst + slope * (1 - keepFirst)
        square = square * keepSecond + slope * slope * (1 - keepSecond)
        value -= mean * stepSize / (square.squareRoot() / secondCorrection + epsilon)
        UnsafeMutableRawPointer(m + index).storeBytes(of: mean, as: SIMD16<Float>.self)
        UnsafeMutableRawPointer(s + index).storeBytes(of: square, as: SIMD16<Float>.self)
        UnsafeMutableRawPointer(v + index).storeBytes(of: value, as: SIMD16<Float>.self)
        index += lanes
      }
      while index < range.upperBound {
        m[index] = m[index] * keepFirst + g[index] * (1 - keepFirst)
        s[index] = s[index] * keepSecond + g[index] * g[index] * (1 - keepSecond)
        v[index] -= m[index] * stepSize / (s[index].squareRoot() / secondCorrection + epsilon)
        index += 1
      }
    }
  }
}
