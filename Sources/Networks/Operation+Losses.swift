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

  /// The sum of squared differences of each row from its target, `[row]`.
  ///
  /// - Parameters:
  ///   - target: constant; `shape` with one row for each `times` rows.
  ///   - times: how many rows that follow each other have one target.
  public func squaredErrorsOfRows(from target: Tensor, times: Int = 1) -> Variable {
    precondition(
      shape[0] == target.shape[0] * times && shape.dropFirst() == target.shape.dropFirst(),
      "\(shape) against \(times) times \(target.shape)")
    let rows = shape[0]
    let width = rows == 0 ? 0 : value.count / rows
    let result = Tensor([rows]) { sums in
      let (values, targets) = (value.buffer, target.buffer)
      ComputeThreads.split(rows) { range in
        for row in range {
          let (first, second) = (row * width, row / times * width)
          var lanes = SIMD8<Double>()
          for place in 0..<width {
            let difference = Double(values[first + place] - targets[second + place])
            lanes[place & 7] += difference * difference
          }
          sums[row] = Float(lanes.sum())
        }
      }
    }
    return .result(of: "squared errors of rows", result, inputs: [self]) { gradient, _ in
      [gradient.spreadOverErrors(of: self, from: target, times: times)]
    }
  }

  /// 2 g_i (x_i - y_i) for the rows x_i of a variable, from a number g_i for each, `self`.
  private func spreadOverErrors(of variable: Variable, from target: Tensor, times: Int) -> Variable {
    let rows = variable.shape[0]
    let width = variable.value.count / max(rows, 1)
    let result = Tensor(variable.shape) { result in
      let (values, targets, slopes) = (variable.value.buffer, target.buffer, value.buffer)
      ComputeThreads.split(rows) { range in
        for row in range {
          let (first, second, slope) = (row * width, row / times * width, 2 * slopes[row])
          for place in 0..<width {
            result[first + place] = slope * (values[first + place] - targets[second + place])
          }
        }
      }
    }
    return .result(of: "derivative of squared errors of rows", result, inputs: [self, variable]) { second, _ in
      // By g: 2 sum (x - y) s; by x: 2 g s.
      let flat = second.reshaped([rows, width])
      let ones = Variable(Tensor([rows], repeating: 1))
      return [
        self.requiresGradient
          ? (ones.spreadOverErrors(of: variable, from: target, times: times).reshaped([rows, width]) * flat)
            .sumOverColumns() : nil,
        variable.requiresGradient
          ? ((2 * self).repeated(columns: width) * flat).reshaped(variable.shape) : nil,
      ]
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
