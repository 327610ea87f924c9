import Foundation
import Networks
import Randomness
import Tensors
import Testing

@Suite struct TrainingPartsTests {
  /// Five steps of PyTorch 2's Adam (learning rate 0.1) on two values with gradients 2x - 1, computed in Python.
  @Test func adamMeetsItsDefinition() {
    let parameter = Variable.parameter(Tensor([19], repeating: 2))
    let optimiser = Adam([parameter], learningRate: 0.1)
    var (value, first, second) = (2.0, 0.0, 0.0)
    for step in 1...5 {
      optimiser.step([Variable(parameter.value.map { 2 * $0 - 1 })])
      let gradient = 2 * value - 1
      first = 0.9 * first + 0.1 * gradient
      second = 0.999 * second + 0.001 * gradient * gradient
      value -=
        0.1 * (first / (1 - pow(0.9, Double(step)))) / ((second / (1 - pow(0.999, Double(step)))).squareRoot() + 1e-8)
      for result in parameter.value.values { #expect(abs(Double(result) - value) < 1e-5) }
    }
  }

  @Test func plateauHalvesAfterPatienceAndNotBefore() {
    var schedule = PlateauSchedule(patience: 2, factor: 0.5)
    var rate: Float = 1
    var rates: [Float] = []
    for score in [5.0, 4, 4, 4, 4, 3.9999, 4, 4, 3] {
      rate = schedule.next(after: score, learningRate: rate)
      rates.append(rate)
    }
    // 3.9999 is no improvement on 4 beyond a ten-thousandth.
    #expect(rates == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25])
  }

  @Test func safetensorsComeBackAndDamageIsRefused() throws {
    let tensor = Tensor([2, 3], values: [1, -2, 3.5, 0, .infinity, 6])
    let bytes = try SafeTensors.encode(
      [("a.weight", .float32(tensor)), ("a.count", .int64(-7)), ("b", .float32(Tensor([], repeating: 9)))],
      metadata: ["class": "AD"])
    let (entries, metadata) = try SafeTensors.decode(bytes, path: "x")
    guard case .float32(let back) = entries["a.weight"], case .int64(let count) = entries["a.count"] else {
      Issue.record("an entry is missing")
      return
    }
    #expect(back.shape == [2, 3] && back.values == tensor.values)
    #expect(count == -7)
    #expect(metadata == ["class": "AD"])
    for length in [0, 7, 8, 40, bytes.count - 1] {
      #expect(throws: NetworkError.self) { try SafeTensors.decode(bytes.prefix(length), path: "x") }
    }
    #expect(throws: NetworkError.self) { try SafeTensors.decode(bytes + Data([0]), path: "x") }
    for (original, changed) in [("[2,3]", "[2,4]"), ("[0,24]", "[4,28]"), ("F32", "F64"), ("[2,3]", "[-2]")] {
      let text = String(decoding: bytes.dropFirst(8).prefix(while: { $0 != 0 }), as: UTF8.self)
      guard let range = text.range(of: original) else {
        Issue.record("\(original) is not in the header")
        continue
      }
      var damaged = bytes
      let offset = 8 + text.utf8.distance(from: text.startIndex, to: range.lowerBound)
      damaged.replaceSubrange(offset..<(offset + original.utf8.count), with: Data(changed.utf8))
      if changed.utf8.count == original.utf8.count {
        #expect(throws: NetworkError.self) { try SafeTensors.decode(damaged, path: "x") }
      }
    }
  }

  @Test func networkLearnsAndItsWeightsComeBack() throws {
    let layers: [LayerDescription] = [
      .convolution(
        channels: 4, ConvolutionGeometry(kernel: Extent(3), padding: Extent(1)), activation: .identity),
      .batchNormalisation, .maxPooling(Extent(2)), .activation(.leakyReLU(slope: 0.01)), .flatten,
      .linear(outputs: 2, activation: .identity),
    ]
    let stream = RandomStream(seed: 1, purpose: "network")
    let network = try Network(name: "net", inputShape: [6, 6, 1], layers: layers, stream: stream)
    #expect(
      network.parameters.map(\.name) == [
        "net.0.weight", "net.0.bias", "net.1.weight", "net.1.bias", "net.5.weight", "net.5.bias",
      ])
    // Horizontal stripes against vertical ones, in noise.
    var noise = RandomStream(seed: 2, purpose: "noise")
    let labels = (0..<32).map { $0 % 2 }
    let images = Tensor([32, 6, 6, 1]) { target in
      for index in target.indices {
        let (row, column) = (index % 36 / 6, index % 6)
        let stripe = labels[index / 36] == 0 ? row % 2 : column % 2
        target[index] = Float(stripe) + 0.3 * Float(noise.normal())
      }
    }
    let optimiser = Adam(network.parameters.map(\.variable), learningRate: 0.02)
    var losses: [Float] = []
    for _ in 0..<60 {
      let loss = network(Variable(images), training: true).crossEntropy(labels: labels)
      losses.append(loss.value.item)
      optimiser.step(try gradients(of: loss, by: network.parameters.map(\.variable)))
    }
    #expect(losses.last! < 0.1 * losses[0])
    let expected = Recording.off { network(Variable(images), training: false).value.values }
    let bytes = try SafeTensors.encode(network.entries)
    let other = try Network(
      name: "net", inputShape: [6, 6, 1], layers: layers, stream: RandomStream(seed: 9, purpose: "network"))
    #expect(Recording.off { other(Variable(images), training: false).value.values } != expected)
    try other.load(try SafeTensors.decode(bytes, path: "x").entries, path: "x")
    #expect(Recording.off { other(Variable(images), training: false).value.values } == expected)
    let larger = try Network(name: "net", inputShape: [8, 8, 1], layers: layers, stream: stream)
    #expect(throws: NetworkError.self) { try larger.load(SafeTensors.decode(bytes, path: "x").entries, path: "x") }
  }

  @Test func anImageTooSmallForTheNetworkIsRefused() {
    #expect(throws: NetworkError.imageTooSmall(layer: "max pooling", height: 1, width: 1)) {
      try Network(
        name: "n", inputShape: [1, 1, 1], layers: [.maxPooling(Extent(2))], stream: RandomStream(seed: 1, purpose: "n"))
    }
  }

  @Test func aTrainingStepAllocatesNothingAfterTheFirst() throws {
    let layers: [LayerDescription] = [
      .convolution(
        channels: 8, ConvolutionGeometry(kernel: Extent(5), stride: Extent(2), padding: Extent(2)), activation: .relu),
      .flatten, .linear(outputs: 3, activation: .identity),
    ]
    let network = try Network(
      name: "n", inputShape: [32, 32, 1], layers: layers, stream: RandomStream(seed: 1, purpose: "n"))
    let optimiser = Adam(network.parameters.map(\.variable), learningRate: 1e-3)
    let images = Tensor([16, 32, 32, 1], repeating: 0.5)
    func step() throws {
      let loss = network(Variable(images), training: true).crossEntropy(labels: Array(repeating: 1, count: 16))
      optimiser.step(try gradients(of: loss, by: network.parameters.map(\.variable)))
    }
    try step()
    let after = BufferPool.shared.heldBytes
    for _ in 0..<5 { try step() }
    // Other tests may run beside this one and take buffers of their own; a leak of one activation a step is larger.
    #expect(BufferPool.shared.heldBytes - after < 5 * 16 * 16 * 16 * 8 * 4)
  }
}
