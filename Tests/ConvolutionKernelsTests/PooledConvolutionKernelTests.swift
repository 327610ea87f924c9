import COneDNN
import ConvolutionKernels
import Testing

/// A stage in one operation (convolution, batch normalisation, pooling, leaky ReLU) against the same in steps in double
/// precision.
@Suite struct PooledConvolutionKernelTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var batch: Int, size: (height: Int, width: Int), channels: (input: Int, output: Int)
    var padding = 0
    var slope: Float = 0.01

    var convolution: ConvolutionCase {
      ConvolutionCase(
        batch: batch, channels: channels, output: (size.height + 2 * padding - 2, size.width + 2 * padding - 2),
        kernel: (3, 3), stride: (1, 1), padding: (padding, padding, padding, padding))
    }
    var shape: conednn_pooled_convolution {
      conednn_pooled_convolution(convolution: convolution.shape, epsilon: 1e-5, slope: slope)
    }
    var pooled: (height: Int, width: Int) { (convolution.output.height / 2, convolution.output.width / 2) }
    var outputCount: Int { batch * pooled.height * pooled.width * channels.output }
    /// The many-channel kernel makes the gradient by the input; the other's input is an image.
    var hasInputGradient: Bool { channels.input > 1 }
    var testDescription: String { "\(batch)x\(size)x\(channels), padding \(padding), slope \(slope)" }

    /// The values of the convolution under the window of an output element.
    func window(of element: Int) -> [Int] {
      let (height, width) = convolution.output
      let channel = element % channels.output
      let x = element / channels.output % pooled.width
      let y = element / channels.output / pooled.width % pooled.height
      let image = element / channels.output / pooled.width / pooled.height
      return (0..<4).map {
        ((image * height + y * 2 + $0 / 2) * width + x * 2 + $0 % 2) * channels.output + channel
      }
    }
  }

  static let cases: [Case] = [
    Case(batch: 2, size: (10, 12), channels: (1, 8)),
    Case(batch: 3, size: (11, 7), channels: (1, 16), padding: 1, slope: 0),
    Case(batch: 70, size: (5, 9), channels: (1, 8), slope: 1),
    Case(batch: 2, size: (8, 30), channels: (8, 16)),
    Case(batch: 3, size: (9, 17), channels: (16, 8), padding: 1, slope: 0),
    Case(batch: 70, size: (7, 6), channels: (8, 24)),
    Case(batch: 2, size: (6, 13), channels: (16, 32), padding: 1, slope: 1),
  ]

  struct Inputs {
    var image: [Float], weights: [Float], bias: [Float], scale: [Float], shift: [Float], gradient: [Float]

    init(_ sizes: Case) {
      let channels = sizes.channels.output
      image = numbers(sizes.convolution.inputCount, "image").map { 0.5 + $0 / 2 }
      weights = numbers(sizes.convolution.weightCount, "weights")
      bias = numbers(channels, "bias")
      // Some channels have a negative scale, for which the largest output comes of the smallest value.
      scale = numbers(channels, "scale")
      shift = numbers(channels, "shift")
      gradient = numbers(sizes.outputCount, "gradient")
    }
  }

  struct Results: Equatable {
    var mean: [Float], variance: [Float], output: [Float], applied: [Float]
    var byImage: [Float], byWeights: [Float], byScale: [Float], byShift: [Float]
  }

  private func run(_ sizes: Case, _ inputs: Inputs, threads: Int32) -> Results {
    let previous = conednn_threads()
    conednn_set_threads(threads)
    defer { conednn_set_threads(previous) }
    var shape = sizes.shape
    let none = [Float](repeating: .nan, count: sizes.channels.output)
    var result = Results(
      mean: none, variance: none, output: [Float](repeating: .nan, count: sizes.outputCount), applied: [],
      byImage: [Float](repeating: .nan, count: sizes.hasInputGradient ? inputs.image.count : 0),
      byWeights: [Float](repeating: .nan, count: inputs.weights.count), byScale: none, byShift: none)
    result.applied = result.output
    #expect(conednn_has_pooled_convolution(&shape, sizes.hasInputGradient ? 1 : 0) == 1)
    var bytes = 0
    expectSuccess(conednn_pooled_convolution_kept_size(&shape, &bytes))
    let kept = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    defer { kept.deallocate() }
    expectSuccess(
      conednn_pooled_convolution_forward(
        &shape, inputs.image, inputs.weights, inputs.bias, inputs.scale, inputs.shift, &result.mean, &result.variance,
        &result.output, kept))
    expectSuccess(
      conednn_pooled_convolution_inference(
        &shape, inputs.image, inputs.weights, inputs.bias, inputs.scale, inputs.shift, result.mean, result.variance,
        &result.applied))
    result.byImage.withUnsafeMutableBufferPointer { byImage in
      expectSuccess(
        conednn_pooled_convolution_backward(
          &shape, inputs.image, inputs.gradient, inputs.weights, inputs.bias, inputs.scale, inputs.shift, result.mean,
          result.variance, kept, sizes.hasInputGradient ? byImage.baseAddress : nil, &result.byWeights, &result.byScale,
          &result.byShift))
    }
    return result
  }

  /// The same in steps.
  private struct Reference {
    var statistics: NormalisationKernelTests.Reference
    var output: [Double] = []
    var scaleSums: [Double], shiftSums: [Double]
    /// The gradient by the convolution's output, and the same without what goes through the statistics.
    var gradient: [Float] = [], atMaxima: [Float] = []

    init(_ sizes: Case, _ inputs: Inputs) {
      let channels = sizes.channels.output
      let values = sizes.convolution.referenceForward(inputs.image, inputs.weights).values.enumerated().map {
        $1 + Double(inputs.bias[$0 % channels])
      }
      statistics = NormalisationKernelTests.Reference(values.map { Float($0) }, channels: channels, epsilon: 1e-5)
      let statistics = statistics
      let normalised = statistics.normalised.enumerated().map { index, value in
        value * Double(inputs.scale[index % channels]) + Double(inputs.shift[index % channels])
      }
      var atMaximum = [Double](repeating: 0, count: values.count)
      let slope = Double(sizes.slope)
      for element in 0..<sizes.outputCount {
        let place = sizes.window(of: element).max { normalised[$0] < normalised[$1] }!
        output.append(normalised[place] > 0 ? normalised[place] : slope * normalised[place])
        atMaximum[place] = Double(inputs.gradient[element]) * (normalised[place] > 0 ? 1 : slope)
      }
      scaleSums = Array(repeating: 0, count: channels)
      shiftSums = scaleSums
      for index in values.indices {
        shiftSums[index % channels] += atMaximum[index]
        scaleSums[index % channels] += atMaximum[index] * statistics.normalised[index]
      }
      let rows = Double(values.count / channels)
      for index in values.indices {
        let channel = index % channels
        let gain = Double(inputs.scale[channel]) / (statistics.variance[channel] + 1e-5).squareRoot()
        let dense = shiftSums[channel] / rows + statistics.normalised[index] * scaleSums[channel] / rows
        gradient.append(Float(gain * (atMaximum[index] - dense)))
        atMaxima.append(Float(gain * atMaximum[index]))
      }
    }
  }

  @Test(arguments: cases, [1, 2] as [Int32])
  func meetsTheSteps(_ sizes: Case, threads: Int32) {
    let inputs = Inputs(sizes)
    let reference = Reference(sizes, inputs)
    let result = run(sizes, inputs, threads: threads)
    expectNear(result.mean, reference.statistics.mean, "mean")
    expectNear(result.variance, reference.statistics.variance, "variance")
    expectNear(result.output, reference.output, "output")
    expectNear(result.applied, result.output.map { Double($0) }, "output by given statistics")
    expectNear(result.byScale, reference.scaleSums, "gradient by the scale")
    expectNear(result.byShift, reference.shiftSums, "gradient by the shift")
    let byWeights = sizes.convolution.referenceWeightsGradient(inputs.image, reference.gradient)
    expectNear(result.byWeights, byWeights.values, "gradient by the weights")
    if sizes.hasInputGradient {
      let byImage = sizes.convolution.referenceTransposed(reference.gradient, inputs.weights)
      expectNear(result.byImage, byImage.values, "gradient by the input")
    }
    // A gradient that takes the statistics for constants is another one.
    let broken = sizes.convolution.referenceWeightsGradient(inputs.image, reference.atMaxima)
    #expect(worst(result.byWeights, broken.values).error > 100 * tolerance)
  }

  @Test(arguments: cases) func anyNumberOfThreadsGivesTheSameBytes(_ sizes: Case) {
    let inputs = Inputs(sizes)
    let one = run(sizes, inputs, threads: 1)
    #expect(run(sizes, inputs, threads: 2) == one)
    #expect(run(sizes, inputs, threads: 3) == one)
  }

  @Test(arguments: [1, 8]) func sendsTheGradientToTheFirstOfEquals(channels: Int) {
    // An image of equal pixels but for its last line, which only lower windows see.
    let sizes = Case(batch: 1, size: (7, 6), channels: (channels, 8), slope: 1)
    var inputs = Inputs(sizes)
    let line = 6 * channels
    for index in inputs.image.indices { inputs.image[index] = index / line < 5 ? 0.25 : inputs.image[index] }
    inputs.gradient = inputs.gradient.map { _ in 1 }
    let reference = Reference(sizes, inputs)
    let result = run(sizes, inputs, threads: 1)
    let expected = sizes.convolution.referenceWeightsGradient(inputs.image, reference.gradient)
    // `max` takes the first of equals, too.
    expectNear(result.byWeights, expected.values, "gradient by the weights")
  }

  @Test func refusesWhatItHasNoKernelFor() {
    func has(_ change: (inout conednn_pooled_convolution) -> Void, inputGradient: Int32 = 0) -> Bool {
      var shape = Case(batch: 2, size: (10, 12), channels: (8, 16)).shape
      change(&shape)
      return conednn_has_pooled_convolution(&shape, inputGradient) == 1
    }
    #expect(has({ _ in }, inputGradient: 1))
    #expect(has { $0.convolution.input_channels = 1 })
    #expect(!has({ $0.convolution.input_channels = 1 }, inputGradient: 1))
    #expect(!has { $0.convolution.input_channels = 3 })
    #expect(!has { $0.convolution.output_channels = 12 })
    #expect(!has { $0.slope = -1 })
    #expect(!has { $0.epsilon = -1 })
    #expect(
      !has {
        ($0.convolution.stride_height, $0.convolution.stride_width) = (2, 2)
        ($0.convolution.output_height, $0.convolution.output_width) = (4, 5)
      })
    var three = Case(batch: 1, size: (6, 6), channels: (3, 8)).shape
    var bytes = 0
    #expect(conednn_pooled_convolution_kept_size(&three, &bytes) == 1)
    #expect(String(cString: conednn_last_error()).contains("no kernel"))
  }

  private let tolerance = 1e-5

  private func worst(_ values: [Float], _ expected: [Double]) -> (index: Int, error: Double) {
    let scale = max(1, expected.map(abs).max() ?? 1)
    let index = values.indices.max { abs(Double(values[$0]) - expected[$0]) < abs(Double(values[$1]) - expected[$1]) }!
    return (index, abs(Double(values[index]) - expected[index]) / scale)
  }

  private func expectNear(
    _ values: [Float], _ expected: [Double], _ what: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard values.count == expected.count, !values.contains(where: \.isNaN) else {
      Issue.record("\(what): \(values.count) values, some perhaps unset", sourceLocation: sourceLocation)
      return
    }
    let (index, error) = worst(values, expected)
    #expect(
      error < tolerance, "\(what): element \(index) is \(values[index]), not \(expected[index])",
      sourceLocation: sourceLocation)
  }
}
