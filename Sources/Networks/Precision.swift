import COneDNN
import Tensors

/// What a network's convolutions multiply.
public enum Precision: String, Codable, Sendable, Equatable, CaseIterable {
  case float32
  /// Numbers of 8 binary digits, added up in float32; images between convolutions are kept in it. Weights, the loss,
  /// statistics and the optimiser stay in float32. Half the memory between layers, and up to twice the speed where the
  /// processor has instructions for it.
  case bfloat16

  /// What images between convolutions are kept in.
  var element: ElementType { self == .float32 ? .float32 : .bfloat16 }
}

extension ElementType {
  var kind: conednn_element { self == .float32 ? CONEDNN_FLOAT32 : CONEDNN_BFLOAT16 }
}

extension Tensor {
  var source: conednn_source { conednn_source(values: address, element: element.kind) }
}

extension Variable {
  /// The same values as another kind of number.
  public func converted(to element: ElementType) -> Variable {
    guard element != value.element else { return self }
    return .result(of: "conversion", value.converted(to: element), inputs: [self]) { gradient, _ in
      [gradient.converted(to: self.value.element)]
    }
  }
}
