import COneDNN
import ConvolutionKernels
import Tensors

/// The convolution family. Its three members are each other's derivatives, so every order of derivative stays in it:
/// with y = C(x, w) linear in both, the adjoint in x is the transposed convolution T(y, w), and the adjoint in w is
/// W(x, y).
///
/// With a precision of bfloat16, products are taken of numbers rounded to it and added up in float32; images may be kept
/// in it. Weights, biases and their gradients are float32 always.
extension Variable {
  /// activation(C(x, w) + b).
  ///
  /// - Parameters:
  ///   - geometry: kernel, stride and padding.
  ///   - weights: `[output channel, input channel, kernel height, kernel width]`, PyTorch's layout.
  ///   - bias: `[output channel]`; nil for none.
  ///   - activation: applied to the sum, in the same pass.
  ///   - precision: what is multiplied.
  ///   - element: the kind of number of the result; float32 with a precision of float32.
  /// - Returns: `[batch, height, width, output channel]`.
  public func convolution(
    _ geometry: ConvolutionGeometry, weights: Variable, bias: Variable? = nil, activation: Activation = .identity,
    precision: Precision = .float32, keptAs element: ElementType = .float32
  ) -> Variable {
    checkWeights(weights, geometry, inputChannels: shape[3])
    let outputChannels = weights.shape[0]
    var kernelShape = geometry.shape(input: shape, outputChannels: outputChannels)
    let (kind, slope) = activation.fused
    let resultShape = [shape[0], Int(kernelShape.output_height), Int(kernelShape.output_width), outputChannels]
    let result = Tensor(resultShape, of: element) { target in
      requireSuccess(
        precision == .float32
          ? conednn_convolution_forward(
            &kernelShape, value.pointer, weights.value.pointer, bias?.value.pointer, kind, slope,
            target.assumingMemoryBound(to: Float.self))
          : conednn_mixed_convolution_forward(
            &kernelShape, value.source, weights.value.pointer, bias?.value.pointer, kind, slope,
            conednn_target(values: target, element: element.kind)),
        "convolution")
    }
    return .result(of: "convolution", result, inputs: [self, weights] + (bias.map { [$0] } ?? [])) { after, output in
      let gradient = after.throughActivation(activation, output: output)
      let (byWeights, byBias) = self.weightsGradient(
        geometry, outputGradient: gradient, weightsNeeded: weights.requiresGradient,
        biasNeeded: bias?.requiresGradient ?? false, precision: precision)
      return [
        self.requiresGradient
          ? gradient.transposedConvolution(
            geometry, weights: weights, size: Extent(self.shape[1], self.shape[2]), precision: precision,
            keptAs: self.value.element) : nil,
        byWeights,
      ] + (bias == nil ? [] : [byBias])
    }
  }

  /// activation(T(x, w) + b), the transposed convolution.
  ///
  /// - Parameters:
  ///   - geometry: kernel, stride and padding, those of the convolution that this one is the adjoint of.
  ///   - weights: `[input channel, output channel, kernel height, kernel width]`, PyTorch's layout.
  ///   - bias: `[output channel]`; nil for none.
  ///   - activation: applied to the sum, in the same pass.
  ///   - size: the output's height and width; it says what PyTorch calls the output padding.
  ///   - precision: what is multiplied.
  ///   - element: the kind of number of the result; float32 with a precision of float32.
  /// - Returns: `[batch, height, width, output channel]`.
  public func transposedConvolution(
    _ geometry: ConvolutionGeometry, weights: Variable, bias: Variable? = nil, activation: Activation = .identity,
    size: Extent, precision: Precision = .float32, keptAs element: ElementType = .float32
  ) -> Variable {
    precondition(weights.shape.count == 4 && weights.shape[0] == shape[3], "weights \(weights.shape) for \(shape)")
    precondition(geometry.outputSize(size) == Extent(shape[1], shape[2]), "\(size) does not come of \(shape)")
    let resultShape = [shape[0], size.height, size.width, weights.shape[1]]
    var kernelShape = geometry.shape(input: resultShape, outputChannels: shape[3])
    let (kind, slope) = activation.fused
    let result = Tensor(resultShape, of: element) { target in
      requireSuccess(
        precision == .float32
          ? conednn_convolution_transposed(
            &kernelShape, value.pointer, weights.value.pointer, bias?.value.pointer, kind, slope,
            target.assumingMemoryBound(to: Float.self))
          : conednn_mixed_convolution_transposed(
            &kernelShape, value.source, weights.value.pointer, bias?.value.pointer, kind, slope,
            conednn_target(values: target, element: element.kind)),
        "transposed convolution")
    }
    return .result(
      of: "transposed convolution", result, inputs: [self, weights] + (bias.map { [$0] } ?? [])
    ) { after, output in
      let gradient = after.throughActivation(activation, output: output)
      return [
        self.requiresGradient
          ? gradient.convolution(geometry, weights: weights, precision: precision, keptAs: self.value.element) : nil,
        weights.requiresGradient
          ? gradient.weightsGradient(
            geometry, outputGradient: self, weightsNeeded: true, biasNeeded: false, precision: precision
          ).weights : nil,
      ] + (bias.map { [$0.requiresGradient ? gradient.channelSums() : nil] } ?? [])
    }
  }

