import Tensors

extension Variable {
  /// The mean of -log softmax weighted by targets, of shape `[]`: the sum over rows and classes of target times -log
  /// softmax, divided by the sum of all targets.
  ///
  /// - Parameter targets: not negative, `[batch, class]` as this variable: a weight at the true class of each row, or
  ///   shares of several classes.
  public func crossEntropy(targets: Tensor) -> Variable {
    precondition(shape.count == 2 && shape == targets.shape, "targets of \(targets.shape) for scores of \(shape)")
    let total = targets.buffer.reduce(Float(0), +)
    precondition(total > 0, "targets that add up to \(total)")
    return -1 / total * (logSoftmax() * Variable(targets)).sum()
  }
}
