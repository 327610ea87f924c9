import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Variable {
  /// The sum of squared differences from another variable of the same shape, of shape `[]`.
  public func sumOfSquaredErrors(from target: Variable) -> Variable {
    let result = Tensor(scalar: Float(value.sumOfSquaredDifferences(target.value)))
    return .result(of: "sum of squared errors", result, inputs: [self, target]) { gradient, _ in
      guard Recording.isOn || target.requiresGradient else {
        let factor = 2 * gradient.value.item
        return [Variable(self.value.zip(target.value) { factor * ($0 - $1) }), nil]
      }
      let difference = (2 * (self - target)).scaled(by: gradient)
      return [difference, target.requiresGradient ? -difference : nil]
    }
  }

  /// The logarithm of the softmax over each row of `[batch, class]`.
  public func logSoftmax() -> Variable {
    precondition(shape.count == 2, "a row of classes for each image, not \(shape)")
    let classes = shape[1]
    let result = Tensor(shape) { target in
      for row in 0..<shape[0] {
        let scores = value.buffer[(row * classes)..<((row + 1) * classes)]
        let largest = scores.max() ?? 0
        let total = scores.reduce(Float(0)) { $0 + exp($1 - largest) }
        for (offset, score) in scores.enumerated() { target[row * classes + offset] = score - largest - log(total) }
      }
    }
    return .result(of: "log softmax", result, inputs: [self]) { gradient, output in
      [gradient - output.exponential() * gradient.rowSumsSpread()]
    }
  }

  /// The mean over the batch of -log softmax at the true class.
  ///
  /// - Parameter labels: the class of each row, 0 ..< classes.
  public func crossEntropy(labels: [Int]) -> Variable {
    precondition(shape.count == 2 && shape[0] == labels.count, "\(labels.count) labels for scores of \(shape)")
    let classes = shape[1]
    let indicator = Tensor(shape) { target in
      target.update(repeating: 0)
      for (row, label) in labels.enumerated() {
        precondition(label >= 0 && label < classes, "label \(label) of \(classes) classes")
        target[row * classes + label] = 1
      }
    }
    return -1 / Float(labels.count) * (logSoftmax() * Variable(indicator)).sum()
  }

  /// The Kullback-Leibler divergence of N(mean, diag(exp(log-variance))) from N(0, I), summed over the batch.
  ///
  /// `self` holds the means, `[batch, latent dimension]`.
  ///
  /// Source: Kingma and Welling, "Auto-encoding variational Bayes", ICLR 2014, appendix B.
  public func gaussianDivergence(logVariance: Variable) -> Variable {
    0.5 * (squared() + logVariance.exponential() - logVariance - Variable(Tensor(shape, repeating: 1))).sum()
  }
}