  /// W(x, y), with the sums of y over all but the channels, which are the bias's gradient.
  private func weightsGradient(
    _ geometry: ConvolutionGeometry, outputGradient: Variable, weightsNeeded: Bool, biasNeeded: Bool,
    precision: Precision
  ) -> (weights: Variable?, bias: Variable?) {
    guard weightsNeeded else { return (nil, biasNeeded ? outputGradient.channelSums() : nil) }
    let inputShape = shape
    let outputChannels = outputGradient.shape[3]
    var kernelShape = geometry.shape(input: inputShape, outputChannels: outputChannels)
    let biasGradient = biasNeeded && !Recording.isOn ? Tensor([outputChannels]) { _ in } : nil
    let result = Tensor([outputChannels, inputShape[3], geometry.kernel.height, geometry.kernel.width]) { target in
      let bias = biasGradient?.address.assumingMemoryBound(to: Float.self)
      requireSuccess(
        precision == .float32
          ? conednn_convolution_weights_gradient(
            &kernelShape, value.pointer, outputGradient.value.pointer, target.baseAddress!, bias)
          : conednn_mixed_convolution_weights_gradient(
            &kernelShape, value.source, outputGradient.value.source, target.baseAddress!, bias),
        "weights gradient")
    }
    let weights = Variable.result(of: "weights gradient", result, inputs: [self, outputGradient]) { second, _ in
      [
        self.requiresGradient
          ? outputGradient.transposedConvolution(
            geometry, weights: second, size: Extent(inputShape[1], inputShape[2]), precision: precision,
            keptAs: self.value.element) : nil,
        outputGradient.requiresGradient
          ? self.convolution(geometry, weights: second, precision: precision, keptAs: outputGradient.value.element)
          : nil,
      ]
    }
    return (weights, biasGradient.map { Variable($0) } ?? (biasNeeded ? outputGradient.channelSums() : nil))
  }

  /// `[batch, height, width, channel]` to `[channel]`.
  func channelSums() -> Variable {
    let (rows, channels) = (value.count / shape[3], shape[3])
    let sums = Tensor([channels]) { target in
      requireSuccess(
        value.element == .float32
          ? conednn_channel_sum(Int64(rows), Int32(channels), value.pointer, target.baseAddress!)
          : conednn_mixed_channel_sum(Int64(rows), Int32(channels), value.halves.baseAddress!, target.baseAddress!),
        "channel sum")
    }
    return .result(of: "channel sums", sums, inputs: [self]) { gradient, _ in
      [gradient.repeated(rows: rows).reshaped(self.shape).converted(to: self.value.element)]
    }
  }

  private func checkWeights(_ weights: Variable, _ geometry: ConvolutionGeometry, inputChannels: Int) {
    precondition(
      shape.count == 4 && weights.shape.count == 4 && weights.shape[1] == inputChannels
        && weights.shape[2] == geometry.kernel.height && weights.shape[3] == geometry.kernel.width,
      "weights of \(weights.shape) do not fit an input of \(shape) and a kernel of \(geometry.kernel)")
  }
}
