import COneDNN
import ConvolutionKernels
import Dispatch
import Foundation
import Testing

/// The convolutions of the shim against a slow plain reference, on one thread and on several.
@Suite struct ConvolutionKernelTests {
  /// Strides, kernels and paddings in all combinations, with channels, batches and left-over lines in turn.
  static let grid: [ConvolutionCase] = {
    let strides = [(1, 1), (2, 2), (3, 3), (3, 2)]
    let kernels = [(1, 1), (3, 3), (5, 5), (2, 3), (4, 4)]
    let channels = [(1, 1), (1, 3), (3, 1), (2, 17), (17, 5), (8, 16), (16, 8), (5, 2), (4, 11)]
    var cases: [ConvolutionCase] = []
    for (s, stride) in strides.enumerated() {
      for (k, kernel) in kernels.enumerated() {
        for padding in 0..<3 {
          let paddings = [
            (0, 0, 0, 0), ((kernel.0 - 1) / 2, (kernel.1 - 1) / 2, (kernel.0 - 1) / 2, (kernel.1 - 1) / 2),
            (kernel.0 / 2, 0, 0, kernel.1 - 1),
          ]
          let index = (s * kernels.count + k) * 3 + padding
          cases.append(
            ConvolutionCase(
              batch: 1 + index % 3, channels: channels[index % channels.count],
              output: (3 + index % 4, 4 + index % 3), kernel: kernel, stride: stride, padding: paddings[padding],
              rest: (index % 2, index / 2 % 2)))
        }
      }
    }
    return cases
  }()

  /// Shapes for which the shim chooses a kernel of its own.
  static let special: [ConvolutionCase] = [
    // One channel on the side of the input: stride 1, 2, and 3 by 2; many bands and shares; wide paddings.
    ConvolutionCase(
      batch: 1, channels: (1, 64), output: (37, 29), kernel: (5, 5), stride: (1, 1), padding: (1, 1, 1, 1)),
    ConvolutionCase(
      batch: 3, channels: (1, 70), output: (20, 23), kernel: (5, 5), stride: (2, 2), padding: (2, 2, 2, 2),
      rest: (1, 0)),
    ConvolutionCase(
      batch: 2, channels: (1, 65), output: (11, 7), kernel: (3, 4), stride: (3, 2), padding: (2, 3, 0, 1),
      rest: (2, 1)),
    ConvolutionCase(
      batch: 1, channels: (1, 64), output: (5, 300), kernel: (2, 2), stride: (3, 3), padding: (0, 1, 1, 0)),
    // Unfolded weights' gradient: groups of columns, several tiles of pixels.
    ConvolutionCase(
      batch: 2, channels: (17, 64), output: (21, 19), kernel: (5, 5), stride: (2, 2), padding: (1, 2, 3, 0),
      rest: (1, 1)),
    ConvolutionCase(
      batch: 3, channels: (3, 67), output: (9, 8), kernel: (3, 3), stride: (1, 1), padding: (1, 1, 1, 1)),
    // Phases of a transposed convolution.
    ConvolutionCase(
      batch: 2, channels: (64, 3), output: (7, 9), kernel: (5, 5), stride: (2, 2), padding: (0, 0, 0, 0),
      rest: (1, 1)),
    ConvolutionCase(
      batch: 1, channels: (65, 4), output: (8, 8), kernel: (5, 5), stride: (3, 2), padding: (1, 0, 1, 0),
      rest: (2, 0)),
    ConvolutionCase(
      batch: 2, channels: (64, 5), output: (7, 7), kernel: (3, 4), stride: (2, 2), padding: (1, 1, 1, 1)),
    ConvolutionCase(
      batch: 1, channels: (8, 16), output: (12, 10), kernel: (3, 3), stride: (1, 1), padding: (2, 0, 0, 2)),
    // Tiles: three places to a phase, two, one, with paddings, left-over lines and outputs of odd sizes; several blocks of tiles.
    ConvolutionCase(
      batch: 2, channels: (16, 24), output: (13, 12), kernel: (5, 5), stride: (2, 2), padding: (2, 2, 2, 2),
      rest: (1, 0)),
    ConvolutionCase(
      batch: 2, channels: (24, 16), output: (12, 11), kernel: (5, 5), stride: (3, 2), padding: (1, 0, 1, 0),
      rest: (2, 1)),
    ConvolutionCase(
      batch: 3, channels: (16, 16), output: (9, 11), kernel: (4, 4), stride: (2, 2), padding: (1, 1, 1, 1)),
    ConvolutionCase(
      batch: 2, channels: (32, 16), output: (12, 13), kernel: (5, 4), stride: (2, 3), padding: (0, 1, 2, 0),
      rest: (0, 2)),
    ConvolutionCase(
      batch: 2, channels: (16, 40), output: (11, 14), kernel: (6, 7), stride: (2, 3), padding: (5, 6, 0, 3)),
    ConvolutionCase(
      batch: 2, channels: (64, 32), output: (27, 26), kernel: (4, 5), stride: (2, 2), padding: (1, 0, 0, 1)),
    ConvolutionCase(
      batch: 5, channels: (24, 16), output: (19, 17), kernel: (5, 5), stride: (2, 2), padding: (2, 2, 2, 2)),
    ConvolutionCase(
      batch: 5, channels: (16, 24), output: (18, 19), kernel: (4, 6), stride: (2, 2), padding: (1, 0, 1, 3)),
    // A large kernel over few pixels.
    ConvolutionCase(
      batch: 2, channels: (250, 258), output: (2, 3), kernel: (5, 5), stride: (2, 2), padding: (1, 1, 1, 1)),
  ]

