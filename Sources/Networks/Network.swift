import Randomness
import Tensors

/// A feed-forward network built from descriptions of its layers.
///
/// Weights start as PyTorch's do: uniform within 1 / sqrt(fan in) for convolutions and dense layers, one and zero for
/// batch normalisation.
public final class Network: @unchecked Sendable {
  /// What each parameter is called on disk, such as `encoder.0.weight`, and its values; in the order of the layers.
  public let parameters: [(name: String, variable: Variable)]
  /// Running statistics, which are kept but not trained.
  public let statistics: [(name: String, tensor: Tensor)]
  /// The shape of one output, without the batch.
  public let outputShape: [Int]
  /// The most values that a layer makes of one input.
  public let largestOutput: Int
  private let layers: [Layer]
  /// What the layers use in place of their weights; nil for the weights themselves. Set before training or not at all.
  public var reparametrisation: (any Reparametrisation)?

  /// A network with its first weights.
  ///
  /// - Parameters:
  ///   - name: the first part of each parameter's name.
  ///   - numbered: whether the layer's number is the second part; off for a network of one layer.
  ///   - inputShape: the shape of one input without the batch: `[height, width, channel]` or `[feature]`.
  ///   - descriptions: of the layers, from input to output.
  ///   - stream: where the first weights come from.
  /// - Throws: `NetworkError` if a layer does not fit the shape that reaches it.
  public init(
    name: String, numbered: Bool = true, inputShape: [Int], layers descriptions: [LayerDescription],
    stream: RandomStream
  ) throws {
    var builder = NetworkBuilder(inputShape: inputShape, stream: stream)
    layers = try builder.layers(descriptions, name: name, numbered: numbered)
    parameters = builder.parameters
    statistics = builder.statistics
    outputShape = builder.shape
    largestOutput = builder.largest
  }

  /// Applies the layers in order.
  ///
  /// - Parameters:
  ///   - input: `[batch] + inputShape`.
  ///   - training: whether batch normalisation uses this batch's statistics and updates the running ones.
  ///   - leavingOut: how many layers at the end are not applied, to read what a hidden one says; a dense layer and its
  ///     activation are one.
  ///   - precision: what convolutions multiply, and what images are kept in between two of them; the output is float32.
  ///   - differentiatesTwice: whether second derivatives are to be taken, which fused normalisations do not have.
  /// - Returns: `[batch] + outputShape`, or the output of the last layer that is applied.
  public func callAsFunction(
    _ input: Variable, training: Bool, leavingOut: Int = 0, precision: Precision = .float32,
    differentiatesTwice: Bool = false
  ) -> Variable {
    precondition((0...layers.count).contains(leavingOut), "\(leavingOut) of \(layers.count) layers left out")
    return apply(
      layers, 0..<(layers.count - leavingOut), to: input, training: training, precision: precision,
      differentiatesTwice: differentiatesTwice
    ).converted(to: .float32)
  }

  /// Weights of dense layers and convolutions, and their biases; no normalisation's.
  public var layerWeights: [Variable] { layers.flatMap(\.weights) }

  private func effective(_ weights: Variable) -> Variable { reparametrisation?.applied(to: weights) ?? weights }

  /// - Parameter range: which of these layers; the one after them is asked what it reads.
  private func apply(
    _ layers: [Layer], _ range: Range<Int>, to input: Variable, training: Bool, precision: Precision,
    differentiatesTwice: Bool = false
  ) -> Variable {
    var x = input
    for (index, layer) in zip(range, layers[range]) {
      let isBetweenConvolutions = index + 1 < layers.count && layers[index + 1].isConvolution
      let kept = isBetweenConvolutions ? precision.element : .float32
      switch layer {
      case .convolution(let geometry, let weights, let bias, let activation):
        x = x.convolution(
          geometry, weights: effective(weights), bias: bias, activation: activation, precision: precision, keptAs: kept)
      case .transposedConvolution(let geometry, let weights, let bias, let activation, let size):
        x = x.transposedConvolution(
          geometry, weights: effective(weights), bias: bias, activation: activation, size: size, precision: precision,
          keptAs: kept)
      case .batchNormalisation(let normalisation):
        x = normalise(x, normalisation, training: training, differentiatesTwice: differentiatesTwice)
      case .pooledNormalisation(let normalisation, let size, let slope):
        x = pooledNormalise(
          x, normalisation, size: size, slope: slope, training: training, differentiatesTwice: differentiatesTwice)
      case .pooledConvolution(let stage):
        x = pooledConvolve(
          x, stage, weights: effective(stage.weights), training: training, precision: precision,
          differentiatesTwice: differentiatesTwice)
      case .maxPooling(let size): x = x.maxPooled(size)
      case .activation(let activation): x = x.activated(activation)
      case .flatten: x = x.flattened()
      case .unflatten(let size, let channels):
        x = x.unflattened(height: size.height, width: size.width, channels: channels).converted(to: kept)
      case .linear(let weights, let bias, let activation):
        x = x.linear(weights: effective(weights), bias: bias).activated(activation)
      case .residual(let block):
        x =
          x
          + apply(
            block, block.indices, to: x, training: training, precision: precision,
            differentiatesTwice: differentiatesTwice)
      }
    }
    return x
  }

  /// The sum of squared errors of the output, as `sumOfSquaredErrors(from:)` of it; of a large batch the transposed convolutions at
  /// the end are worked off some images at a time. It cannot be differentiated twice then.
  ///
  /// - Parameters:
  ///   - input: `[batch] + inputShape`.
  ///   - target: `[batch] + outputShape`.
  ///   - slope: what the gradient by the result will be, as far as is known; another one costs a pass.
  ///   - training: whether batch normalisation uses this batch's statistics and updates the running ones.
  ///   - precision: what convolutions multiply, and what images are kept in between two of them.
  /// - Returns: one value, of shape `[]`, summed over the batch.
  public func squaredErrors(
    of input: Variable, from target: Tensor, slope: Float, training: Bool, precision: Precision = .float32
  ) -> Variable {
    guard let plan = TailPlan(tail, batch: input.shape[0]) else {
      return self(input, training: training, precision: precision).sumOfSquaredErrors(from: Variable(target))
    }
    let cut = layers.count - plan.layers
    let head = apply(layers, 0..<cut, to: input, training: training, precision: precision)
    let weights = layers[cut...].flatMap(\.transposedWeights)
    return head.sumOverParts(of: plan.images, with: weights, slope: slope) { part, rows in
      apply(layers, cut..<layers.count, to: part, training: training, precision: precision)
        .sumOfSquaredErrors(from: Variable(target.part(rows)))
    }
  }

  /// The transposed convolutions after which nothing comes.
  private var tail: [TailPlan.Layer] {
    layers.reversed().prefix { !$0.transposedWeights.isEmpty }.reversed().map { layer in
      guard case .transposedConvolution(_, let weights, _, _, let size) = layer else { preconditionFailure() }
      return TailPlan.Layer(
        values: size.height * size.width * weights.shape[1], weights: weights.shape.reduce(1, *))
    }
  }
}
