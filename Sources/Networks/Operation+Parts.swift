import Tensors

extension Variable {
  /// A loss that is a sum over images, from parts of the batch, one after the other. The gradients are taken on the way, so that what a
  /// part makes is free before the next; they cannot be differentiated.
  ///
  /// - Parameters:
  ///   - images: in a part, at least 1.
  ///   - weights: what else the loss depends on.
  ///   - slope: what the gradient by the result will be, as far as is known; another one costs a pass over the gradients.
  ///   - loss: of the part of `self` that has these rows, one value.
  func sumOverParts(
    of images: Int, with weights: [Variable], slope: Float, loss: (Variable, Range<Int>) -> Variable
  ) -> Variable {
    let ranges = BatchParts(count: shape[0], most: images).ranges
    guard Recording.isOn else {
      return Variable(
        Tensor(scalar: ranges.reduce(Float(0)) { $0 + loss(Variable(value.part($1)), $1).value.item }))
    }
    let byInput = Tensor(shape, of: value.element) { _ in }
    let sum = GradientSum(weights)
    var total = 0.0
    for range in ranges {
      let part = Variable.parameter(value.part(range))
      let partLoss = loss(part, range)
      total += Double(partLoss.value.item)
      do {
        try sum.add(slope * partLoss, and: part) { byInput.write($0, at: range) }
      } catch {
        preconditionFailure("\(error)")
      }
    }
    let byWeights = sum.finish()
    return .result(of: "sum over parts", Tensor(scalar: Float(total)), inputs: [self] + weights) { gradient, _ in
      precondition(!Recording.isOn, "a loss over parts has no second derivative")
      let factor = gradient.value.item / slope
      return ([byInput] + byWeights).map { Variable(factor == 1 ? $0 : $0.scaled(by: factor)) }
    }
  }
}