  @Test(arguments: grid + special, [1, 2, 3])
  func meetsReference(_ sizes: ConvolutionCase, threads: Int32) {
    let previous = conednn_threads()
    conednn_set_threads(threads)
    defer { conednn_set_threads(previous) }
    var shape = sizes.shape
    let input = numbers(sizes.inputCount, "input")
    let weights = numbers(sizes.weightCount, "weights")
    let output = numbers(sizes.outputCount, "output")

    var forward = [Float](repeating: .nan, count: sizes.outputCount)
    expectSuccess(conednn_convolution_forward(&shape, input, weights, nil, CONEDNN_IDENTITY, 0, &forward))
    expectSums(forward, sizes.referenceForward(input, weights), "forward")

    var transposed = [Float](repeating: .nan, count: sizes.inputCount)
    expectSuccess(conednn_convolution_transposed(&shape, output, weights, nil, CONEDNN_IDENTITY, 0, &transposed))
    expectSums(transposed, sizes.referenceTransposed(output, weights), "transposed")

    var gradient = [Float](repeating: .nan, count: sizes.weightCount)
    var biasGradient = [Float](repeating: .nan, count: sizes.channels.output)
    expectSuccess(conednn_convolution_weights_gradient(&shape, input, output, &gradient, &biasGradient))
    expectSums(gradient, sizes.referenceWeightsGradient(input, output), "weights' gradient")
    expectSums(biasGradient, channelSums(output, channels: sizes.channels.output), "bias's gradient")
    var alone = [Float](repeating: .nan, count: sizes.weightCount)
    expectSuccess(conednn_convolution_weights_gradient(&shape, input, output, &alone, nil))
    #expect(alone == gradient)
  }

  /// A run has to give the same numbers whatever `--threads` says.
  @Test(arguments: grid + special + shared) func threadsDoNotChangeTheBytes(_ sizes: ConvolutionCase) {
    let previous = conednn_threads()
    defer { conednn_set_threads(previous) }
    var shape = sizes.shape
    let input = numbers(sizes.inputCount, "input")
    let weights = numbers(sizes.weightCount, "weights")
    let output = numbers(sizes.outputCount, "output")
    var first: [[Float]] = []
    for threads in [1, 2, 3] as [Int32] {
      conednn_set_threads(threads)
      var forward = [Float](repeating: .nan, count: sizes.outputCount)
      var transposed = [Float](repeating: .nan, count: sizes.inputCount)
      var gradient = [Float](repeating: .nan, count: sizes.weightCount)
      expectSuccess(conednn_convolution_forward(&shape, input, weights, nil, CONEDNN_RELU, 0, &forward))
      expectSuccess(conednn_convolution_transposed(&shape, output, weights, nil, CONEDNN_IDENTITY, 0, &transposed))
      expectSuccess(conednn_convolution_weights_gradient(&shape, input, output, &gradient, nil))
      let found = [forward, transposed, gradient]
      if first.isEmpty { first = found }
      let isSame = found == first
      #expect(isSame, "\(threads) threads")
    }
  }

