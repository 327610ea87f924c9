import COneDNN
import Testing

/// Batch normalisation of the shim against its formulas in double precision.
@Suite struct NormalisationKernelTests {
  static let shapes = [
    (rows: 2, channels: 1), (35, 3), (240, 8), (1000, 16), (77, 17), (6000, 32), (9, 256), (3, 1000),
  ]
  let epsilon: Float = 1e-5

  /// The statistics of each channel and the normalised values, in double precision.
  struct Reference {
    var mean: [Double], variance: [Double], normalised: [Double]

    init(_ values: [Float], channels: Int, epsilon: Double) {
      let rows = Double(values.count / channels)
      mean = Array(repeating: 0, count: channels)
      variance = mean
      for (index, value) in values.enumerated() { mean[index % channels] += Double(value) / rows }
      for (index, value) in values.enumerated() {
        let difference = Double(value) - mean[index % channels]
        variance[index % channels] += difference * difference / rows
      }
      normalised = []
      for (index, value) in values.enumerated() {
        let channel = index % channels
        normalised.append((Double(value) - mean[channel]) / (variance[channel] + epsilon).squareRoot())
      }
    }
  }

  @Test(arguments: shapes, [1, 2])
  func meetsFormulas(sizes: (rows: Int, channels: Int), threads: Int32) {
    let previous = conednn_threads()
    conednn_set_threads(threads)
    defer { conednn_set_threads(previous) }
    let (rows, channels) = (Int64(sizes.rows), Int32(sizes.channels))
    let count = sizes.rows * sizes.channels
    let input = numbers(count, "input").map { 3 + $0 }
    let gradient = numbers(count, "gradient")
    let scale = numbers(sizes.channels, "scale").map { 1.5 + $0 }
    let shift = numbers(sizes.channels, "shift")
    let reference = Reference(input, channels: sizes.channels, epsilon: Double(epsilon))

    var mean = [Float](repeating: .nan, count: sizes.channels)
    var variance = mean
    var output = [Float](repeating: .nan, count: count)
    expectSuccess(
      conednn_normalisation_forward(
        rows, channels, epsilon, input, scale, shift, &mean, &variance, &output))
    expect(mean, reference.mean, 1e-6, "mean")
    expect(variance, reference.variance, 1e-6, "variance")
    let expected = reference.normalised.enumerated().map { index, value in
      value * Double(scale[index % sizes.channels]) + Double(shift[index % sizes.channels])
    }
    // Rounding the mean matters more the smaller the variance.
    let steepest = 1 / (reference.variance.min() ?? 1).squareRoot()
    expect(output, expected, 2e-6 * steepest, "output")

    var inference = [Float](repeating: .nan, count: count)
    expectSuccess(
      conednn_normalisation_inference(rows, channels, epsilon, input, scale, shift, mean, variance, &inference))
    #expect(inference == output)

    var scaleSums = [Double](repeating: 0, count: sizes.channels)
    var shiftSums = scaleSums
    for index in 0..<count {
      scaleSums[index % sizes.channels] += Double(gradient[index]) * reference.normalised[index]
      shiftSums[index % sizes.channels] += Double(gradient[index])
    }
    let inputExpected = (0..<count).map { index in
      let channel = index % sizes.channels
      let centred =
        Double(gradient[index]) - (shiftSums[channel] + reference.normalised[index] * scaleSums[channel])
        / Double(sizes.rows)
      return Double(scale[channel]) / (reference.variance[channel] + Double(epsilon)).squareRoot() * centred
    }
    var inputGradient = [Float](repeating: .nan, count: count)
    var scaleGradient = [Float](repeating: .nan, count: sizes.channels)
    var shiftGradient = scaleGradient
    expectSuccess(
      conednn_normalisation_backward(
        rows, channels, epsilon, input, gradient, scale, mean, variance, &inputGradient, &scaleGradient,
        &shiftGradient))
    expect(inputGradient, inputExpected, 2e-5 * steepest, "input's gradient")
    expect(scaleGradient, scaleSums, 1e-5 * Double(sizes.rows), "scale's gradient")
    expect(shiftGradient, shiftSums, 1e-5 * Double(sizes.rows), "shift's gradient")
  }

  /// A mean and a variance that single-precision sums lose: oneDNN's own statistics are 1 % off here.
  @Test func staysExactOverMillionsOfRows() {
    let rows = 2_000_000
    let channels = 2
    let input = (0..<rows * channels).map { index in Float(3 + 0.5 * Double((index / channels) % 11 - 5)) }
    let scale: [Float] = [1, 1]
    let shift: [Float] = [0, 0]
    var mean: [Float] = [0, 0]
    var variance: [Float] = [0, 0]
    var output = [Float](repeating: 0, count: rows * channels)
    expectSuccess(
      conednn_normalisation_forward(
        Int64(rows), Int32(channels), epsilon, input, scale, shift, &mean, &variance, &output))
    // The values -5 ... 5 times a half about 3: variance 10 / 4; 2,000,000 is 11 x 181,818 + 2.
    for channel in 0..<channels {
      #expect(abs(mean[channel] - 3) < 1e-5)
      #expect(abs(variance[channel] - 2.5) < 1e-5)
    }
  }

  @Test func refusesBadShapes() {
    var one: [Float] = [0]
    var two: [Float] = [0]
    var three: [Float] = [0]
    #expect(conednn_normalisation_forward(0, 1, 1e-5, [0], [1], [0], &one, &two, &three) == 1)
    #expect(String(cString: conednn_last_error()).contains("rows is 0"))
    #expect(conednn_normalisation_inference(1, 1, -1, [0], [1], [0], [0], [1], &one) == 1)
    #expect(String(cString: conednn_last_error()).contains("epsilon"))
    #expect(conednn_normalisation_backward(1, -2, 1e-5, [0], [0], [1], [0], [1], &one, &two, &three) == 1)
    #expect(String(cString: conednn_last_error()).contains("channels is -2"))
  }

  private func expect(
    _ values: [Float], _ expected: [Double], _ tolerance: Double, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let sums = ProductSums(values: expected, magnitudes: expected.map(abs))
    expectSums(values, sums, relative: 2e-6, absolute: tolerance, what, sourceLocation: sourceLocation)
  }
}

extension ProductSums {
  init(values: [Double], magnitudes: [Double]) {
    self.init(count: 0)
    self.values = values
    self.magnitudes = magnitudes
  }
}
