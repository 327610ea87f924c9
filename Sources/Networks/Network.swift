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

  private enum Layer {
    case convolution(ConvolutionGeometry, weights: Variable, bias: Variable, Activation)
    case transposedConvolution(ConvolutionGeometry, weights: Variable, bias: Variable, Activation, size: Extent)
    case batchNormalisation(scale: Variable, shift: Variable, mean: Tensor, variance: Tensor)
    /// What of these stands together, over images: normalisation, pooling (1 x 1 for none), a leaky ReLU (slope 1 for none).
    case pooledNormalisation(Normalisation, Extent, slope: Float)
    case maxPooling(Extent)
    case activation(Activation)
    case flatten
    case unflatten(Extent, channels: Int)
    case linear(weights: Variable, bias: Variable, Activation)

    /// Weights and bias of a transposed convolution; none of other layers.
    var transposedWeights: [Variable] {
      if case .transposedConvolution(_, let weights, let bias, _, _) = self { [weights, bias] } else { [] }
    }

    var isConvolution: Bool {
      switch self {
      case .convolution, .transposedConvolution: true
      default: false
      }
    }
  }

  private struct Normalisation {
    let scale: Variable
    let shift: Variable
    let mean: Tensor
    let variance: Tensor
  }

  private static let normalisationEpsilon: Float = 1e-5
  private static let normalisationMomentum: Float = 0.1

  /// - Parameters:
  ///   - name: the first part of each parameter's name.
  ///   - numbered: whether the layer's number is the second part; off for a network of one layer.
  ///   - inputShape: the shape of one input without the batch: `[height, width, channel]` or `[feature]`.
  ///   - stream: where the first weights come from.
  /// - Throws: `NetworkError` if a layer does not fit the shape that reaches it.
  public init(
    name: String, numbered: Bool = true, inputShape: [Int], layers descriptions: [LayerDescription],
    stream: RandomStream
  ) throws {
    var shape = inputShape
    var parameters: [(name: String, variable: Variable)] = []
    var statistics: [(name: String, tensor: Tensor)] = []
    var layers: [Layer] = []
    var module = 0
    var largest = 0

    func path(_ part: String) -> String { numbered ? "\(name).\(module).\(part)" : "\(name).\(part)" }
    func parameter(_ part: String, _ value: Tensor) -> Variable {
      let variable = Variable.parameter(value)
      parameters.append((path(part), variable))
      return variable
    }
    func uniform(_ part: String, _ shape: [Int], fanIn: Int) -> Variable {
      var source = stream.substream(path(part))
      let bound = 1 / Double(fanIn).squareRoot()
      return parameter(
        part, Tensor(shape) { for index in $0.indices { $0[index] = Float(source.uniform(-bound, bound)) } })
    }
    func requireImage(_ layer: String) throws {
      guard shape.count == 3 else { throw NetworkError.wrongRank(layer: layer, shape: shape) }
    }
    func requireFeatures(_ layer: String) throws {
      guard shape.count == 1 else { throw NetworkError.wrongRank(layer: layer, shape: shape) }
    }

    for description in descriptions {
      switch description {
      case .convolution(let channels, let geometry, let activation):
        try requireImage("convolution")
        let padded = Extent(shape[0] + 2 * geometry.padding.height, shape[1] + 2 * geometry.padding.width)
        guard padded.height >= geometry.kernel.height, padded.width >= geometry.kernel.width else {
          throw NetworkError.imageTooSmall(layer: "convolution", height: shape[0], width: shape[1])
        }
        let size = geometry.outputSize(Extent(shape[0], shape[1]))
        let area = geometry.kernel.height * geometry.kernel.width
        let weights = uniform(
          "weight", [channels, shape[2], geometry.kernel.height, geometry.kernel.width], fanIn: shape[2] * area)
        let bias = uniform("bias", [channels], fanIn: shape[2] * area)
        layers.append(.convolution(geometry, weights: weights, bias: bias, activation))
        shape = [size.height, size.width, channels]
      case .transposedConvolution(let channels, let geometry, let outputPadding, let activation):
        try requireImage("transposed convolution")
        let size = geometry.transposedSize(Extent(shape[0], shape[1]), outputPadding: outputPadding)
        guard size.height > 0, size.width > 0 else {
          throw NetworkError.imageTooSmall(layer: "transposed convolution", height: shape[0], width: shape[1])
        }
        let area = geometry.kernel.height * geometry.kernel.width
        let weights = uniform(
          "weight", [shape[2], channels, geometry.kernel.height, geometry.kernel.width], fanIn: channels * area)
        let bias = uniform("bias", [channels], fanIn: channels * area)
        layers.append(.transposedConvolution(geometry, weights: weights, bias: bias, activation, size: size))
        shape = [size.height, size.width, channels]
      case .batchNormalisation:
        let channels = shape[shape.count - 1]
        let scale = parameter("weight", Tensor([channels], repeating: 1))
        let shift = parameter("bias", Tensor([channels], repeating: 0))
        let mean = Tensor([channels], repeating: 0)
        let variance = Tensor([channels], repeating: 1)
        statistics.append((path("running_mean"), mean))
        statistics.append((path("running_var"), variance))
        layers.append(.batchNormalisation(scale: scale, shift: shift, mean: mean, variance: variance))
      case .maxPooling(let size):
        try requireImage("max pooling")
        guard shape[0] >= size.height, shape[1] >= size.width else {
          throw NetworkError.imageTooSmall(layer: "max pooling", height: shape[0], width: shape[1])
        }
        shape = [shape[0] / size.height, shape[1] / size.width, shape[2]]
        layers.append(.maxPooling(size))
      case .activation(let activation):
        layers.append(.activation(activation))
      case .flatten:
        try requireImage("flattening")
        shape = [shape.reduce(1, *)]
        layers.append(.flatten)
      case .unflatten(let size, let channels):
        try requireFeatures("unflattening")
        precondition(
          shape[0] == size.height * size.width * channels, "\(shape) values do not fill \(size) x \(channels)")
        shape = [size.height, size.width, channels]
        layers.append(.unflatten(size, channels: channels))
      case .linear(let outputs, let activation):
        try requireFeatures("dense layer")
        let weights = uniform("weight", [outputs, shape[0]], fanIn: shape[0])
        let bias = uniform("bias", [outputs], fanIn: shape[0])
        layers.append(.linear(weights: weights, bias: bias, activation))
        shape = [outputs]
      }
      largest = max(largest, shape.reduce(1, *))
      module += description.moduleCount
    }
    self.parameters = parameters
    self.statistics = statistics
    self.layers = Self.fused(layers, inputIsImage: inputShape.count == 3)
    outputShape = shape
    largestOutput = largest
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
      0..<(layers.count - leavingOut), to: input, training: training, precision: precision,
      differentiatesTwice: differentiatesTwice
    ).converted(to: .float32)
  }

  /// Weights of dense layers and convolutions, and their biases; no normalisation's.
  public var layerWeights: [Variable] {
    layers.flatMap { layer -> [Variable] in
      switch layer {
      case .convolution(_, let weights, let bias, _), .transposedConvolution(_, let weights, let bias, _, _),
        .linear(let weights, let bias, _):
        return [weights, bias]
      default: return []
      }
    }
  }

  private func effective(_ weights: Variable) -> Variable { reparametrisation?.applied(to: weights) ?? weights }

  private func apply(
    _ range: Range<Int>, to input: Variable, training: Bool, precision: Precision, differentiatesTwice: Bool = false
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
      case .batchNormalisation(let scale, let shift, let mean, let variance):
        x =
          training
          ? normalise(
            x, scale: scale, shift: shift, mean: mean, variance: variance, differentiatesTwice: differentiatesTwice)
          : x.normalised(
            mean: mean, variance: variance, scale: scale, shift: shift, epsilon: Self.normalisationEpsilon)
      case .pooledNormalisation(let normalisation, let size, let slope):
        x = pooledNormalise(
          x, normalisation, size: size, slope: slope, training: training, differentiatesTwice: differentiatesTwice)
      case .maxPooling(let size): x = x.maxPooled(size)
      case .activation(let activation): x = x.activated(activation)
      case .flatten: x = x.flattened()
      case .unflatten(let size, let channels):
        x = x.unflattened(height: size.height, width: size.width, channels: channels).converted(to: kept)
      case .linear(let weights, let bias, let activation):
        x = x.linear(weights: effective(weights), bias: bias).activated(activation)
      }
    }
    return x
  }

  /// The sum of squared errors of the output, as `sumOfSquaredErrors(from:)` of it; of a large batch the transposed convolutions at
  /// the end are worked off some images at a time. It cannot be differentiated twice then.
  ///
  /// - Parameters:
  ///   - target: `[batch] + outputShape`.
  ///   - slope: what the gradient by the result will be, as far as is known; another one costs a pass.
  public func squaredErrors(
    of input: Variable, from target: Tensor, slope: Float, training: Bool, precision: Precision = .float32
  ) -> Variable {
    guard let plan = TailPlan(tail, batch: input.shape[0]) else {
      return self(input, training: training, precision: precision).sumOfSquaredErrors(from: Variable(target))
    }
    let cut = layers.count - plan.layers
    let head = apply(0..<cut, to: input, training: training, precision: precision)
    let weights = layers[cut...].flatMap(\.transposedWeights)
    return head.sumOverParts(of: plan.images, with: weights, slope: slope) { part, rows in
      apply(cut..<layers.count, to: part, training: training, precision: precision)
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

  /// Joins a normalisation of images with the pooling and the (leaky) ReLU that follow it.
  private static func fused(_ layers: [Layer], inputIsImage: Bool) -> [Layer] {
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
      guard isImage, case .batchNormalisation(let scale, let shift, let mean, let variance) = layers[index] else {
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
      result.append(
        .pooledNormalisation(
          Normalisation(scale: scale, shift: shift, mean: mean, variance: variance), size, slope: slope))
    }
    return result
  }

  private func pooledNormalise(
    _ x: Variable, _ normalisation: Normalisation, size: Extent, slope: Float, training: Bool,
    differentiatesTwice: Bool
  ) -> Variable {
    let (scale, shift) = (normalisation.scale, normalisation.shift)
    if training, differentiatesTwice, size == Extent(1) {
      return normalise(
        x, scale: scale, shift: shift, mean: normalisation.mean, variance: normalisation.variance,
        differentiatesTwice: true
      ).activated(slope == 1 ? .identity : .leakyReLU(slope: slope))
    }
    if training {
      let (output, mean, variance) = x.pooledNormalised(
        scale: scale, shift: shift, epsilon: Self.normalisationEpsilon, size: size, slope: slope)
      follow(mean, variance, of: x, running: (normalisation.mean, normalisation.variance))
      return output
    }
    guard Recording.isOn else {
      return x.pooledNormalised(
        mean: normalisation.mean, variance: normalisation.variance, scale: scale, shift: shift,
        epsilon: Self.normalisationEpsilon, size: size, slope: slope)
    }
    let normalised = x.normalised(
      mean: normalisation.mean, variance: normalisation.variance, scale: scale, shift: shift,
      epsilon: Self.normalisationEpsilon)
    let pooled = size == Extent(1) ? normalised : normalised.maxPooled(size)
    return slope == 1 ? pooled : pooled.activated(.leakyReLU(slope: slope))
  }

  private func normalise(
    _ x: Variable, scale: Variable, shift: Variable, mean: Tensor, variance: Tensor, differentiatesTwice: Bool
  ) -> Variable {
    let (output, batchMean, batchVariance) =
      differentiatesTwice
      ? x.batchNormalisedStepByStep(scale: scale, shift: shift, epsilon: Self.normalisationEpsilon)
      : x.batchNormalised(scale: scale, shift: shift, epsilon: Self.normalisationEpsilon)
    follow(batchMean, batchVariance, of: x, running: (mean, variance))
    return output
  }

  /// Moves the running statistics towards a batch's; the running variance is unbiased, as in PyTorch.
  private func follow(_ batchMean: Tensor, _ batchVariance: Tensor, of x: Variable, running: (Tensor, Tensor)) {
    let rows = Float(x.value.count / x.shape[x.shape.count - 1])
    let unbiased = rows > 1 ? rows / (rows - 1) : 1
    let momentum = Self.normalisationMomentum
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
