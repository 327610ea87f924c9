import Networks
import Randomness
import Tensors
import Testing

/// A decoder's end that is worked off some images at a time.
@Suite struct TailTests {
  private static let geometry = ConvolutionGeometry(kernel: Extent(5), stride: Extent(2), padding: Extent(2))

  /// 160 x 160 x 24 values in the last layer but one: 20 images make more than a part may.
  private static let layers: [LayerDescription] = [
    .linear(outputs: 16 * 20 * 20, activation: .identity), .unflatten(Extent(20), channels: 16),
    .transposedConvolution(channels: 16, geometry, outputPadding: Extent(1), activation: .relu),
    .transposedConvolution(channels: 16, geometry, outputPadding: Extent(1), activation: .relu),
    .transposedConvolution(channels: 24, geometry, outputPadding: Extent(1), activation: .relu),
    .transposedConvolution(
      channels: 1, ConvolutionGeometry(kernel: Extent(3), padding: Extent(1)), outputPadding: Extent(0),
      activation: .sigmoid),
  ]

  private func network() throws -> Network {
    try Network(name: "net", inputShape: [8], layers: Self.layers, stream: RandomStream(seed: 3, purpose: "weights"))
  }

  private func uniform(_ shape: [Int], _ purpose: String) -> Tensor {
    var stream = RandomStream(seed: 5, purpose: purpose)
    return Tensor(shape) { target in
      for index in target.indices { target[index] = Float(stream.uniform()) }
    }
  }

  /// The loss and every gradient, that of the input included, are those of the whole batch to rounding; also when the slope is
  /// another one than was said.
  @Test(arguments: [(Float(1), Float(1)), (0.25, 1)], Precision.allCases)
  func partsGiveTheGradientsOfTheWhole(slopes: (said: Float, real: Float), precision: Precision) throws {
    let network = try network()
    let (input, target) = (Variable.parameter(uniform([20, 8], "codes")), uniform([20, 160, 160, 1], "images"))
    let variables = [input] + network.parameters.map(\.variable)
    let pool = BufferPool()
    func found(_ loss: () -> Variable) throws -> (loss: Float, gradients: [Variable], held: Int) {
      try BufferPool.$current.withValue(pool) {
        pool.trim()
        let value = loss()
        let result = try gradients(of: slopes.real * value, by: variables)
        return (value.value.item, result, pool.heldBytes)
      }
    }
    let whole = try found {
      network(input, training: true, precision: precision).sumOfSquaredErrors(from: Variable(target))
    }
    let parts = try found {
      network.squaredErrors(of: input, from: target, slope: slopes.said, training: true, precision: precision)
    }
    #expect(abs(whole.loss - parts.loss) < 1e-5 * whole.loss)
    #expect(distance(parts.gradients, whole.gradients) < (precision == .float32 ? 1e-5 : 0.01))
    #expect(Double(parts.held) < 0.7 * Double(whole.held), "\(parts.held) of \(whole.held)")
    let applied = Recording.off {
      network.squaredErrors(of: input, from: target, slope: 1, training: false, precision: precision)
    }
    #expect(abs(applied.value.item - whole.loss) < 1e-5 * whole.loss)
  }

  /// The prediction follows: within a factor of 1.35 of what two steps hold.
  @Test(arguments: [3, 20, 60], Precision.allCases)
  func thePredictionMeetsWhatAStepHolds(batch: Int, precision: Precision) throws {
    let pool = BufferPool()
    try BufferPool.$current.withValue(pool) {
      let network = try network()
      let optimiser = Adam(network.parameters.map(\.variable), learningRate: 1e-3)
      let (input, target) = (uniform([batch, 8], "codes"), uniform([batch, 160, 160, 1], "images"))
      for _ in 0..<2 {
        try optimiser.step(
          down: network.squaredErrors(
            of: Variable(input), from: target, slope: 1, training: true, precision: precision))
      }
      var footprint = TrainingFootprint(input: [160, 160, 1], precision: precision)
      footprint.append(Self.layers, input: [8])
      let predicted = footprint.bytes(images: batch, keepsBest: false, accumulates: false) - footprint.scratch
      let ratio = Double(pool.heldBytes) / Double(predicted)
      #expect(ratio > 1 / 1.35 && ratio < 1.35, "held \(pool.heldBytes), predicted \(predicted)")
    }
  }

  @Test func asManyImagesAsFitAreFound() {
    var footprint = TrainingFootprint(input: [160, 160, 1])
    footprint.append(Self.layers, input: [8])
    let bytes = footprint.bytes(images: 7, keepsBest: true, accumulates: true)
    #expect(footprint.images(within: bytes, of: 20, keepsBest: true, accumulates: true) == 7)
    #expect(footprint.images(within: bytes, of: 5, keepsBest: true, accumulates: true) == 5)
    #expect(footprint.images(within: 1000, of: 20, keepsBest: true, accumulates: true) == 0)
  }
}
