import Networks
import Randomness
import Tensors
import Testing

/// Stages that a network joins into one operation, against its layers one after the other.
@Suite struct PooledConvolutionTests {
  private static let geometry = ConvolutionGeometry(kernel: Extent(3))

  private static func stage(_ channels: Int, stride: Int = 1) -> [LayerDescription] {
    [
      .convolution(
        channels: channels, ConvolutionGeometry(kernel: Extent(3), stride: Extent(stride)), activation: .identity),
      .batchNormalisation, .maxPooling(Extent(2)), .activation(.leakyReLU(slope: 0.01)),
    ]
  }

  /// Two stages with a kernel, and one with stride 2 that has none.
  private static let layers: [LayerDescription] =
    stage(8) + stage(16) + stage(32, stride: 2) + [.flatten, .linear(outputs: 3, activation: .identity)]

  private static func network(channels: Int) throws -> Network {
    try Network(
      name: "net", inputShape: [44, 38, channels], layers: layers, stream: RandomStream(seed: 3, purpose: "weights"))
  }

  private static func images(_ count: Int, channels: Int) -> Tensor {
    var stream = RandomStream(seed: 4, purpose: "images")
    return Tensor([count, 44, 38, channels]) { for index in $0.indices { $0[index] = Float(stream.uniform()) } }
  }

  /// The layers by the operations that they are, with the network's weights; and the statistics of each stage.
  private static func inSteps(_ network: Network, _ images: Tensor) -> (
    scores: Variable, statistics: [(mean: Tensor, variance: Tensor, rows: Int)]
  ) {
    let weights = network.parameters.map(\.variable)
    var x = Variable(images)
    var statistics: [(Tensor, Tensor, Int)] = []
    for (index, stride) in [1, 1, 2].enumerated() {
      let own = weights[4 * index..<4 * index + 4].map { $0 }
      let convolved = x.convolution(
        ConvolutionGeometry(kernel: Extent(3), stride: Extent(stride)), weights: own[0], bias: own[1])
      let (output, mean, variance) = convolved.pooledNormalised(
        scale: own[2], shift: own[3], epsilon: 1e-5, size: Extent(2), slope: 0.01)
      statistics.append((mean, variance, convolved.value.count / convolved.shape[3]))
      x = output
    }
    return (x.flattened().linear(weights: weights[12], bias: weights[13]), statistics)
  }

  /// One channel takes both kernels, colour the second one.
  @Test(arguments: [1, 3]) func gradientsAreThoseOfTheLayers(channels: Int) throws {
    // Another suite watches the shared pool.
    try BufferPool.$current.withValue(BufferPool()) { try compareGradients(channels: channels) }
  }

  private func compareGradients(channels: Int) throws {
    let network = try Self.network(channels: channels)
    let images = Self.images(5, channels: channels)
    let variables = network.parameters.map(\.variable)
    let labels = [0, 1, 2, 1, 0]
    let joined = network(Variable(images), training: true).crossEntropy(labels: labels)
    let (scores, statistics) = Self.inSteps(network, images)
    let stepped = scores.crossEntropy(labels: labels)
    #expect(abs(joined.value.item - stepped.value.item) < 1e-5)
    let one = try gradients(of: joined, by: variables)
    let other = try gradients(of: stepped, by: variables)
    for (index, name) in network.parameters.map(\.name).enumerated() {
      let isBias = index < 12 && index % 4 == 1
      if isBias {
        // The mean takes the bias away: what the steps give is rounding.
        #expect(other[index].value.values.allSatisfy { abs($0) < 1e-5 }, "\(name)")
        #expect(one[index].value.values.allSatisfy { abs($0) < 1e-5 }, "\(name)")
      } else {
        #expect(distance([one[index]], [other[index]]) < 2e-5, "\(name)")
      }
    }
    // Running statistics started at 0 and 1, and moved a tenth of the way.
    for (index, (mean, variance, rows)) in statistics.enumerated() {
      for (value, running) in zip(mean.values, network.statistics[2 * index].tensor.values) {
        #expect(abs(running - 0.1 * value) < 1e-5)
      }
      let unbiased = Float(rows) / Float(rows - 1)
      for (value, running) in zip(variance.values, network.statistics[2 * index + 1].tensor.values) {
        #expect(abs(running - (0.9 + 0.1 * unbiased * value)) < 1e-5)
      }
    }
    // A wrong loss is told apart.
    let swapped = network(Variable(images), training: true).crossEntropy(labels: [1, 0, 2, 1, 0])
    let wrong = try gradients(of: swapped, by: variables)
    #expect(distance(wrong, other) > 1e-2)
  }

  @Test(arguments: [1, 3]) func anAppliedNetworkIsTheSameWithAndWithoutRecording(channels: Int) throws {
    try BufferPool.$current.withValue(BufferPool()) { try compareApplied(channels: channels) }
  }

  private func compareApplied(channels: Int) throws {
    let network = try Self.network(channels: channels)
    let images = Variable(Self.images(4, channels: channels))
    for _ in 0..<3 { _ = network(images, training: true) }
    // Recording takes the layers one after the other.
    let recorded = network(images, training: false).value.values
    let applied = Recording.off { network(images, training: false).value.values }
    for (one, other) in zip(recorded, applied) { #expect(abs(one - other) < 1e-5) }
    #expect(Set(applied).count > 3)
  }

  @Test func theGradientByAnImageComesOfTheLayers() throws {
    try BufferPool.$current.withValue(BufferPool()) {
      let network = try Self.network(channels: 1)
      let images = Self.images(3, channels: 1)
      let own = Variable.parameter(images)
      let byImage = try gradients(of: network(own, training: true).squared().sum(), by: [own])[0].value
      // The second stage has a kernel in both networks; the first is compared with central differences.
      var stream = RandomStream(seed: 5, purpose: "direction")
      let direction = Tensor(images.shape) { for index in $0.indices { $0[index] = Float(stream.uniform(-1, 1)) } }
      func loss(_ distance: Float) -> Double {
        network(Variable(images.zip(direction) { $0 + distance * $1 }), training: true).value.values.reduce(0) {
          $0 + Double($1) * Double($1)
        }
      }
      let step: Float = 1e-3
      let numeric = (loss(step) - loss(-step)) / Double(2 * step)
      let exact = zip(byImage.values, direction.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      #expect(abs(exact - numeric) < 0.05 * max(abs(exact), abs(numeric)) + 1e-3, "\(exact), \(numeric)")
    }
  }
}
