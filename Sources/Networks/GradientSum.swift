import Tensors

/// The gradients of the parts of a batch that is too large for memory, added up.
///
/// A loss that is a sum over images has the gradient of the whole batch as the sum of those of its parts, to rounding.
/// Batch normalisation is the exception: it takes its statistics from each part.
public final class GradientSum {
  private let parameters: [Variable]
  /// Nil until a part was added.
  private var sums: [Tensor?]

  public init(_ parameters: [Variable]) {
    self.parameters = parameters
    sums = Array(repeating: nil, count: parameters.count)
  }

  /// Adds the gradients of one part's loss, whose graph is consumed.
  ///
  /// - Throws: `DifferentiationError`.
  public func add(_ loss: Variable) throws {
    try consumeGradients(of: loss, by: parameters, add)
  }

  /// Adds the gradients of one part's loss, and hands out the one by something that belongs to this part alone.
  func add(_ loss: Variable, and own: Variable, use: (Tensor) -> Void) throws {
    try consumeGradients(of: loss, by: parameters + [own]) { index, gradient in
      if index == parameters.count { use(gradient) } else { add(index, gradient) }
    }
  }

  /// The sums, at least one part of which was added; they then begin anew.
  func finish() -> [Tensor] {
    defer { sums = Array(repeating: nil, count: parameters.count) }
    return sums.map { $0! }
  }

  /// The sum of a parameter's earlier gradients and its last one; the sum then begins anew.
  package func finish(_ index: Int, _ gradient: Tensor) -> Tensor {
    guard let sum = sums[index] else { return gradient }
    Self.add(gradient, to: sum)
    sums[index] = nil
    return sum
  }

  private func add(_ index: Int, _ gradient: Tensor) {
    if let sum = sums[index] { Self.add(gradient, to: sum) } else { sums[index] = gradient.copy() }
  }

  private static func add(_ addend: Tensor, to sum: Tensor) {
    let source = addend.buffer
    sum.mutate { target in
      ComputeThreads.split(target.count) { range in
        for index in range { target[index] += source[index] }
      }
    }
  }
}
