import Networks
import Randomness
import Tensors

/// Something with weights on disk: a network, or a table of parameters that belongs to no layer.
public protocol WeightStore: AnyObject, Sendable {
  /// What an optimiser moves, in a fixed order.
  var trained: [Variable] { get }
  /// Everything that is kept, under PyTorch's names.
  var entries: [(name: String, entry: SafeTensors.Entry)] { get }
  /// Takes everything from a file's entries.
  ///
  /// - Throws: `NetworkError.weights` if one is missing or has another shape.
  func load(_ entries: [String: SafeTensors.Entry], path: String) throws
  func snapshot() -> [Tensor]
  func restore(_ snapshot: [Tensor])
}

extension Network: WeightStore {
  public var trained: [Variable] { parameters.map(\.variable) }
}

/// Named parameters, and numbers that are kept but not trained, beside a model's networks.
package final class ParameterTable: WeightStore {
  private let parameters: [(name: String, variable: Variable)]
  private let constants: [(name: String, tensor: Tensor)]

  package init(parameters: [(name: String, variable: Variable)], constants: [(name: String, tensor: Tensor)] = []) {
    self.parameters = parameters
    self.constants = constants
  }

  private var tensors: [(name: String, tensor: Tensor)] {
    parameters.map { ($0.name, $0.variable.value) } + constants
  }

  public var trained: [Variable] { parameters.map(\.variable) }

  package var entries: [(name: String, entry: SafeTensors.Entry)] { tensors.map { ($0.name, .float32($0.tensor)) } }

  package func load(_ entries: [String: SafeTensors.Entry], path: String) throws {
    for (name, target) in tensors { try SafeTensors.fill(target, named: name, from: entries, path: path) }
  }

  package func snapshot() -> [Tensor] { tensors.map { $0.tensor.copy() } }

  package func restore(_ snapshot: [Tensor]) {
    precondition(snapshot.count == tensors.count, "a snapshot of another table")
    for ((_, target), source) in zip(tensors, snapshot) { target.copyValues(of: source) }
  }
}

extension Variable {
  /// A parameter of numbers drawn uniformly from (-bound, bound), by the name of it.
  package static func uniformParameter(_ shape: [Int], bound: Double, name: String, stream: RandomStream) -> Variable {
    var random = stream.substream(name)
    return .parameter(
      Tensor(shape) { target in
        for index in target.indices { target[index] = Float(random.uniform(-bound, bound)) }
      })
  }
}
