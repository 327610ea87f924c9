import Randomness
import Tensors

/// Makes a network's layers with their weights from descriptions, and follows the shape that reaches each.
struct NetworkBuilder {
  /// The shape of one output of the layers so far, without the batch.
  private(set) var shape: [Int]
  private(set) var parameters: [(name: String, variable: Variable)] = []
  private(set) var statistics: [(name: String, tensor: Tensor)] = []
  /// The most values that a layer so far makes of one input.
  private(set) var largest = 0
  private let stream: RandomStream
  /// What the names of the present layer's parameters begin with, such as `encoder.3`.
  private var module = ""

  init(inputShape: [Int], stream: RandomStream) {
    shape = inputShape
    self.stream = stream
  }

  /// Makes the layers that come next, normalisations joined with what follows them.
  ///
  /// - Parameters:
  ///   - name: the first part of each parameter's name.
  ///   - numbered: whether the layer's number, as `nn.Sequential` counts, is the second part.
  /// - Throws: `NetworkError` if a layer does not fit the shape that reaches it.
  mutating func layers(_ descriptions: [LayerDescription], name: String, numbered: Bool) throws -> [Network.Layer] {
    let inputIsImage = shape.count == 3
    var result: [Network.Layer] = []
    var number = 0
    for description in descriptions {
      module = numbered ? "\(name).\(number)" : name
      result.append(try layer(description))
      largest = max(largest, shape.reduce(1, *))
      number += description.moduleCount
    }
    return Network.fused(result, inputIsImage: inputIsImage)
  }

  private mutating func layer(_ description: LayerDescription) throws -> Network.Layer {
    switch description {
    case .convolution(let channels, let geometry, let activation):
      return try convolution(channels, geometry, activation)
    case .transposedConvolution(let channels, let geometry, let outputPadding, let activation):
      return try transposedConvolution(channels, geometry, outputPadding, activation)
    case .batchNormalisation:
      return .batchNormalisation(normalisation(channels: shape[shape.count - 1]))
    case .maxPooling(let size):
      try requireImage("max pooling")
      guard shape[0] >= size.height, shape[1] >= size.width else {
        throw NetworkError.imageTooSmall(layer: "max pooling", height: shape[0], width: shape[1])
      }
      shape = [shape[0] / size.height, shape[1] / size.width, shape[2]]
      return .maxPooling(size)
    case .activation(let activation):
      return .activation(activation)
    case .flatten:
      try requireImage("flattening")
      shape = [shape.reduce(1, *)]
      return .flatten
    case .unflatten(let size, let channels):
      try requireFeatures("unflattening")
      precondition(
        shape[0] == size.height * size.width * channels, "\(shape) values do not fill \(size) x \(channels)")
      shape = [size.height, size.width, channels]
      return .unflatten(size, channels: channels)
    case .linear(let outputs, let activation):
      try requireFeatures("dense layer")
      let weights = uniform("weight", [outputs, shape[0]], fanIn: shape[0])
      let bias = uniform("bias", [outputs], fanIn: shape[0])
      shape = [outputs]
      return .linear(weights: weights, bias: bias, activation)
    case .residual(let block):
      let input = shape
      let inner = try layers(block, name: "\(module).conv_block", numbered: true)
      precondition(shape == input, "a residual block makes \(shape) of \(input), which cannot be added")
      return .residual(inner)
    }
  }

  private mutating func convolution(
    _ channels: Int, _ geometry: ConvolutionGeometry, _ activation: Activation
  ) throws -> Network.Layer {
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
    shape = [size.height, size.width, channels]
    return .convolution(geometry, weights: weights, bias: bias, activation)
  }

  private mutating func transposedConvolution(
    _ channels: Int, _ geometry: ConvolutionGeometry, _ outputPadding: Extent, _ activation: Activation
  ) throws -> Network.Layer {
    try requireImage("transposed convolution")
    let size = geometry.transposedSize(Extent(shape[0], shape[1]), outputPadding: outputPadding)
    guard size.height > 0, size.width > 0 else {
      throw NetworkError.imageTooSmall(layer: "transposed convolution", height: shape[0], width: shape[1])
    }
    let area = geometry.kernel.height * geometry.kernel.width
    let weights = uniform(
      "weight", [shape[2], channels, geometry.kernel.height, geometry.kernel.width], fanIn: channels * area)
    let bias = uniform("bias", [channels], fanIn: channels * area)
    shape = [size.height, size.width, channels]
    return .transposedConvolution(geometry, weights: weights, bias: bias, activation, size: size)
  }

  private mutating func normalisation(channels: Int) -> Network.Normalisation {
    let result = Network.Normalisation(
      scale: parameter("weight", Tensor([channels], repeating: 1)),
      shift: parameter("bias", Tensor([channels], repeating: 0)), mean: Tensor([channels], repeating: 0),
      variance: Tensor([channels], repeating: 1))
    statistics.append(("\(module).running_mean", result.mean))
    statistics.append(("\(module).running_var", result.variance))
    return result
  }

  private mutating func parameter(_ part: String, _ value: Tensor) -> Variable {
    let variable = Variable.parameter(value)
    parameters.append(("\(module).\(part)", variable))
    return variable
  }

  private mutating func uniform(_ part: String, _ shape: [Int], fanIn: Int) -> Variable {
    var source = stream.substream("\(module).\(part)")
    let bound = 1 / Double(fanIn).squareRoot()
    return parameter(
      part, Tensor(shape) { for index in $0.indices { $0[index] = Float(source.uniform(-bound, bound)) } })
  }

  private func requireImage(_ layer: String) throws {
    guard shape.count == 3 else { throw NetworkError.wrongRank(layer: layer, shape: shape) }
  }

  private func requireFeatures(_ layer: String) throws {
    guard shape.count == 1 else { throw NetworkError.wrongRank(layer: layer, shape: shape) }
  }
}
