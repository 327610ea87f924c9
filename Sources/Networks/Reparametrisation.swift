/// Something that a network's layers use in place of their weights, such as the weights divided by their norm.
public protocol Reparametrisation: AnyObject, Sendable {
  /// What stands for a layer's weights; the weights themselves for layers that it does not know.
  func applied(to weights: Variable) -> Variable
}
