import ConvolutionKernels
import Tensors

/// A convolution with all that follows it in a stage of a classifier, in one operation that need not keep the convolution's
/// output, the largest values of the whole network.
struct PooledConvolution {
  let geometry: ConvolutionGeometry
  let weights: Variable
  let bias: Variable
  let normalisation: Network.Normalisation
  /// Of the leaky ReLU.
  let slope: Float

  static let window = Extent(2)
  /// Places across, from which on the kernel of several channels is taken: what a line costs whatever its length is lost on short
  /// ones. With 64 channels on 4 x 4 places it takes three times as long as one operation after the other; on 8 x 8 both are alike.
  static let shortestLine = 12

  /// What the backward pass is handed of one image; nil where no kernel takes the shape.
  ///
  /// - Parameter input: `[height, width, channel]`.
  static func keptBytes(
    _ geometry: ConvolutionGeometry, input: [Int], outputChannels: Int, inputGradient: Bool
  ) -> Int? {
    var kernel = conednn_pooled_convolution(
      convolution: geometry.shape(input: [1] + input, outputChannels: outputChannels),
      epsilon: Network.Normalisation.epsilon, slope: 1)
    guard Self.suits(&kernel, inputGradient) else { return nil }
    var bytes = 0
    requireSuccess(conednn_pooled_convolution_kept_size(&kernel, &bytes), name)
    return bytes
  }

  /// The stage for the kernel; nil where there is none for images of this shape.
  ///
  /// - Parameter inputGradient: whether the gradient by the input will be asked for.
  private func kernel(for input: [Int], inputGradient: Bool) -> conednn_pooled_convolution? {
    let convolution = geometry.shape(input: input, outputChannels: weights.shape[0])
    var kernel = conednn_pooled_convolution(
      convolution: convolution, epsilon: Network.Normalisation.epsilon, slope: slope)
    return Self.suits(&kernel, inputGradient) ? kernel : nil
  }

  /// Whether there is a kernel, and it is the fastest way.
  private static func suits(_ kernel: inout conednn_pooled_convolution, _ inputGradient: Bool) -> Bool {
    conednn_has_pooled_convolution(&kernel, inputGradient ? 1 : 0) == 1
      && (kernel.convolution.input_channels == 1 || Int(kernel.convolution.output_width) >= shortestLine)
  }

  private func outputShape(_ kernel: conednn_pooled_convolution) -> [Int] {
    let convolution = kernel.convolution
    return [
      Int(convolution.batch), Int(convolution.output_height) / 2, Int(convolution.output_width) / 2,
      Int(convolution.output_channels),
    ]
  }

  /// Convolution, normalisation by the statistics of this batch, the maximum over windows of 2 x 2, leaky ReLU:
  /// `[batch, height, width, input channel]` to half of the convolution's height and width, rounded down, and its channels.
  ///
  /// - Parameter weights: what the convolution uses as its weights.
  /// - Returns: nil where no kernel takes the shape; else the output, and the convolution's mean and biased variance, both
  ///   `[output channel]`, over so many rows. The derivative is a fused kernel; there is no second one.
  func callAsFunction(_ input: Variable, weights: Variable) -> (
    output: Variable, mean: Tensor, variance: Tensor, rows: Int
  )? {
    let needsInputGradient = Recording.isOn && input.requiresGradient
    guard let kernel = kernel(for: input.shape, inputGradient: needsInputGradient) else { return nil }
    var shape = kernel
    let (scale, shift) = (normalisation.scale, normalisation.shift)
    let channels = weights.shape[0]
    var keptBytes = 0
    requireSuccess(conednn_pooled_convolution_kept_size(&shape, &keptBytes), Self.name)
    let kept = Tensor([(keptBytes + 3) / 4]) { _ in }
    let mean = Tensor([channels]) { _ in }
    let variance = Tensor([channels]) { _ in }
    let result = Tensor(outputShape(kernel)) { target in
      mean.mutate { mean in
        variance.mutate { variance in
          kept.mutate { kept in
            requireSuccess(
              conednn_pooled_convolution_forward(
                &shape, input.value.pointer, weights.value.pointer, bias.value.pointer, scale.value.pointer,
                shift.value.pointer, mean.baseAddress!, variance.baseAddress!, target.baseAddress!, kept.baseAddress!),
              Self.name)
          }
        }
      }
    }
    let inputs = [input, weights, bias, scale, shift]
    let output = Variable.result(of: Self.name, result, inputs: inputs) { [bias] gradient, _ in
      let byInput = input.requiresGradient ? Tensor(input.shape) { _ in } : nil
      let byScale = Tensor([channels]) { _ in }
      let byShift = Tensor([channels]) { _ in }
      let byWeights = Tensor(weights.shape) { target in
        byScale.mutate { byScale in
          byShift.mutate { byShift in
            var shape = kernel
            requireSuccess(
              conednn_pooled_convolution_backward(
                &shape, input.value.pointer, gradient.value.pointer, weights.value.pointer, bias.value.pointer,
                scale.value.pointer, shift.value.pointer, mean.pointer, variance.pointer, kept.pointer,
                byInput?.address.assumingMemoryBound(to: Float.self), target.baseAddress!, byScale.baseAddress!,
                byShift.baseAddress!), "derivative of \(Self.name)")
          }
        }
      }
      let byBias = Tensor.zeros([channels])
      return [byInput, byWeights, byBias, byScale, byShift].map { part in
        part.map { .lastDerivative(of: Self.name, $0, inputs: [input, weights, scale, gradient]) }
      }
    }
    let rows =
      Int(kernel.convolution.batch) * Int(kernel.convolution.output_height) * Int(kernel.convolution.output_width)
    return (output, mean, variance, rows)
  }

  /// The same by the running statistics and without a derivative, for a network that is only applied.
  func applied(to input: Variable, weights: Variable) -> Variable? {
    guard var shape = kernel(for: input.shape, inputGradient: false) else { return nil }
    return Variable(
      Tensor(outputShape(shape)) { target in
        requireSuccess(
          conednn_pooled_convolution_inference(
            &shape, input.value.pointer, weights.value.pointer, bias.value.pointer, normalisation.scale.value.pointer,
            normalisation.shift.value.pointer, normalisation.mean.pointer, normalisation.variance.pointer,
            target.baseAddress!), Self.name)
      })
  }

  private static let name = "convolution, batch normalisation and pooling"
}
