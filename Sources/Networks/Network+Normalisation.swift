import Tensors

/// Batch normalisation while training, where running statistics follow the batch's, and by them otherwise.
extension Network {
  func pooledNormalise(
    _ x: Variable, _ normalisation: Normalisation, size: Extent, slope: Float, training: Bool,
    differentiatesTwice: Bool
  ) -> Variable {
    let (scale, shift) = (normalisation.scale, normalisation.shift)
    if training, differentiatesTwice, size == Extent(1) {
      return normalise(x, normalisation, training: true, differentiatesTwice: true)
        .activated(slope == 1 ? .identity : .leakyReLU(slope: slope))
    }
    if training {
      let (output, mean, variance) = x.pooledNormalised(
        scale: scale, shift: shift, epsilon: Normalisation.epsilon, size: size, slope: slope)
      follow(mean, variance, rows: x.rowsOfChannels, running: (normalisation.mean, normalisation.variance))
      return output
    }
    guard Recording.isOn else {
      return x.pooledNormalised(
        mean: normalisation.mean, variance: normalisation.variance, scale: scale, shift: shift,
        epsilon: Normalisation.epsilon, size: size, slope: slope)
    }
    let normalised = x.normalised(
      mean: normalisation.mean, variance: normalisation.variance, scale: scale, shift: shift,
      epsilon: Normalisation.epsilon)
    let pooled = size == Extent(1) ? normalised : normalised.maxPooled(size)
    return slope == 1 ? pooled : pooled.activated(.leakyReLU(slope: slope))
  }

  /// In one operation where there is a kernel for it, in two otherwise.
  func pooledConvolve(
    _ x: Variable, _ stage: PooledConvolution, weights: Variable, training: Bool, precision: Precision,
    differentiatesTwice: Bool
  ) -> Variable {
    let normalisation = stage.normalisation
    if precision == .float32, !differentiatesTwice {
      if training, let (output, mean, variance, rows) = stage(x, weights: weights) {
        follow(mean, variance, rows: rows, running: (normalisation.mean, normalisation.variance))
        return output
      }
      if !training, !Recording.isOn, let output = stage.applied(to: x, weights: weights) { return output }
    }
    let convolved = x.convolution(stage.geometry, weights: weights, bias: stage.bias, precision: precision)
    return pooledNormalise(
      convolved, normalisation, size: PooledConvolution.window, slope: stage.slope, training: training,
      differentiatesTwice: differentiatesTwice)
  }

  func normalise(
    _ x: Variable, _ normalisation: Normalisation, training: Bool, differentiatesTwice: Bool
  ) -> Variable {
    let (scale, shift) = (normalisation.scale, normalisation.shift)
    guard training else {
      return x.normalised(
        mean: normalisation.mean, variance: normalisation.variance, scale: scale, shift: shift,
        epsilon: Normalisation.epsilon)
    }
    let (output, mean, variance) =
      differentiatesTwice
      ? x.batchNormalisedStepByStep(scale: scale, shift: shift, epsilon: Normalisation.epsilon)
      : x.batchNormalised(scale: scale, shift: shift, epsilon: Normalisation.epsilon)
    follow(mean, variance, rows: x.rowsOfChannels, running: (normalisation.mean, normalisation.variance))
    return output
  }

  /// Moves the running statistics towards a batch's; the running variance is unbiased, as in PyTorch.
  private func follow(_ batchMean: Tensor, _ batchVariance: Tensor, rows: Int, running: (Tensor, Tensor)) {
    let rows = Float(rows)
    let unbiased = rows > 1 ? rows / (rows - 1) : 1
    let momentum = Normalisation.momentum
    running.0.mutate { running in
      for index in running.indices { running[index] += momentum * (batchMean.buffer[index] - running[index]) }
    }
    running.1.mutate { running in
      for index in running.indices {
        running[index] += momentum * (unbiased * batchVariance.buffer[index] - running[index])
      }
    }
  }
}

extension Variable {
  /// How many values each channel of `[..., channel]` has.
  fileprivate var rowsOfChannels: Int { value.count / shape[shape.count - 1] }
}
