import COneDNN
import ConvolutionKernels
import Foundation
import Tensors
import Testing

/// Convolutions of images in bfloat16. With small whole numbers every step of every kernel is exact, so the sums are exact too.
@Suite struct MixedConvolutionTests {
  private static let kinds = [CONEDNN_FLOAT32, CONEDNN_BFLOAT16]

  /// Images of one kind of number.
  private struct Images {
    let element: conednn_element
    var floats: [Float]
    var halves: [UInt16]

    init(_ values: [Float], _ element: conednn_element) {
      self.element = element
      floats = values
      halves = Tensor([values.count], values: values).converted(to: .bfloat16).halfValues
    }

    /// Room for as many, filled with what is no number.
    init(count: Int, _ element: conednn_element) {
      self.element = element
      floats = Array(repeating: .nan, count: count)
      halves = Array(repeating: 0x7fc0, count: count)
    }

    /// What is held, rounded to the kind of number.
    var values: [Float] {
      element == CONEDNN_FLOAT32 ? floats : halves.map { Float(bitPattern: UInt32($0) << 16) }
    }

    func read<Result>(_ body: (conednn_source) -> Result) -> Result {
      element == CONEDNN_FLOAT32
        ? floats.withUnsafeBytes { body(conednn_source(values: $0.baseAddress!, element: element)) }
        : halves.withUnsafeBytes { body(conednn_source(values: $0.baseAddress!, element: element)) }
    }

    mutating func write<Result>(_ body: (conednn_target) -> Result) -> Result {
      element == CONEDNN_FLOAT32
        ? floats.withUnsafeMutableBytes { body(conednn_target(values: $0.baseAddress!, element: element)) }
        : halves.withUnsafeMutableBytes { body(conednn_target(values: $0.baseAddress!, element: element)) }
    }
  }

  private func whole(_ count: Int, _ purpose: String, within bound: Float, times unit: Float = 1) -> [Float] {
    numbers(count, purpose).map { unit * ($0 * bound).rounded() }
  }

  /// A comparison of thousands of values that names the first that differ, not all.
  private func expectSame(_ values: [Float], _ expected: [Float], _ what: String) {
    let different = zip(values, expected).enumerated().filter { $1.0 != $1.1 }
    let first = different.first.map { "at \($0): \($1.0), not \($1.1)" } ?? ""
    let isSame = different.isEmpty
    #expect(isSame, "\(what): \(different.count) of \(values.count) differ, \(first)")
  }

  private func rounded(_ sums: ProductSums, _ element: conednn_element) -> [Float] {
    Images(sums.values.map { Float($0) }, element).values
  }

  @Test(arguments: ConvolutionKernelTests.special, [1, 2])
  func wholeNumbersAreExact(_ sizes: ConvolutionCase, threads: Int32) {
    let previous = conednn_threads()
    conednn_set_threads(threads)
    defer { conednn_set_threads(previous) }
    var shape = sizes.shape
    let input = whole(sizes.inputCount, "input", within: 2)
    let output = whole(sizes.outputCount, "output", within: 2)
    let weights = whole(sizes.weightCount, "weights", within: 1, times: 4)
    let forward = sizes.referenceForward(input, weights)
    let transposed = sizes.referenceTransposed(output, weights)
    let byWeights = sizes.referenceWeightsGradient(input, output).values.map { Float($0) }
    for one in Self.kinds {
      for other in Self.kinds {
        let (inputs, outputs) = (Images(input, one), Images(output, other))
        var result = Images(count: sizes.outputCount, other)
        expectSuccess(
          inputs.read { from in
            result.write {
              conednn_mixed_convolution_forward(&shape, from, weights, nil, CONEDNN_IDENTITY, 0, $0)
            }
          })
        expectSame(result.values, rounded(forward, other), "forward")
        var back = Images(count: sizes.inputCount, one)
        expectSuccess(
          outputs.read { from in
            back.write {
              conednn_mixed_convolution_transposed(&shape, from, weights, nil, CONEDNN_IDENTITY, 0, $0)
            }
          })
        expectSame(back.values, rounded(transposed, one), "transposed")
        var gradient = [Float](repeating: .nan, count: sizes.weightCount)
        var biasGradient = [Float](repeating: .nan, count: sizes.channels.output)
        expectSuccess(
          inputs.read { from in
            outputs.read {
              conednn_mixed_convolution_weights_gradient(&shape, from, $0, &gradient, &biasGradient)
            }
          })
        expectSame(gradient, byWeights, "weights' gradient")
        expectSame(
          biasGradient, channelSums(output, channels: sizes.channels.output).values.map { Float($0) }, "sums")
      }
    }
  }

