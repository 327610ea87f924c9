import Networks
import Randomness
import Tensors
import Testing

/// Gradients handed over one by one, and batches worked off in parts.
@Suite struct GradientAccumulationTests {
  private static let layers: [LayerDescription] = [
    .convolution(
      channels: 4, ConvolutionGeometry(kernel: Extent(3), stride: Extent(2), padding: Extent(1)), activation: .relu),
    .flatten, .linear(outputs: 3, activation: .tanh),
  ]

  private func network() throws -> Network {
    try Network(
      name: "net", inputShape: [8, 6, 2], layers: Self.layers, stream: RandomStream(seed: 3, purpose: "weights"))
  }

  private func images(_ count: Int) -> Tensor {
    var stream = RandomStream(seed: 4, purpose: "images")
    return Tensor([count, 8, 6, 2]) { for index in $0.indices { $0[index] = Float(stream.uniform(-1, 1)) } }
  }

  private func loss(_ network: Network, _ images: Tensor) -> Variable {
    network(Variable(images), training: true).squared().sum()
  }

  @Test func gradientsOneByOneAreTheGradients() throws {
    let network = try network()
    let parameters = network.parameters.map(\.variable) + [Variable.parameter(Tensor([2], repeating: 1))]
    let all = try gradients(of: loss(network, images(5)), by: parameters)
    var seen: [Int: [Float]] = [:]
    try consumeGradients(of: loss(network, images(5)), by: parameters) { index, gradient in
      #expect(seen[index] == nil)
      seen[index] = gradient.values
    }
    #expect(seen.count == parameters.count)
    for (index, gradient) in all.enumerated() { #expect(seen[index] == gradient.value.values) }
    #expect(seen[parameters.count - 1] == [0, 0])
  }

  @Test func aStepDownALossIsAStepByItsGradients() throws {
    let (one, other) = (try network(), try network())
    let first = Adam(one.parameters.map(\.variable), learningRate: 0.01)
    let second = Adam(other.parameters.map(\.variable), learningRate: 0.01)
    for _ in 0..<3 {
      first.step(try gradients(of: loss(one, images(5)), by: one.parameters.map(\.variable)))
      try second.step(down: loss(other, images(5)))
    }
    for (a, b) in zip(one.parameters, other.parameters) { #expect(a.variable.value.values == b.variable.value.values) }
  }

  @Test(arguments: [1, 2, 3, 7, 9])
  func partsAddUpToTheWholeBatch(most: Int) throws {
    let network = try network()
    let parameters = network.parameters.map(\.variable)
    let images = images(7)
    let whole = try gradients(of: loss(network, images), by: parameters)
    let parts = BatchParts(count: 7, most: most).ranges
    #expect(parts.map(\.count).max()! <= most && parts.flatMap { Array($0) } == Array(0..<7))
    let sum = GradientSum(parameters)
    for part in parts.dropLast() { try sum.add(loss(network, images.rows(Array(part)))) }
    let last = loss(network, images.rows(Array(parts[parts.count - 1])))
    var found = [[Float]](repeating: [], count: parameters.count)
    try consumeGradients(of: last, by: parameters) { index, gradient in
      found[index] = sum.finish(index, gradient).values
    }
    for (index, gradient) in whole.enumerated() {
      let scale = gradient.value.values.map(abs).max()!
      for (a, b) in zip(found[index], gradient.value.values) { #expect(abs(a - b) <= 2e-6 * scale, "\(index)") }
    }
  }
}
