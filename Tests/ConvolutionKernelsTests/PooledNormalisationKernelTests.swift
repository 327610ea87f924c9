import COneDNN
import ConvolutionKernels
import Testing

/// Normalisation, pooling and leaky ReLU in one, against the same in three steps in double precision.
@Suite struct PooledNormalisationKernelTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var batch: Int, height: Int, width: Int, channels: Int, size: (height: Int, width: Int), slope: Float

    var output: (height: Int, width: Int) { (height / size.height, width / size.width) }
    var inputCount: Int { batch * height * width * channels }
    var outputCount: Int { batch * output.height * output.width * channels }
    var shape: conednn_pooling {
      conednn_pooling(
        batch: Int32(batch), channels: Int32(channels), input_height: Int32(height), input_width: Int32(width),
        output_height: Int32(output.height), output_width: Int32(output.width), kernel_height: Int32(size.height),
        kernel_width: Int32(size.width), stride_height: Int32(size.height), stride_width: Int32(size.width),
        padding_top: 0, padding_left: 0, padding_bottom: 0, padding_right: 0)
    }
    var testDescription: String { "\(batch)x\(height)x\(width)x\(channels), windows \(size), slope \(slope)" }

    /// The inputs of the window of an output element.
    func window(of element: Int) -> [Int] {
      let channel = element % channels
      let x = element / channels % output.width
      let y = element / channels / output.width % output.height
      let image = element / channels / output.width / output.height
      return (0..<size.height).flatMap { v in
        (0..<size.width).map { u in
          ((image * height + y * size.height + v) * width + x * size.width + u) * channels + channel
        }
      }
    }
  }

  static let cases: [Case] = [
    Case(batch: 2, height: 6, width: 8, channels: 8, size: (2, 2), slope: 0.01),
    Case(batch: 3, height: 7, width: 5, channels: 3, size: (2, 2), slope: 0),
    Case(batch: 1, height: 9, width: 11, channels: 17, size: (3, 2), slope: 1),
    Case(batch: 2, height: 4, width: 5, channels: 16, size: (1, 1), slope: 0.2),
    Case(batch: 4, height: 41, width: 39, channels: 24, size: (2, 2), slope: 0.01),
  ]

  @Test(arguments: cases, [1, 2] as [Int32])
  func meetsThreeSteps(_ sizes: Case, threads: Int32) {
    let previous = conednn_threads()
    conednn_set_threads(threads)
    defer { conednn_set_threads(previous) }
    let epsilon: Float = 1e-5
    let channels = sizes.channels
    var shape = sizes.shape
    let input = numbers(sizes.inputCount, "input").map { 2 + $0 }
    // Some channels have a negative scale, for which the largest output comes of the smallest input.
    let scale = numbers(channels, "scale")
    let shift = numbers(channels, "shift")
    let gradient = numbers(sizes.outputCount, "gradient")
    let reference = NormalisationKernelTests.Reference(input, channels: channels, epsilon: Double(epsilon))
    let normalised = reference.normalised.enumerated().map { index, value in
      value * Double(scale[index % channels]) + Double(shift[index % channels])
    }
    let slope = Double(sizes.slope)
    var expected: [Double] = []
    var atMaximum = [Double](repeating: 0, count: sizes.inputCount)
    for element in 0..<sizes.outputCount {
      let window = sizes.window(of: element)
      let place = window.max { normalised[$0] < normalised[$1] }!
      let value = normalised[place]
      expected.append(value > 0 ? value : slope * value)
      atMaximum[place] = Double(gradient[element]) * (value > 0 ? 1 : slope)
    }

    var mean = [Float](repeating: .nan, count: channels)
    var variance = mean
    var output = [Float](repeating: .nan, count: sizes.outputCount)
    expectSuccess(
      conednn_pooled_normalisation_forward(
        &shape, epsilon, sizes.slope, input, scale, shift, &mean, &variance, &output))
    expectNear(output, expected, "output")
    var inference = output.map { _ in Float.nan }
    expectSuccess(
      conednn_pooled_normalisation_inference(
        &shape, epsilon, sizes.slope, input, scale, shift, mean, variance, &inference))
    #expect(inference == output)

    let rows = Double(sizes.inputCount / channels)
    var shiftSums = [Double](repeating: 0, count: channels)
    var scaleSums = shiftSums
    for index in 0..<sizes.inputCount {
      shiftSums[index % channels] += atMaximum[index]
      scaleSums[index % channels] += atMaximum[index] * reference.normalised[index]
    }
    let byInput = (0..<sizes.inputCount).map { index in
      let channel = index % channels
      let gain = Double(scale[channel]) / (reference.variance[channel] + Double(epsilon)).squareRoot()
      return gain
        * (atMaximum[index] - shiftSums[channel] / rows - reference.normalised[index] * scaleSums[channel] / rows)
    }
    var inputGradient = [Float](repeating: .nan, count: sizes.inputCount)
    var scaleGradient = [Float](repeating: .nan, count: channels)
    var shiftGradient = scaleGradient
    expectSuccess(
      conednn_pooled_normalisation_backward(
        &shape, epsilon, sizes.slope, input, gradient, scale, shift, mean, variance, &inputGradient, &scaleGradient,
        &shiftGradient))
    expectNear(inputGradient, byInput, "gradient by the input")
    expectNear(scaleGradient, scaleSums, "gradient by the scale")
    expectNear(shiftGradient, shiftSums, "gradient by the shift")
  }

  @Test func sendsTheGradientToTheFirstOfEquals() {
    var shape = Case(batch: 1, height: 2, width: 4, channels: 1, size: (2, 2), slope: 1).shape
    // One window of equals, and one with its largest in the last place.
    let input: [Float] = [1, 1, 0, 0, 1, 1, 0, 3]
    let mean: [Float] = [0]
    let variance: [Float] = [1]
    var byInput = [Float](repeating: .nan, count: 8)
    var byScale: [Float] = [0]
    var byShift: [Float] = [0]
    expectSuccess(
      conednn_pooled_normalisation_backward(
        &shape, 0, 1, input, [1, -1], [1], [0], mean, variance, &byInput, &byScale, &byShift))
    // by shift = 0, by scale = 1 - 3, so 2 x / 8 is added everywhere.
    #expect(byInput == [1.25, 0.25, 0, 0, 0.25, 0.25, 0, -0.25])
  }

  @Test func refusesOverlappingWindowsAndBadNumbers() {
    let good = Case(batch: 1, height: 4, width: 4, channels: 1, size: (2, 2), slope: 1).shape
    var mean: [Float] = [0]
    var variance: [Float] = [0]
    var output = [Float](repeating: 0, count: 16)
    func code(_ shape: conednn_pooling, _ epsilon: Float, _ slope: Float) -> Int32 {
      var shape = shape
      return conednn_pooled_normalisation_forward(
        &shape, epsilon, slope, output.map { _ in 0 }, [1], [0], &mean, &variance, &output)
    }
    var overlapping = good
    overlapping.stride_height = 1
    overlapping.output_height = 3
    #expect(code(overlapping, 0, 1) == 1)
    #expect(String(cString: conednn_last_error()).contains("overlap"))
    #expect(code(good, -1, 1) == 1)
    #expect(code(good, 0, -0.1) == 1)
    #expect(code(good, 1e-5, 1) == 0)
  }

  private func expectNear(
    _ values: [Float], _ expected: [Double], _ what: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(values.count == expected.count, sourceLocation: sourceLocation)
    let scale = max(1, expected.map(abs).max() ?? 1)
    let worst = values.indices.max { abs(Double(values[$0]) - expected[$0]) < abs(Double(values[$1]) - expected[$1]) }!
    #expect(
      abs(Double(values[worst]) - expected[worst]) < 5e-6 * scale,
      "\(what): element \(worst) is \(values[worst]), not \(expected[worst])", sourceLocation: sourceLocation)
  }
}