  /// Of any numbers: within what rounding the operands to 8 binary digits does to a sum, and not exact where the
  /// processor multiplies bfloat16 numbers, or the kernels would not be those that this tests.
  @Test func otherNumbersAreRounded() {
    let sizes = ConvolutionCase(
      batch: 2, channels: (64, 32), output: (27, 26), kernel: (5, 5), stride: (2, 2), padding: (2, 2, 2, 2))
    var shape = sizes.shape
    let (input, weights) = (numbers(sizes.inputCount, "input"), numbers(sizes.weightCount, "weights"))
    var result = [Float](repeating: .nan, count: sizes.outputCount)
    expectSuccess(
      Images(input, CONEDNN_BFLOAT16).read { from in
        result.withUnsafeMutableBytes {
          conednn_mixed_convolution_forward(
            &shape, from, weights, nil, CONEDNN_IDENTITY, 0,
            conednn_target(values: $0.baseAddress!, element: CONEDNN_FLOAT32))
        }
      })
    let reference = sizes.referenceForward(input, weights).values
    let error = zip(result, reference).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
    let size = reference.reduce(0) { $0 + $1 * $1 }
    let relative = (error / size).squareRoot()
    #expect(relative < 0.01 && relative > 0.0005, "\(relative)")
  }

  @Test func biasAndActivationsAreApplied() {
    let sizes = ConvolutionCase(
      batch: 3, channels: (16, 16), output: (9, 11), kernel: (4, 4), stride: (2, 2), padding: (1, 1, 1, 1))
    var shape = sizes.shape
    let input = whole(sizes.inputCount, "input", within: 2)
    let weights = whole(sizes.weightCount, "weights", within: 1, times: 4)
    let bias = whole(16, "bias", within: 9)
    let sums = sizes.referenceForward(input, weights).values
    for activation in [CONEDNN_RELU, CONEDNN_SIGMOID] {
      for kind in Self.kinds {
        var result = Images(count: sizes.outputCount, kind)
        expectSuccess(
          Images(input, CONEDNN_BFLOAT16).read { from in
            result.write { conednn_mixed_convolution_forward(&shape, from, weights, bias, activation, 0, $0) }
          })
        for (index, value) in result.values.enumerated() {
          let x = Float(sums[index]) + bias[index % 16]
          let expected = activation == CONEDNN_RELU ? max(x, 0) : 1 / (1 + exp(-x))
          #expect(abs(value - expected) <= 1e-30 + (kind == CONEDNN_FLOAT32 ? 1e-6 : 1 / 256) * abs(expected))
        }
      }
    }
  }

  @Test func sumsOfManyRows() {
    let (rows, channels) = (70_000, 17)
    let values = whole(rows * channels, "values", within: 3)
    var sums = [Float](repeating: .nan, count: channels)
    expectSuccess(
      conednn_mixed_channel_sum(Int64(rows), Int32(channels), Images(values, CONEDNN_BFLOAT16).halves, &sums))
    #expect(sums == channelSums(values, channels: channels).values.map { Float($0) })
  }

  @Test func badArgumentsAreRefused() {
    var shape = ConvolutionKernelTests.special[0].shape
    let unknown = conednn_element(rawValue: 7)
    var values: [Float] = [0]
    let code = values.withUnsafeMutableBytes { bytes in
      conednn_mixed_convolution_forward(
        &shape, conednn_source(values: bytes.baseAddress!, element: unknown), [0], nil, CONEDNN_IDENTITY, 0,
        conednn_target(values: bytes.baseAddress!, element: CONEDNN_FLOAT32))
    }
    #expect(code == Int32(CONEDNN_BAD_SHAPE.rawValue))
  }
}