  /// Enough work for oneDNN to share one image's sums among threads.
  static let shared: [ConvolutionCase] = [
    ConvolutionCase(
      batch: 2, channels: (1, 8), output: (102, 86), kernel: (3, 3), stride: (1, 1), padding: (0, 0, 0, 0)),
    ConvolutionCase(
      batch: 5, channels: (8, 16), output: (49, 41), kernel: (3, 3), stride: (1, 1), padding: (0, 0, 0, 0)),
    ConvolutionCase(
      batch: 40, channels: (16, 32), output: (11, 9), kernel: (3, 3), stride: (2, 2), padding: (0, 0, 0, 0)),
    ConvolutionCase(
      batch: 200, channels: (32, 64), output: (2, 1), kernel: (3, 3), stride: (2, 2), padding: (0, 0, 0, 0)),
    ConvolutionCase(
      batch: 20, channels: (256, 512), output: (2, 2), kernel: (4, 4), stride: (2, 2), padding: (1, 1, 1, 1)),
  ]

  /// So many tiles that they are worked off in blocks, or, with large filters, in rounds; of one image alone there are too few.
  @Test(arguments: [
    ConvolutionCase(
      batch: 32, channels: (16, 32), output: (13, 15), kernel: (5, 5), stride: (2, 2), padding: (2, 2, 2, 2)),
    ConvolutionCase(
      batch: 9, channels: (128, 192), output: (13, 11), kernel: (5, 5), stride: (2, 2), padding: (2, 2, 2, 2),
      rest: (1, 0)),
  ]) func aBatchMeetsItsImages(_ sizes: ConvolutionCase) {
    var one = sizes
    one.batch = 1
    var (shape, alone) = (sizes.shape, one.shape)
    let input = numbers(sizes.inputCount, "input")
    let weights = numbers(sizes.weightCount, "weights")
    let output = numbers(sizes.outputCount, "output")
    var forward = [Float](repeating: .nan, count: sizes.outputCount)
    var transposed = [Float](repeating: .nan, count: sizes.inputCount)
    expectSuccess(conednn_convolution_forward(&shape, input, weights, nil, CONEDNN_RELU, 0, &forward))
    expectSuccess(conednn_convolution_transposed(&shape, output, weights, nil, CONEDNN_RELU, 0, &transposed))
    let isComplete = forward.allSatisfy(\.isFinite) && transposed.allSatisfy(\.isFinite)
    #expect(isComplete)
    var worst: Float = 0
    for image in 0..<sizes.batch {
      let inputs = image * one.inputCount..<(image + 1) * one.inputCount
      let outputs = image * one.outputCount..<(image + 1) * one.outputCount
      var expected = [Float](repeating: .nan, count: one.outputCount)
      expectSuccess(
        conednn_convolution_forward(&alone, Array(input[inputs]), weights, nil, CONEDNN_RELU, 0, &expected))
      worst = zip(forward[outputs], expected).reduce(worst) { max($0, abs($1.0 - $1.1)) }
      var adjoint = [Float](repeating: .nan, count: one.inputCount)
      expectSuccess(
        conednn_convolution_transposed(&alone, Array(output[outputs]), weights, nil, CONEDNN_RELU, 0, &adjoint))
      worst = zip(transposed[inputs], adjoint).reduce(worst) { max($0, abs($1.0 - $1.1)) }
    }
    // A sum of thousands of products of numbers below 1 is some tens.
    #expect(worst < 2e-3)
  }

  static let activated: [ConvolutionCase] = [
    ConvolutionCase(batch: 2, channels: (3, 17), output: (5, 6), kernel: (3, 3), stride: (2, 2), padding: (1, 1, 1, 1)),
    ConvolutionCase(batch: 2, channels: (8, 16), output: (5, 6), kernel: (3, 3), stride: (1, 1), padding: (1, 1, 1, 1)),
    ConvolutionCase(batch: 1, channels: (1, 8), output: (9, 6), kernel: (5, 5), stride: (2, 2), padding: (2, 2, 2, 2)),
    ConvolutionCase(batch: 1, channels: (64, 8), output: (7, 6), kernel: (3, 3), stride: (2, 2), padding: (1, 1, 1, 1)),
    ConvolutionCase(
      batch: 1, channels: (250, 258), output: (2, 2), kernel: (5, 5), stride: (2, 2), padding: (1, 1, 1, 1)),
    // Too wide for the short bias that narrow rows are taken with.
    ConvolutionCase(
      batch: 1, channels: (700, 2), output: (1, 2), kernel: (2, 2), stride: (3, 3), padding: (0, 0, 0, 0)),
  ]

