import COneDNN
import ConvolutionKernels
import Tensors

extension Variable {
  /// Batch normalisation by the statistics of this batch, the maximum over windows that do not overlap, and a ReLU or
  /// leaky ReLU, in one operation that keeps nothing but its input: `[batch, height, width, channel]` to
  /// `[batch, height / size, width / size, channel]`, rounded down; rows and columns left over take part in the
  /// statistics alone.
  ///
  /// - Parameters:
  ///   - scale: `[channel]`.
  ///   - shift: `[channel]`.
  ///   - epsilon: added to the variance.
  ///   - size: height and width of a window, in pixels.
  ///   - slope: of the leaky ReLU, at least 0: 0 for a ReLU, 1 for none.
  /// - Returns: the output, and the batch's mean and biased variance, both `[channel]`. The derivative is a fused kernel;
  ///   there is no second one.
  ///
  /// Source: Ioffe and Szegedy, "Batch normalization", ICML 2015, Algorithm 1.
  public func pooledNormalised(
    scale: Variable, shift: Variable, epsilon: Float, size: Extent, slope: Float
  ) -> (output: Variable, mean: Tensor, variance: Tensor) {
    let windows = windows(of: size)
    let channels = shape[3]
    let mean = Tensor([channels]) { _ in }
    let variance = Tensor([channels]) { _ in }
    let result = Tensor(windows.output) { target in
      mean.mutate { mean in
        variance.mutate { variance in
          var kernelShape = windows.kernel
          requireSuccess(
            conednn_pooled_normalisation_forward(
              &kernelShape, epsilon, slope, value.pointer, scale.value.pointer, shift.value.pointer,
              mean.baseAddress!, variance.baseAddress!, target.baseAddress!), "batch normalisation and pooling")
        }
      }
    }
    let name = "batch normalisation and pooling"
    let output = Variable.result(of: name, result, inputs: [self, scale, shift]) { gradient, _ in
      let byScale = Tensor([channels]) { _ in }
      let byShift = Tensor([channels]) { _ in }
      let byInput = Tensor(self.shape) { target in
        byScale.mutate { byScale in
          byShift.mutate { byShift in
            var kernelShape = windows.kernel
            requireSuccess(
              conednn_pooled_normalisation_backward(
                &kernelShape, epsilon, slope, self.value.pointer, gradient.value.pointer, scale.value.pointer,
                shift.value.pointer, mean.pointer, variance.pointer, target.baseAddress!, byScale.baseAddress!,
                byShift.baseAddress!), "derivative of batch normalisation and pooling")
          }
        }
      }
      return [byInput, byScale, byShift].map {
        .lastDerivative(of: name, $0, inputs: [self, scale, gradient])
      }
    }
    return (output, mean, variance)
  }

  /// The same by given statistics and without a derivative, for a network that is only applied.
  func pooledNormalised(
    mean: Tensor, variance: Tensor, scale: Variable, shift: Variable, epsilon: Float, size: Extent, slope: Float
  ) -> Variable {
    let windows = windows(of: size)
    return Variable(
      Tensor(windows.output) { target in
        var kernelShape = windows.kernel
        requireSuccess(
          conednn_pooled_normalisation_inference(
            &kernelShape, epsilon, slope, value.pointer, scale.value.pointer, shift.value.pointer, mean.pointer,
            variance.pointer, target.baseAddress!), "normalisation and pooling")
      })
  }

  private func windows(of size: Extent) -> (kernel: conednn_pooling, output: [Int]) {
    precondition(
      shape.count == 4 && shape[1] >= size.height && shape[2] >= size.width, "a window of \(size) does not fit \(shape)"
    )
    let output = [shape[0], shape[1] / size.height, shape[2] / size.width, shape[3]]
    let kernel = conednn_pooling(
      batch: Int32(shape[0]), channels: Int32(shape[3]), input_height: Int32(shape[1]), input_width: Int32(shape[2]),
      output_height: Int32(output[1]), output_width: Int32(output[2]), kernel_height: Int32(size.height),
      kernel_width: Int32(size.width), stride_height: Int32(size.height), stride_width: Int32(size.width),
      padding_top: 0, padding_left: 0, padding_bottom: 0, padding_right: 0)
    return (kernel, output)
  }
}
