import Foundation
import Networks
import Randomness
import Tensors
import Testing

/// Networks whose convolutions multiply bfloat16 numbers.
@Suite struct PrecisionTests {
  private static let geometry = ConvolutionGeometry(kernel: Extent(5), stride: Extent(2), padding: Extent(2))

  private static let layers: [LayerDescription] = [
    .convolution(channels: 16, geometry, activation: .relu),
    .convolution(channels: 32, geometry, activation: .leakyReLU(slope: 0.1)),
    .convolution(channels: 32, geometry, activation: .relu), .flatten,
    .linear(outputs: 48 * 16, activation: .identity), .unflatten(Extent(8, 6), channels: 16),
    .transposedConvolution(channels: 16, geometry, outputPadding: Extent(1), activation: .relu),
    .batchNormalisation, .activation(.relu),
    .transposedConvolution(channels: 16, geometry, outputPadding: Extent(1), activation: .relu),
    .transposedConvolution(channels: 1, geometry, outputPadding: Extent(1), activation: .sigmoid),
  ]

  private func network() throws -> Network {
    try Network(
      name: "net", inputShape: [64, 48, 1], layers: Self.layers, stream: RandomStream(seed: 3, purpose: "weights"))
  }

  private func images(_ count: Int) -> Tensor {
    var stream = RandomStream(seed: 5, purpose: "images")
    return Tensor([count, 64, 48, 1]) { target in
      for index in target.indices { target[index] = Float(stream.uniform()) }
    }
  }

  @Test func gradientsAreThoseOfFloat32ToRounding() throws {
    let (network, images) = (try network(), images(20))
    let parameters = network.parameters.map(\.variable)
    let found = try Precision.allCases.map { precision in
      let output = network(Variable(images), training: true, precision: precision)
      #expect(output.value.element == .float32 && output.shape == [20, 64, 48, 1])
      return try gradients(of: output.sumOfSquaredErrors(from: Variable(images)), by: parameters)
    }
    #expect(found[1].allSatisfy { $0.value.element == .float32 })
    let relative = distance(found[1], found[0])
    #expect(relative < 0.08 && relative > 1e-5, "\(relative)")
  }

  /// The measure above tells a gradient that misses some of the images.
  @Test func aWrongGradientIsFarther() throws {
    let (network, images) = (try network(), images(20))
    let parameters = network.parameters.map(\.variable)
    func found(_ count: Int) throws -> [Variable] {
      let part = Variable(images.rows(Array(0..<count)))
      return try gradients(of: network(part, training: true).sumOfSquaredErrors(from: part), by: parameters)
    }
    #expect(distance(try found(17), try found(20)) > 0.1)
  }

  @Test func aStepAllocatesNothingAfterTheFirst() throws {
    let pool = BufferPool()
    try BufferPool.$current.withValue(pool) {
      let (network, images) = (try network(), images(6))
      let optimiser = Adam(network.parameters.map(\.variable), learningRate: 1e-3)
      func step() throws {
        let output = network(Variable(images), training: true, precision: .bfloat16)
        try optimiser.step(down: output.sumOfSquaredErrors(from: Variable(images)))
      }
      try step()
      let fresh = pool.freshAllocations
      for _ in 0..<3 { try step() }
      #expect(pool.freshAllocations == fresh)
    }
  }
}
