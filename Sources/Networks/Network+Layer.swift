import Tensors

extension Network {
  /// One layer with its weights.
  enum Layer {
    case convolution(ConvolutionGeometry, weights: Variable, bias: Variable, Activation)
    case transposedConvolution(ConvolutionGeometry, weights: Variable, bias: Variable, Activation, size: Extent)
    case batchNormalisation(Normalisation)
    /// What of these stands together, over images: normalisation, pooling (1 x 1 for none), a leaky ReLU (slope 1 for none).
    case pooledNormalisation(Normalisation, Extent, slope: Float)
    /// A convolution, and such a normalisation that pools in windows of 2 x 2.
    case pooledConvolution(PooledConvolution)
    case maxPooling(Extent)
    case activation(Activation)
    case flatten
    case unflatten(Extent, channels: Int)
    case linear(weights: Variable, bias: Variable, Activation)
    case residual([Layer])

    /// Weights and bias of a transposed convolution; none of other layers.
    var transposedWeights: [Variable] {
      if case .transposedConvolution(_, let weights, let bias, _, _) = self { [weights, bias] } else { [] }
    }

    /// Weights and bias of a layer that has them; those of all layers of a block.
    var weights: [Variable] {
      switch self {
      case .convolution(_, let weights, let bias, _), .transposedConvolution(_, let weights, let bias, _, _),
        .linear(let weights, let bias, _):
        [weights, bias]
      case .pooledConvolution(let stage): [stage.weights, stage.bias]
      case .residual(let block): block.flatMap(\.weights)
      default: []
      }
    }

    var isConvolution: Bool {
      switch self {
      case .convolution, .transposedConvolution, .pooledConvolution: true
      default: false
      }
    }
  }

  /// What a batch normalisation learns, `[channel]` each.
  struct Normalisation {
    let scale: Variable
    let shift: Variable
    /// Running statistics.
    let mean: Tensor
    let variance: Tensor

    /// Added to the variance, as in PyTorch.
    static let epsilon: Float = 1e-5
    /// How far a batch moves the running statistics, as in PyTorch.
    static let momentum: Float = 0.1
  }
}
