extension Network {
  /// Joins a normalisation of images with the pooling and the (leaky) ReLU that follow it, and with the convolution before it
  /// if the windows are 2 x 2.
  static func fused(_ layers: [Layer], inputIsImage: Bool) -> [Layer] {
    var result: [Layer] = []
    var index = 0
    var isImage = inputIsImage
    while index < layers.count {
      defer { index += 1 }
      switch layers[index] {
      case .convolution, .transposedConvolution, .unflatten: isImage = true
      case .flatten, .linear: isImage = false
      default: break
      }
      guard isImage, case .batchNormalisation(let normalisation) = layers[index] else {
        result.append(layers[index])
        continue
      }
      var size = Extent(1)
      var slope: Float = 1
      if index + 1 < layers.count, case .maxPooling(let extent) = layers[index + 1] {
        size = extent
        index += 1
      }
      if index + 1 < layers.count, case .activation(let activation) = layers[index + 1] {
        switch activation {
        case .relu: slope = 0
        case .leakyReLU(let given) where given >= 0: slope = given
        default: break
        }
        if slope != 1 { index += 1 }
      }
      if size == PooledConvolution.window,
        case .convolution(let geometry, let weights, let bias, .identity) = result.last
      {
        result.removeLast()
        result.append(
          .pooledConvolution(
            PooledConvolution(
              geometry: geometry, weights: weights, bias: bias, normalisation: normalisation, slope: slope)))
      } else {
        result.append(.pooledNormalisation(normalisation, size, slope: slope))
      }
    }
    return result
  }
}
