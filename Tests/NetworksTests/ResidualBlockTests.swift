import Networks
import Randomness
import Tensors
import Testing

/// Layers whose output is added to their input.
@Suite struct ResidualBlockTests {
  private static let same = ConvolutionGeometry(kernel: Extent(3), padding: Extent(1))
  private static let one = ConvolutionGeometry(kernel: Extent(1))

  /// A convolution, and a block of two more.
  private static func layers(_ activation: Activation, isResidual: Bool = true) -> [LayerDescription] {
    let block: [LayerDescription] = [
      .activation(activation), .convolution(channels: 2, same, activation: activation),
      .convolution(channels: 3, one, activation: .identity),
    ]
    return [.convolution(channels: 3, same, activation: .identity)] + (isResidual ? [.residual(block)] : block) + [
      .flatten, .linear(outputs: 4, activation: .tanh),
    ]
  }

  private static func network(_ layers: [LayerDescription], _ shape: [Int], seed: UInt64 = 3) throws -> Network {
    try Network(
      name: "net", inputShape: shape, layers: layers, stream: RandomStream(seed: seed, purpose: "weights"))
  }

  private static func uniform(_ shape: [Int], _ purpose: String) -> Tensor {
    var stream = RandomStream(seed: 5, purpose: purpose)
    return Tensor(shape) { target in
      for index in target.indices { target[index] = Float(stream.uniform(-1, 1)) }
    }
  }

  /// x + W relu(x) + b by hand: (5, -1) + (5, 15) + (10, 20).
  @Test func addsWhatItsLayersMake() throws {
    let network = try Self.network(
      [.residual([.activation(.relu), .linear(outputs: 2, activation: .identity)])], [2])
    #expect(network.parameters.map(\.name) == ["net.0.conv_block.1.weight", "net.0.conv_block.1.bias"])
    #expect(network.outputShape == [2])
    network.parameters[0].variable.value = Tensor([2, 2], values: [1, 2, 3, 4])
    network.parameters[1].variable.value = Tensor([2], values: [10, 20])
    let output = network(Variable(Tensor([1, 2], values: [5, -1])), training: false)
    #expect(output.value.values == [20, 34])
  }

