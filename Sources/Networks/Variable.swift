import Tensors

/// A tensor that remembers which operation made it, so that gradients can be taken.
///
/// A variable made by an operation is recorded when any of its inputs requires a gradient and recording is on (see
/// `Recording`). Variables are used by one training at a time; several trainings side by side have variables of their
/// own.
public final class Variable: @unchecked Sendable {
  /// The values. An optimiser replaces or updates those of a parameter; nothing else changes after creation.
  public var value: Tensor

  /// Whether what is made of this variable is recorded, so that gradients can flow to or through it.
  public let isTracked: Bool

  /// Whether the backward pass that is going on has no use for a gradient of this variable.
  var isPassedOver = false

  /// Whether a gradient flows to or through this variable; in a backward pass, whether one is wanted.
  public var requiresGradient: Bool { isTracked && !isPassedOver }

  /// The operation behind the value; nil for parameters and constants, and after a backward pass consumed the graph.
  var origin: Origin?

  /// Whether this is a gradient that nothing else will read, in a backward pass that records nothing: the next operation
  /// may write its own result over it.
  var isScratch = false

  /// A constant.
  public init(_ value: Tensor) {
    self.value = value
    isTracked = false
  }

  /// A parameter: a variable that gradients are taken with respect to.
  public static func parameter(_ value: Tensor) -> Variable {
    Variable(value, isTracked: true, origin: nil)
  }

  private init(_ value: Tensor, isTracked: Bool, origin: Origin?) {
    self.value = value
    self.isTracked = isTracked
    self.origin = origin
  }

  public var shape: [Int] { value.shape }

  /// The same value, cut from its history.
  public var detached: Variable { Variable(value) }

  /// How gradients flow back through one operation.
  struct Origin {
    let operation: String
    let inputs: [Variable]
    let backward: Backward
  }

  /// Gets the gradient of the final result by an operation's output, and that output; gives the gradients by the
  /// operation's inputs, in order, nil where it is zero or not required. The rules use operations only, so what they
  /// compute can be differentiated again.
  typealias Rule = (_ gradient: Variable, _ output: Variable) -> [Variable?]

  enum Backward {
    case rule(Rule)
    /// The operation computes a first derivative by a fused kernel and has none of its own.
    case unavailable
  }

  /// The result of an operation, recorded if needed.
  static func result(
    of operation: String, _ value: Tensor, inputs: [Variable], backward: @escaping Rule
  ) -> Variable {
    result(of: operation, value, inputs: inputs, .rule(backward))
  }

  /// The result of a fused operation that cannot be differentiated.
  static func lastDerivative(of operation: String, _ value: Tensor, inputs: [Variable]) -> Variable {
    result(of: operation, value, inputs: inputs, .unavailable)
  }

  private static func result(
    of operation: String, _ value: Tensor, inputs: [Variable], _ backward: Backward
  ) -> Variable {
    guard Recording.isOn, inputs.contains(where: \.isTracked) else { return Variable(value) }
    return Variable(
      value, isTracked: true, origin: Origin(operation: operation, inputs: inputs, backward: backward))
  }
}

/// Whether operations remember their inputs. Off inside an ordinary backward pass and when a network is only applied.
public enum Recording {
  @TaskLocal public static var isOn = true

  /// Runs `body` with recording, for a gradient that is part of what a network computes.
  public static func on<Result>(_ body: () throws -> Result) rethrows -> Result {
    try $isOn.withValue(true) { try body() }
  }

  /// Runs `body` without recording, so that memory is released as soon as possible.
  public static func off<Result>(_ body: () throws -> Result) rethrows -> Result {
    try $isOn.withValue(false) { try body() }
  }
}

/// What can go wrong when a gradient is asked for.
public enum DifferentiationError: Error, Equatable, CustomStringConvertible {
  /// A second derivative through an operation whose first is a fused kernel.
  case noSecondDerivative(operation: String)
  /// The gradient of something that is not one number.
  case notScalar(shape: [Int])

  public var description: String {
    switch self {
    case .noSecondDerivative(let operation):
      "The gradient of \(operation) is computed by a fused kernel that has no derivative of its own; "
        + "build the network without it to take second derivatives."
    case .notScalar(let shape):
      "A gradient was asked of a tensor of shape \(shape); reduce it to one number first, for example with sum()."
    }
  }
}
