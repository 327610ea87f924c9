/// Floating point operations of networks by the plain formulas: two for each product of a weight.
package enum LayerArithmetic {
  /// For one image.
  package struct Count {
    /// Of one application.
    package var forward = 0.0
    /// Of one training step: the application, and the gradients of the weights and, but for the first layer that has
    /// any, of its input.
    package var training = 0.0
  }

  /// - Parameter inputNeedsGradient: whether something before these layers is trained too.
  package static func count(_ layers: [LayerDescription], input: [Int], inputNeedsGradient: Bool) -> (
    Count, output: [Int]
  ) {
    var shape = input
    var count = Count()
    var needsGradient = inputNeedsGradient
    func add(_ operations: Int) {
      count.forward += Double(operations)
      count.training += Double(operations) * (needsGradient ? 3 : 2)
      needsGradient = true
    }
    for layer in layers {
      switch layer {
      case .convolution(let channels, let geometry, _):
        let size = geometry.outputSize(Extent(shape[0], shape[1]))
        add(2 * size.height * size.width * channels * shape[2] * geometry.kernel.height * geometry.kernel.width)
        shape = [size.height, size.width, channels]
      case .transposedConvolution(let channels, let geometry, let outputPadding, _):
        let size = geometry.transposedSize(Extent(shape[0], shape[1]), outputPadding: outputPadding)
        add(2 * shape[0] * shape[1] * channels * shape[2] * geometry.kernel.height * geometry.kernel.width)
        shape = [size.height, size.width, channels]
      case .linear(let outputs, _):
        add(2 * shape[0] * outputs)
        shape = [outputs]
      case .maxPooling(let size): shape = [shape[0] / size.height, shape[1] / size.width, shape[2]]
      case .flatten: shape = [shape.reduce(1, *)]
      case .unflatten(let size, let channels): shape = [size.height, size.width, channels]
      case .residual(let block):
        let (inner, _) = Self.count(block, input: shape, inputNeedsGradient: needsGradient)
        count.forward += inner.forward
        count.training += inner.training
        needsGradient = needsGradient || inner.forward > 0
      case .batchNormalisation, .activation: break
      }
    }
    return (count, shape)
  }

  /// For one image of a variational autoencoder.
  package static func count(_ architecture: VAELayers, latentDimensions: Int) -> Count {
    let (encoder, features) = count(architecture.encoder, input: architecture.input, inputNeedsGradient: false)
    let heads: [LayerDescription] = [.linear(outputs: latentDimensions, activation: .identity)]
    let (head, _) = count(heads, input: features, inputNeedsGradient: true)
    let (decoder, _) = count(architecture.decoder, input: [latentDimensions], inputNeedsGradient: true)
    return Count(
      forward: encoder.forward + 2 * head.forward + decoder.forward,
      training: encoder.training + 2 * head.training + decoder.training)
  }

  /// The layers of a variational autoencoder and the shape of its images.
  package struct VAELayers {
    package var input: [Int]
    package var encoder: [LayerDescription]
    package var decoder: [LayerDescription]

    package init(input: [Int], encoder: [LayerDescription], decoder: [LayerDescription]) {
      (self.input, self.encoder, self.decoder) = (input, encoder, decoder)
    }
  }
}
