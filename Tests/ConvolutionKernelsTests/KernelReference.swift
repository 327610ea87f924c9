import COneDNN
import Randomness
import Testing

/// A convolution's shape, built from the size of its output.
struct ConvolutionCase: CustomTestStringConvertible, Sendable {
  var batch = 2
  var input = (height: 0, width: 0)
  var channels: (input: Int, output: Int)
  var output: (height: Int, width: Int)
  var kernel: (height: Int, width: Int)
  var stride: (height: Int, width: Int)
  var padding: (top: Int, left: Int, bottom: Int, right: Int)

  /// - Parameter rest: how many lines of the input lie beyond the last window (PyTorch's output padding of a transposed
  ///   convolution).
  init(
    batch: Int, channels: (input: Int, output: Int), output: (height: Int, width: Int),
    kernel: (height: Int, width: Int), stride: (height: Int, width: Int),
    padding: (top: Int, left: Int, bottom: Int, right: Int), rest: (height: Int, width: Int) = (0, 0)
  ) {
    self.batch = batch
    self.channels = channels
    self.output = output
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    let height = (output.height - 1) * stride.height + kernel.height - padding.top - padding.bottom
    let width = (output.width - 1) * stride.width + kernel.width - padding.left - padding.right
    input = (height + min(rest.height, stride.height - 1), width + min(rest.width, stride.width - 1))
  }

  var shape: conednn_convolution {
    conednn_convolution(
      batch: Int32(batch), input_height: Int32(input.height), input_width: Int32(input.width),
      input_channels: Int32(channels.input), output_height: Int32(output.height), output_width: Int32(output.width),
      output_channels: Int32(channels.output), kernel_height: Int32(kernel.height), kernel_width: Int32(kernel.width),
      stride_height: Int32(stride.height), stride_width: Int32(stride.width), padding_top: Int32(padding.top),
      padding_left: Int32(padding.left), padding_bottom: Int32(padding.bottom), padding_right: Int32(padding.right))
  }

  var inputCount: Int { batch * input.height * input.width * channels.input }
  var outputCount: Int { batch * output.height * output.width * channels.output }
  var weightCount: Int { channels.output * channels.input * kernel.height * kernel.width }

  var testDescription: String {
    "\(batch)x\(input.height)x\(input.width)x\(channels.input) -> \(output.height)x\(output.width)x\(channels.output), "
      + "kernel \(kernel), stride \(stride), padding \(padding)"
  }

  /// Calls `body(output index, input index, weight index)` for every product in the convolution, in PyTorch's definition.
  func forEachProduct(_ body: (Int, Int, Int) -> Void) {
    for image in 0..<batch {
      for y in 0..<output.height {
        for x in 0..<output.width {
          for v in 0..<kernel.height {
            for u in 0..<kernel.width {
              let line = y * stride.height - padding.top + v
              let column = x * stride.width - padding.left + u
              guard (0..<input.height).contains(line), (0..<input.width).contains(column) else { continue }
              for o in 0..<channels.output {
                let result = ((image * output.height + y) * output.width + x) * channels.output + o
                for i in 0..<channels.input {
                  body(
                    result, ((image * input.height + line) * input.width + column) * channels.input + i,
                    ((o * channels.input + i) * kernel.height + v) * kernel.width + u)
                }
              }
            }
          }
        }
      }
    }
  }
}

/// A slow sum of products in double precision, with the sum of their magnitudes, which bounds what rounding may do.
struct ProductSums {
  var values: [Double]
  var magnitudes: [Double]

  init(count: Int) {
    values = Array(repeating: 0, count: count)
    magnitudes = values
  }
}

/// The sum of each channel over all rows.
func channelSums(_ values: [Float], channels: Int) -> ProductSums {
  var result = ProductSums(count: channels)
  for (index, value) in values.enumerated() {
    result.values[index % channels] += Double(value)
    result.magnitudes[index % channels] += abs(Double(value))
  }
  return result
}

extension ConvolutionCase {
  func referenceForward(_ input: [Float], _ weights: [Float]) -> ProductSums {
    sums(count: outputCount, input, weights) { output, input, weight in (output, input, weight) }
  }

  func referenceTransposed(_ outputLike: [Float], _ weights: [Float]) -> ProductSums {
    sums(count: inputCount, outputLike, weights) { output, input, weight in (input, output, weight) }
  }

  func referenceWeightsGradient(_ input: [Float], _ outputGradient: [Float]) -> ProductSums {
    sums(count: weightCount, input, outputGradient) { output, input, weight in (weight, input, output) }
  }

  private func sums(
    count: Int, _ first: [Float], _ second: [Float], places: (Int, Int, Int) -> (Int, Int, Int)
  ) -> ProductSums {
    var result = ProductSums(count: count)
    result.values.withUnsafeMutableBufferPointer { values in
      result.magnitudes.withUnsafeMutableBufferPointer { magnitudes in
        first.withUnsafeBufferPointer { first in
          second.withUnsafeBufferPointer { second in
            forEachProduct { output, input, weight in
              let place = places(output, input, weight)
              let product = Double(first[place.1]) * Double(second[place.2])
              values[place.0] += product
              magnitudes[place.0] += abs(product)
            }
          }
        }
      }
    }
    return result
  }
}

/// Numbers in -1 ..< 1.
func numbers(_ count: Int, _ purpose: String, seed: UInt64 = 1) -> [Float] {
  var stream = RandomStream(seed: seed, purpose: purpose)
  return (0..<count).map { _ in Float(2 * stream.uniform() - 1) }
}

/// Fails unless every value is the expected one, within the rounding of single precision for sums of these magnitudes.
func expectSums(
  _ values: [Float], _ expected: ProductSums, relative: Double = 2e-6, absolute: Double = 2e-6, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard values.count == expected.values.count else {
    Issue.record("\(what): \(values.count) values, not \(expected.values.count)", sourceLocation: sourceLocation)
    return
  }
  var worst = (index: 0, excess: -Double.infinity)
  for index in values.indices {
    let error = abs(Double(values[index]) - expected.values[index])
    let excess = error - (absolute + relative * expected.magnitudes[index])
    if !(excess <= worst.excess) { worst = (index, excess) }
  }
  if !(worst.excess <= 0) {
    Issue.record(
      "\(what): element \(worst.index) is \(values[worst.index]), not \(expected.values[worst.index])",
      sourceLocation: sourceLocation)
  }
}

/// Fails unless the code is that of success.
func expectSuccess(_ code: Int32, sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(code == 0, "\(String(cString: conednn_last_error()))", sourceLocation: sourceLocation)
}

extension ProductSums {
  /// With a bias for each channel added and a function of slope at most 1 applied.
  func finished(_ bias: [Float]?, _ channels: Int, _ function: (Double) -> Double) -> ProductSums {
    var result = self
    for index in values.indices {
      result.values[index] = function(values[index] + Double(bias?[index % channels] ?? 0))
    }
    return result
  }
}
