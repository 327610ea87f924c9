import Networks
import Tensors

/// An invertible map of codes with the logarithm of its Jacobian's determinant.
package protocol Flow: Sendable {
  /// - Parameters:
  ///   - codes: `[batch, latent dimension]`.
  ///   - context: what the encoder's heads read, `[batch, feature]`.
  /// - Returns: the mapped codes, and log |det J| of each, `[batch]`.
  func callAsFunction(_ codes: Variable, context: Variable) -> (codes: Variable, logDeterminant: Variable)
  /// Under PyTorch's names.
  var parameters: [(name: String, variable: Variable)] { get }
}

/// Flows one after the other.
package struct FlowChain: Sendable {
  package let flows: [any Flow]

  package init(flows: [any Flow]) { self.flows = flows }

  package func callAsFunction(_ codes: Variable, context: Variable) -> (codes: Variable, logDeterminant: Variable) {
    var codes = codes
    var sum: Variable?
    for flow in flows {
      let (next, logDeterminant) = flow(codes, context: context)
      codes = next
      sum = sum.map { $0 + logDeterminant } ?? logDeterminant
    }
    return (codes, sum ?? Variable(Tensor.zeros([codes.shape[0]])))
  }
}