  /// PyTorch's: a module with an `nn.Sequential` named `conv_block` is one module of the outer one.
  @Test func namesCountInnerLayersFromZero() throws {
    let network = try Self.network(Self.layers(.relu), [4, 4, 1])
    #expect(
      network.parameters.filter { $0.name.hasSuffix("weight") }.map(\.name) == [
        "net.0.weight", "net.1.conv_block.1.weight", "net.1.conv_block.3.weight", "net.3.weight",
      ])
    let normalised = try Self.network(
      [.residual([.convolution(channels: 3, Self.same, activation: .identity), .batchNormalisation])], [4, 4, 3])
    #expect(normalised.statistics.map(\.name) == ["net.0.conv_block.1.running_mean", "net.0.conv_block.1.running_var"])
    let images = Variable(Self.uniform([5, 4, 4, 3], "images"))
    let before = normalised.statistics[0].tensor.values
    _ = normalised(images, training: true)
    #expect(normalised.statistics[0].tensor.values != before)
  }

  // MARK: - Derivatives

  /// The weighted sum of squares of a network's output.
  private static func number(_ network: Network, _ input: Variable) -> Variable {
    let output = network(input, training: true)
    return (output.squared() * Variable(uniform(output.shape, "loss"))).sum()
  }

  private static func dot(_ left: Tensor, _ right: Tensor) -> Double {
    zip(left.values, right.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  /// The central difference of `value` along a direction in one variable.
  private static func difference(
    _ variable: Variable, _ direction: Tensor, step: Float = 1e-2, of value: () throws -> Double
  ) rethrows -> Double {
    let start = variable.value
    defer { variable.value = start }
    func at(_ distance: Float) throws -> Double {
      variable.value = start.zip(direction) { $0 + distance * $1 }
      return try value()
    }
    return (try at(step) - at(-step)) / Double(2 * step)
  }

  private static func isClose(_ exact: Double, _ numeric: Double) -> Bool {
    abs(exact - numeric) <= 2e-3 + 5e-3 * max(abs(exact), abs(numeric))
  }

  @Test(arguments: [Activation.tanh, .leakyReLU(slope: 0.9)])
  func gradientsMeetCentralDifferences(activation: Activation) throws {
    let network = try Self.network(Self.layers(activation), [4, 5, 2])
    let input = Variable.parameter(Self.uniform([2, 4, 5, 2], "images"))
    let variables = [input] + network.parameters.map(\.variable)
    let found = try gradients(of: Self.number(network, input), by: variables)
    for (index, variable) in variables.enumerated() {
      let direction = Self.uniform(variable.shape, "direction \(index)")
      let numeric = Self.difference(variable, direction) { Double(Self.number(network, input).value.item) }
      #expect(Self.isClose(Self.dot(found[index].value, direction), numeric), "variable \(index), \(numeric)")
    }
  }

  /// The check above tells a network whose block adds nothing.
  @Test func gradientsWithoutTheSumAreOthers() throws {
    let (network, other) = (
      try Self.network(Self.layers(.tanh), [4, 5, 2]),
      try Self.network(Self.layers(.tanh, isResidual: false), [4, 5, 2])
    )
    for (one, another) in zip(network.parameters, other.parameters) { another.variable.value = one.variable.value }
    let input = Variable.parameter(Self.uniform([2, 4, 5, 2], "images"))
    let wrong = try gradients(of: Self.number(other, input), by: [input])[0].value
    let direction = Self.uniform(input.shape, "direction 0")
    let numeric = Self.difference(input, direction) { Double(Self.number(network, input).value.item) }
    #expect(!Self.isClose(Self.dot(wrong, direction), numeric))
  }

  @Test func secondDerivativesMeetCentralDifferencesOfTheFirst() throws {
    let network = try Self.network(Self.layers(.tanh), [4, 5, 2])
    let input = Variable.parameter(Self.uniform([2, 4, 5, 2], "images"))
    let variables = [input] + network.parameters.map(\.variable)
    // By the input, by weights inside of the block, and by weights before it.
    for first in [0, 1, 3, 5] {
      let along = Self.uniform(variables[first].shape, "along")
      func slope(differentiable: Bool) throws -> Variable {
        let slopes = try gradients(of: Self.number(network, input), by: variables, differentiable: differentiable)
        return (slopes[first] * Variable(along)).sum()
      }
      let exact = try gradients(of: slope(differentiable: true), by: variables)
      for (index, variable) in variables.enumerated() {
        let direction = Self.uniform(variable.shape, "direction \(index)")
        let numeric = try Self.difference(variable, direction) {
          Double(try slope(differentiable: false).value.item)
        }
        #expect(
          Self.isClose(Self.dot(exact[index].value, direction), numeric), "variables \(first), \(index): \(numeric)")
      }
    }
  }

  /// The gradient that both the block and the sum read is not written over.
  @Test(arguments: Precision.allCases)
  func gradientsTakenOneAtATimeAreTheSame(precision: Precision) throws {
    let network = try Self.network(Self.layers(.relu), [8, 6, 2])
    let parameters = network.parameters.map(\.variable)
    let images = Self.uniform([4, 8, 6, 2], "images")
    func loss() -> Variable {
      network(Variable(images), training: true, precision: precision).squared().sum()
    }
    let expected = try gradients(of: loss(), by: parameters)
    var found: [[Float]] = Array(repeating: [], count: parameters.count)
    try consumeGradients(of: loss(), by: parameters) { found[$0] = $1.values }
    #expect(found == expected.map(\.value.values))
  }

  // MARK: - Memory

  private static let half = ConvolutionGeometry(kernel: Extent(4), stride: Extent(2), padding: Extent(1))
  private static let wideBlock = LayerDescription.residual([
    .activation(.relu), .convolution(channels: 16, same, activation: .relu),
    .convolution(channels: 32, one, activation: .identity),
  ])

  /// A network most of whose values are those of residual blocks.
  private static let wide: [LayerDescription] =
    [.convolution(channels: 32, same, activation: .identity)] + Array(repeating: wideBlock, count: 3)
    + [.convolution(channels: 8, half, activation: .relu)]

  /// Without the kernels' scratch memory, which is not the pool's: within a factor of 1.35 of what the pool then holds.
  @Test(arguments: [4, 40], Precision.allCases)
  func thePredictionMeetsWhatAStepHolds(batch: Int, precision: Precision) throws {
    let pool = BufferPool()
    try BufferPool.$current.withValue(pool) {
      let network = try Self.network(Self.wide, [32, 24, 3])
      let optimiser = Adam(network.parameters.map(\.variable), learningRate: 1e-3)
      let images = Tensor([batch, 32, 24, 3], repeating: 0.5)
      func step() throws {
        try optimiser.step(
          down: network(Variable(images), training: true, precision: precision).squared().sum())
      }
      for _ in 0..<2 { try step() }
      let (fresh, held) = (pool.freshAllocations, pool.heldBytes)
      try step()
      #expect(pool.freshAllocations == fresh && pool.heldBytes == held)
      var footprint = TrainingFootprint(input: [32, 24, 3], precision: precision)
      #expect(footprint.append(Self.wide, input: [32, 24, 3]) == network.outputShape)
      #expect(footprint.weights == network.parameters.reduce(0) { $0 + $1.variable.value.count })
      let predicted = footprint.bytes(images: batch, keepsBest: false, accumulates: false) - footprint.scratch
      let ratio = Double(held) / Double(predicted)
      #expect(ratio > 1 / 1.35 && ratio < 1.35, "held \(held), predicted \(predicted)")
    }
  }

  /// Sums of three blocks stay in memory until the walk comes back.
  @Test func sumsTakeMemory() throws {
    func bytes(_ layers: [LayerDescription]) -> Int {
      var footprint = TrainingFootprint(input: [32, 24, 3])
      footprint.append(layers, input: [32, 24, 3])
      return footprint.bytes(images: 1, keepsBest: false, accumulates: false)
    }
    let plain = Self.wide.flatMap { layer -> [LayerDescription] in
      if case .residual(let block) = layer { block } else { [layer] }
    }
    let sum = 4 * 32 * 24 * 32
    #expect(bytes(Self.wide) >= bytes(plain) + 3 * sum)
  }
}
