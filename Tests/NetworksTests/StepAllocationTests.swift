import Networks
import Randomness
import Tensors
import Testing

/// What a training step takes from the system, and what it holds.
@Suite struct StepAllocationTests {
  private static let geometry = ConvolutionGeometry(kernel: Extent(5), stride: Extent(2), padding: Extent(2))

  private static let layers: [LayerDescription] = [
    .convolution(channels: 16, geometry, activation: .relu),
    .convolution(channels: 32, geometry, activation: .identity),
    .batchNormalisation, .maxPooling(Extent(2)), .activation(.leakyReLU(slope: 0.01)), .flatten,
    .linear(outputs: 256, activation: .identity), .unflatten(Extent(4), channels: 16),
    .transposedConvolution(channels: 16, geometry, outputPadding: Extent(1), activation: .relu),
    .transposedConvolution(channels: 1, geometry, outputPadding: Extent(1), activation: .sigmoid),
  ]

  private static func stage(_ channels: Int) -> [LayerDescription] {
    [
      .convolution(channels: channels, ConvolutionGeometry(kernel: Extent(3)), activation: .identity),
      .batchNormalisation, .maxPooling(Extent(2)), .activation(.leakyReLU(slope: 0.01)),
    ]
  }

  /// Stages in one operation each, which keep less than their layers would.
  private static let stages: [LayerDescription] =
    stage(8) + stage(16) + [.flatten, .linear(outputs: 2, activation: .identity)]

  private struct Training {
    let network: Network
    let optimiser: Adam
    let images: Tensor

    init(batch: Int, layers: [LayerDescription] = StepAllocationTests.layers) throws {
      network = try Network(
        name: "net", inputShape: [64, 48, 1], layers: layers,
        stream: RandomStream(seed: 3, purpose: "weights"))
      optimiser = Adam(network.parameters.map(\.variable), learningRate: 1e-3)
      images = Tensor([batch, 64, 48, 1], repeating: 0.5)
    }

    func step() throws { try optimiser.step(down: network(Variable(images), training: true).squared().sum()) }
  }

  @Test func aStepAllocatesNothingAfterTheFirst() throws {
    let pool = BufferPool()
    try BufferPool.$current.withValue(pool) {
      let training = try Training(batch: 6)
      try training.step()
      let (fresh, held) = (pool.freshAllocations, pool.heldBytes)
      #expect(fresh > 10)
      for _ in 0..<3 { try training.step() }
      #expect(pool.freshAllocations == fresh)
      #expect(pool.heldBytes == held)
    }
  }

  /// The prediction that is printed before training starts, without the kernels' scratch memory, which is not the pool's:
  /// within a factor of 1.35 of what the pool then holds.
  @Test(arguments: [4, 40]) func thePredictionMeetsWhatAStepHolds(batch: Int) throws {
    let pool = BufferPool()
    try BufferPool.$current.withValue(pool) {
      let training = try Training(batch: batch)
      for _ in 0..<2 { try training.step() }
      var footprint = TrainingFootprint(input: [64, 48, 1])
      footprint.append(Self.layers, input: [64, 48, 1])
      #expect(footprint.weights == training.network.parameters.reduce(0) { $0 + $1.variable.value.count })
      let predicted =
        footprint.bytes(images: batch, keepsBest: false, accumulates: false) - footprint.scratch
      let ratio = Double(pool.heldBytes) / Double(predicted)
      #expect(ratio > 1 / 1.35 && ratio < 1.35, "held \(pool.heldBytes), predicted \(predicted)")
    }
  }

  @Test(arguments: [20, 60]) func thePredictionMeetsWhatStagesHold(batch: Int) throws {
    let pool = BufferPool()
    try BufferPool.$current.withValue(pool) {
      let training = try Training(batch: batch, layers: Self.stages)
      for _ in 0..<2 { try training.step() }
      var footprint = TrainingFootprint(input: [64, 48, 1])
      footprint.append(Self.stages, input: [64, 48, 1])
      #expect(footprint.weights == training.network.parameters.reduce(0) { $0 + $1.variable.value.count })
      let predicted = footprint.bytes(images: batch, keepsBest: false, accumulates: false) - footprint.scratch
      let ratio = Double(pool.heldBytes) / Double(predicted)
      #expect(ratio > 1 / 1.35 && ratio < 1.35, "held \(pool.heldBytes), predicted \(predicted)")
      // The first stage's convolution alone would be more than all that is kept now: 62 x 46 x 8 values and their gradient.
      #expect(pool.heldBytes < batch * 2 * 4 * 62 * 46 * 8)
    }
  }
}
