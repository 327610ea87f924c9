/// One layer of a network as data. A list of these is an architecture.
///
/// Names of parameters count layers as PyTorch's `nn.Sequential` does when each fused activation is a module of its
/// own, so that weights on disk carry PyTorch's names.
public enum LayerDescription: Codable, Sendable, Equatable {
  /// `[batch, height, width, channel]` to `channels` channels.
  case convolution(channels: Int, ConvolutionGeometry, activation: Activation)
  /// `[batch, height, width, channel]` to `channels` channels; `outputPadding` as in PyTorch.
  case transposedConvolution(channels: Int, ConvolutionGeometry, outputPadding: Extent, activation: Activation)
  /// Over the last axis.
  case batchNormalisation
  /// Windows of this size that do not overlap.
  case maxPooling(Extent)
  case activation(Activation)
  /// `[batch, height, width, channel]` to `[batch, channel * height * width]`.
  case flatten
  /// `[batch, channels * height * width]` to `[batch, height, width, channels]`.
  case unflatten(Extent, channels: Int)
  /// `[batch, feature]` to `outputs` features.
  case linear(outputs: Int, activation: Activation)
  /// What these layers make, added to what reaches them, of the same shape. One module, whose inner layers are counted from
  /// 0 in a `conv_block` of its own: the weights of its second layer are `encoder.3.conv_block.1.weight` where it is
  /// number 3 of the encoder.
  ///
  /// Source: He and others, "Deep residual learning for image recognition", CVPR 2016, Eq. 1.
  case residual([LayerDescription])

  /// How many modules PyTorch has for it.
  package var moduleCount: Int {
    switch self {
    case .convolution(_, _, let activation), .transposedConvolution(_, _, _, let activation),
      .linear(_, let activation):
      activation == .identity ? 1 : 2
    default: 1
    }
  }
}

/// What can be wrong with an architecture for a given input.
public enum NetworkError: Error, Equatable, CustomStringConvertible {
  /// A window is larger than the image that reaches it.
  case imageTooSmall(layer: String, height: Int, width: Int)
  /// A layer got a rank it cannot take.
  case wrongRank(layer: String, shape: [Int])
  /// Weights on disk are not those of this network.
  case weights(path: String, problem: String)

  public var description: String {
    switch self {
    case .imageTooSmall(let layer, let height, let width):
      "The network's \(layer) does not fit an image that is \(height) x \(width) where it is reached; "
        + "use larger images or a network with fewer stages."
    case .wrongRank(let layer, let shape):
      "The network's \(layer) cannot take values of shape \(shape)."
    case .weights(let path, let problem):
      "\(path): \(problem); train the model again or give the file that belongs to it."
    }
  }
}
