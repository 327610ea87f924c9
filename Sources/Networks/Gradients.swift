import Tensors

/// The gradients of one number by several variables, in reverse mode.
///
/// - Parameters:
///   - output: a variable of one value.
///   - variables: what to differentiate by.
///   - differentiable: whether the gradients can be differentiated again. Otherwise nothing is recorded in the
///     backward pass, and the graph behind `output` is consumed as it is walked, so that its memory is free for the
///     rest of the walk.
/// - Returns: a gradient of the variable's shape for each; zeros where `output` does not depend on it.
/// - Throws: `DifferentiationError`.
public func gradients(
  of output: Variable, by variables: [Variable], differentiable: Bool = false
) throws -> [Variable] {
  guard output.value.count == 1 else { throw DifferentiationError.notScalar(shape: output.shape) }
  return try Recording.$isOn.withValue(differentiable) {
    var gradient: [ObjectIdentifier: Variable] = [:]
    gradient[ObjectIdentifier(output)] = Variable(Tensor(output.shape, repeating: 1))
    let wanted = Set(variables.map { ObjectIdentifier($0) })
    var order = sorted(from: output)
    // Taken from the end, so that a node and its value are free once the walk has passed them.
    while let node = order.popLast() {
      guard let origin = node.origin else { continue }
      let identity = ObjectIdentifier(node)
      guard let incoming = wanted.contains(identity) ? gradient[identity] : gradient.removeValue(forKey: identity)
      else { continue }
      guard case .rule(let rule) = origin.backward else {
        throw DifferentiationError.noSecondDerivative(operation: origin.operation)
      }
      for (input, part) in zip(origin.inputs, rule(incoming, node)) {
        guard let part, input.requiresGradient else { continue }
        precondition(
          part.shape == input.shape, "\(origin.operation): a gradient of \(part.shape) for an input of \(input.shape)")
        let key = ObjectIdentifier(input)
        gradient[key] = gradient[key].map { $0 + part } ?? part
      }
      if !differentiable { node.origin = nil }
    }
    return variables.map { gradient[ObjectIdentifier($0)] ?? Variable(Tensor.zeros($0.shape)) }
  }
}

/// Everything that `output` depends on and that requires a gradient; inputs come before what is made of them.
private func sorted(from output: Variable) -> [Variable] {
  var order: [Variable] = []
  var seen: Set<ObjectIdentifier> = [ObjectIdentifier(output)]
  var stack: [(node: Variable, next: Int)] = [(output, 0)]
  while let (node, next) = stack.last {
    let inputs = node.origin?.inputs ?? []
    if next < inputs.count {
      stack[stack.count - 1].next += 1
      let input = inputs[next]
      if input.requiresGradient, seen.insert(ObjectIdentifier(input)).inserted { stack.append((input, 0)) }
    } else {
      order.append(node)
      stack.removeLast()
    }
  }
  return order
}