  @Test(arguments: activated, [0, 1, 2, 3, 4] as [UInt32])
  func addsBiasAndActivates(_ sizes: ConvolutionCase, activation: UInt32) {
    let alpha: Float = 0.2
    let kind = conednn_activation(rawValue: activation)
    let function: (Double) -> Double =
      switch kind {
      case CONEDNN_RELU: { max($0, 0) }
      case CONEDNN_LEAKY_RELU: { $0 > 0 ? $0 : Double(alpha) * $0 }
      case CONEDNN_SIGMOID: { 1 / (1 + exp(-$0)) }
      case CONEDNN_TANH: { tanh($0) }
      default: { $0 }
      }
    var shape = sizes.shape
    let input = numbers(sizes.inputCount, "input")
    let weights = numbers(sizes.weightCount, "weights")
    let output = numbers(sizes.outputCount, "output")
    for hasBias in [true, false] {
      let count = max(sizes.channels.input, sizes.channels.output)
      let bias: [Float]? = hasBias ? numbers(count, "bias") : nil

      var forward = [Float](repeating: .nan, count: sizes.outputCount)
      expectSuccess(conednn_convolution_forward(&shape, input, weights, bias, kind, alpha, &forward))
      let plain = sizes.referenceForward(input, weights)
      expectSums(forward, plain.finished(bias, sizes.channels.output, function), "forward, bias \(hasBias)")

      var transposed = [Float](repeating: .nan, count: sizes.inputCount)
      expectSuccess(conednn_convolution_transposed(&shape, output, weights, bias, kind, alpha, &transposed))
      let adjoint = sizes.referenceTransposed(output, weights)
      expectSums(transposed, adjoint.finished(bias, sizes.channels.input, function), "transposed, bias \(hasBias)")
    }
  }

  @Test(arguments: [(1, 1), (70_001, 1), (1000, 3), (4097, 17), (333, 64), (50, 700), (3, 70_000)])
  func sumsChannels(rows: Int, channels: Int) {
    let values = numbers(rows * channels, "values")
    var sums = [Float](repeating: .nan, count: channels)
    expectSuccess(conednn_channel_sum(Int64(rows), Int32(channels), values, &sums))
    expectSums(sums, channelSums(values, channels: channels), relative: 1e-7, "sums")
  }

  @Test func sameBytesFromManyThreadsAsAlone() {
    let cases = Array(Self.grid.prefix(24) + Self.special)
    @Sendable func results(_ sizes: ConvolutionCase) -> [[Float]] {
      conednn_set_threads(1)
      var shape = sizes.shape
      let input = numbers(sizes.inputCount, "input")
      let weights = numbers(sizes.weightCount, "weights")
      let output = numbers(sizes.outputCount, "output")
      let bias = numbers(300, "bias")
      var forward = [Float](repeating: 0, count: sizes.outputCount)
      var transposed = [Float](repeating: 0, count: sizes.inputCount)
      var gradient = [Float](repeating: 0, count: sizes.weightCount)
      var sums = [Float](repeating: 0, count: sizes.channels.output)
      expectSuccess(conednn_convolution_forward(&shape, input, weights, bias, CONEDNN_SIGMOID, 0, &forward))
      expectSuccess(conednn_convolution_transposed(&shape, output, weights, bias, CONEDNN_RELU, 0, &transposed))
      expectSuccess(conednn_convolution_weights_gradient(&shape, input, output, &gradient, &sums))
      return [forward, transposed, gradient, sums]
    }
    let previous = conednn_threads()
    defer { conednn_set_threads(previous) }
    let alone = cases.map(results)
    DispatchQueue.concurrentPerform(iterations: 8) { worker in
      for round in 0..<cases.count {
        let index = (round + worker * 5) % cases.count
        if worker == 3 && round % 8 == 0 { conednn_release() }
        #expect(results(cases[index]) == alone[index], "\(cases[index].testDescription)")
      }
    }
  }
}
