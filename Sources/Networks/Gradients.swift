import Tensors

/// The gradients of one number by several variables, in reverse mode.
///
/// - Parameters:
///   - output: a variable of one value.
///   - variables: what to differentiate by.
///   - differentiable: whether the gradients can be differentiated again. Otherwise nothing is recorded in the
///     backward pass, and the graph behind `output` is consumed as it is walked, so that its memory is free for the
///     rest of the walk.
///   - keepsGraph: whether the graph behind `output` stays, for gradients of something else that shares it; it always does
///     where the gradients are differentiable.
/// - Returns: a gradient of the variable's shape for each; zeros where `output` does not depend on it.
/// - Throws: `DifferentiationError`.
public func gradients(
  of output: Variable, by variables: [Variable], differentiable: Bool = false, keepsGraph: Bool = false
) throws -> [Variable] {
  let wanted = Set(variables.map { ObjectIdentifier($0) })
  var found: [ObjectIdentifier: Variable] = [:]
  try walk(
    back: output, to: wanted, differentiable: differentiable, keepsGraph: differentiable || keepsGraph,
    overwrites: false
  ) {
    found[ObjectIdentifier($0)] = $1
  }
  return variables.map { found[ObjectIdentifier($0)] ?? Variable(Tensor.zeros($0.shape)) }
}

/// Takes the same gradients one at a time, each handed to `use` as soon as it is complete and dropped after it, so that
/// they are never all in memory. When `use` is called the rest of the walk no longer reads the variable's value, so an
/// optimiser may change it.
///
/// - Parameters:
///   - output: a variable of one value, whose graph is consumed.
///   - variables: parameters.
///   - keepsGraph: whether the graph stays after all, for gradients of something else that shares it.
///   - use: gets the variable's index in `variables` and its gradient: once for each, the last layer's first, and at the
///     end zeros for those that `output` does not depend on.
/// - Throws: `DifferentiationError`.
public func consumeGradients(
  of output: Variable, by variables: [Variable], keepsGraph: Bool = false,
  _ use: (_ index: Int, _ gradient: Tensor) -> Void
) throws {
  let indices = Dictionary(uniqueKeysWithValues: variables.enumerated().map { (ObjectIdentifier($1), $0) })
  var seen: Set<Int> = []
  try walk(
    back: output, to: Set(indices.keys), differentiable: false, keepsGraph: keepsGraph, overwrites: !keepsGraph
  ) { variable, gradient in
    let index = indices[ObjectIdentifier(variable)]!
    seen.insert(index)
    use(index, gradient.value)
  }
  for (index, variable) in variables.enumerated() where !seen.contains(index) {
    use(index, Tensor.zeros(variable.shape))
  }
}

extension Variable {
  /// The gradient by this variable of one number that is made of it: a force, as part of what a network computes.
  ///
  /// It can be differentiated again where recording is on, and is a constant where it is off. What else hangs on this variable
  /// takes no part in it.
  ///
  /// - Parameter energy: gets a variable of the same value; gives one of one value.
  /// - Throws: what `energy` throws; `DifferentiationError`.
  public func gradient(of energy: (Variable) throws -> Variable) throws -> Variable {
    guard Recording.isOn else {
      let own = Variable.parameter(value)
      return try Recording.on { try gradients(of: energy(own), by: [own])[0].detached }
    }
    let own = isTracked ? reshaped(shape) : Variable.parameter(value)
    return try gradients(of: energy(own), by: [own], differentiable: true)[0]
  }
}

/// Walks from `output` to what it depends on; calls `found` with each wanted variable once its gradient is complete.
/// What no wanted variable lies behind is passed over: its gradients are not computed.
///
/// - Parameter overwrites: whether an operation may write its result over a gradient that nothing in the walk will read;
///   then `found` must not keep what it gets.
private func walk(
  back output: Variable, to wanted: Set<ObjectIdentifier>, differentiable: Bool, keepsGraph: Bool, overwrites: Bool,
  found: (_ variable: Variable, _ gradient: Variable) -> Void
) throws {
  guard output.value.count == 1 else { throw DifferentiationError.notScalar(shape: output.shape) }
  try Recording.$isOn.withValue(differentiable) {
    var gradient: [ObjectIdentifier: Variable] = [:]
    gradient[ObjectIdentifier(output)] = Variable(Tensor(output.shape, repeating: 1))
    var order = sorted(from: output)
    let passedOver = passOver(order, to: wanted)
    defer { for variable in passedOver { variable.isPassedOver = false } }
    // Taken from the end, so that a node and its value are free once the walk has passed them.
    while let node = order.popLast() {
      let identity = ObjectIdentifier(node)
      guard let incoming = gradient.removeValue(forKey: identity) else { continue }
      if wanted.contains(identity) { found(node, incoming) }
      guard let origin = node.origin else { continue }
      guard case .rule(let rule) = origin.backward else {
        throw DifferentiationError.noSecondDerivative(operation: origin.operation)
      }
      // A sum hands one gradient to both of its terms, and a reshaped one shares its values.
      incoming.isScratch =
        overwrites && !gradient.values.contains { $0.value.address == incoming.value.address }
      for (input, part) in zip(origin.inputs, rule(incoming, node)) {
        guard let part, input.requiresGradient else { continue }
        precondition(
          part.shape == input.shape, "\(origin.operation): a gradient of \(part.shape) for an input of \(input.shape)")
        let key = ObjectIdentifier(input)
        gradient[key] = gradient[key].map { $0 + part } ?? part
      }
      if !keepsGraph { node.origin = nil }
    }
  }
}

/// Marks the variables that no wanted one lies behind.
///
/// - Parameter order: inputs before what is made of them.
/// - Returns: those that were marked.
private func passOver(_ order: [Variable], to wanted: Set<ObjectIdentifier>) -> [Variable] {
  var leading: Set<ObjectIdentifier> = []
  var marked: [Variable] = []
  for node in order {
    let identity = ObjectIdentifier(node)
    if wanted.contains(identity)
      || node.origin?.inputs.contains(where: { leading.contains(ObjectIdentifier($0)) }) ?? false
    {
      leading.insert(identity)
    } else if !node.isPassedOver {
      node.isPassedOver = true
      marked.append(node)
    }
  }
  return marked
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
      if input.isTracked, seen.insert(ObjectIdentifier(input)).inserted { stack.append((input, 0)) }
    } else {
      order.append(node)
      stack.removeLast()
    }
  }
  return order
}
