import COneDNN
import Tensors

extension Variable {
  /// Batch normalisation over all axes but the last, by the statistics of this batch.
  ///
  /// - Parameters:
  ///   - scale: `[channel]`.
  ///   - shift: `[channel]`.
  ///   - epsilon: added to the variance.
  /// - Returns: the normalised values, and the batch's mean and biased variance, both `[channel]`. The derivative is
  ///   a fused kernel; there is no second one.
  ///
  /// Source: Ioffe and Szegedy, "Batch normalization", ICML 2015, Algorithm 1.
  public func batchNormalised(
    scale: Variable, shift: Variable, epsilon: Float
  ) -> (output: Variable, mean: Tensor, variance: Tensor) {
    let channels = shape[shape.count - 1]
    let rows = Int64(value.count / channels)
    let mean = Tensor([channels]) { _ in }
    let variance = Tensor([channels]) { _ in }
    let result = Tensor(shape) { target in
      mean.mutate { mean in
        variance.mutate { variance in
          requireSuccess(
            conednn_normalisation_forward(
              rows, Int32(channels), epsilon, value.pointer, scale.value.pointer, shift.value.pointer,
              mean.baseAddress!, variance.baseAddress!, target.baseAddress!), "batch normalisation")
        }
      }
    }
    let output = Variable.result(of: "batch normalisation", result, inputs: [self, scale, shift]) { gradient, _ in
      let byScale = Tensor([channels]) { _ in }
      let byShift = Tensor([channels]) { _ in }
      let byInput = Tensor(self.shape) { target in
        byScale.mutate { byScale in
          byShift.mutate { byShift in
            requireSuccess(
              conednn_normalisation_backward(
                rows, Int32(channels), epsilon, self.value.pointer, gradient.value.pointer, scale.value.pointer,
                mean.pointer, variance.pointer, target.baseAddress!, byScale.baseAddress!, byShift.baseAddress!),
              "derivative of batch normalisation")
          }
        }
      }
      return [byInput, byScale, byShift].map {
        .lastDerivative(of: "batch normalisation", $0, inputs: [self, scale, gradient])
      }
    }
    return (output, mean, variance)
  }

  /// The same of single operations, slower, with derivatives of every order.
  public func batchNormalisedStepByStep(
    scale: Variable, shift: Variable, epsilon: Float
  ) -> (output: Variable, mean: Tensor, variance: Tensor) {
    let channels = shape[shape.count - 1]
    let rows = value.count / channels
    let flat = reshaped([rows, channels])
    let mean = 1 / Float(rows) * flat.sumOverRows()
    let centred = flat - mean.repeated(rows: rows)
    let variance = 1 / Float(rows) * centred.squared().sumOverRows()
    let slope = scale * (epsilon + variance).squareRoot().reciprocal()
    let output = centred * slope.repeated(rows: rows) + shift.repeated(rows: rows)
    return (output.reshaped(shape), mean.value, variance.value)
  }

  /// Batch normalisation by given statistics, for a network that is applied and not trained.
  public func normalised(
    mean: Tensor, variance: Tensor, scale: Variable, shift: Variable, epsilon: Float
  ) -> Variable {
    let channels = shape[shape.count - 1]
    let result = Tensor(shape) { target in
      requireSuccess(
        conednn_normalisation_inference(
          Int64(value.count / channels), Int32(channels), epsilon, value.pointer, scale.value.pointer,
          shift.value.pointer, mean.pointer, variance.pointer, target.baseAddress!), "normalisation")
    }
    // The slope of each channel, repeated over the pixels.
    let rows = value.count / channels
    return .result(of: "normalisation", result, inputs: [self, scale, shift]) { gradient, _ in
      let deviation = Variable(variance.map { 1 / ($0 + epsilon).squareRoot() })
      let flat = gradient.reshaped([rows, channels])
      let centred = self.reshaped([rows, channels]) - Variable(mean).repeated(rows: rows)
      return [
        (flat * (scale * deviation).repeated(rows: rows)).reshaped(self.shape),
        scale.requiresGradient ? (flat * centred * deviation.repeated(rows: rows)).sumOverRows() : nil,
        shift.requiresGradient ? flat.sumOverRows() : nil,
      ]
    }
  }
}
