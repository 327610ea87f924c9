import COneDNN
import Testing

/// Max pooling of the shim against a slow plain reference.
@Suite struct PoolingKernelTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var batch = 2
    var channels: Int
    var input: (height: Int, width: Int)
    var kernel: (height: Int, width: Int)
    var stride: (height: Int, width: Int)
    var padding: (top: Int, left: Int, bottom: Int, right: Int) = (0, 0, 0, 0)

    var output: (height: Int, width: Int) {
      (
        (input.height + padding.top + padding.bottom - kernel.height) / stride.height + 1,
        (input.width + padding.left + padding.right - kernel.width) / stride.width + 1
      )
    }
    var shape: conednn_pooling {
      conednn_pooling(
        batch: Int32(batch), channels: Int32(channels), input_height: Int32(input.height),
        input_width: Int32(input.width), output_height: Int32(output.height), output_width: Int32(output.width),
        kernel_height: Int32(kernel.height), kernel_width: Int32(kernel.width), stride_height: Int32(stride.height),
        stride_width: Int32(stride.width), padding_top: Int32(padding.top), padding_left: Int32(padding.left),
        padding_bottom: Int32(padding.bottom), padding_right: Int32(padding.right))
    }
    var inputCount: Int { batch * input.height * input.width * channels }
    var outputCount: Int { batch * output.height * output.width * channels }
    var testDescription: String {
      "\(batch)x\(input.height)x\(input.width)x\(channels), kernel \(kernel), stride \(stride), padding \(padding)"
    }

    /// Where in the input each output's maximum is.
    func places(_ values: [Float]) -> [Int] {
      var result: [Int] = []
      for image in 0..<batch {
        for y in 0..<output.height {
          for x in 0..<output.width {
            for channel in 0..<channels {
              var best: Int?
              for v in 0..<kernel.height {
                for u in 0..<kernel.width {
                  let line = y * stride.height - padding.top + v
                  let column = x * stride.width - padding.left + u
                  guard (0..<input.height).contains(line), (0..<input.width).contains(column) else { continue }
                  let place = ((image * input.height + line) * input.width + column) * channels + channel
                  if best.map({ values[place] > values[$0] }) ?? true { best = place }
                }
              }
              if let best { result.append(best) }
            }
          }
        }
      }
      return result
    }
  }

  static let cases: [Case] = [
    Case(channels: 8, input: (12, 10), kernel: (2, 2), stride: (2, 2)),
    Case(channels: 16, input: (9, 11), kernel: (2, 2), stride: (2, 2)),
    Case(channels: 1, input: (7, 8), kernel: (3, 3), stride: (2, 2)),
    Case(channels: 17, input: (8, 7), kernel: (3, 3), stride: (2, 2), padding: (1, 1, 1, 1)),
    Case(channels: 5, input: (9, 9), kernel: (3, 2), stride: (1, 3), padding: (2, 0, 1, 1)),
    Case(channels: 32, input: (6, 6), kernel: (3, 3), stride: (1, 1), padding: (1, 1, 1, 1)),
    Case(channels: 64, input: (4, 4), kernel: (4, 4), stride: (4, 4)),
  ]

  @Test(arguments: cases, [1, 2])
  func meetsReference(_ sizes: Case, threads: Int32) {
    let previous = conednn_threads()
    conednn_set_threads(threads)
    defer { conednn_set_threads(previous) }
    var shape = sizes.shape
    let input = numbers(sizes.inputCount, "input")
    let gradient = numbers(sizes.outputCount, "gradient")
    let places = sizes.places(input)

    var bytes = 0
    expectSuccess(conednn_pooling_workspace_size(&shape, &bytes))
    #expect(bytes >= sizes.outputCount)
    var workspace = [UInt8](repeating: 0, count: bytes)
    var output = [Float](repeating: .nan, count: sizes.outputCount)
    expectSuccess(conednn_pooling_forward(&shape, input, &output, &workspace))
    #expect(output == places.map { input[$0] })
    var inference = [Float](repeating: .nan, count: sizes.outputCount)
    expectSuccess(conednn_pooling_forward(&shape, input, &inference, nil))
    #expect(inference == output)

    var expected = ProductSums(count: sizes.inputCount)
    for (index, place) in places.enumerated() {
      expected.values[place] += Double(gradient[index])
      expected.magnitudes[place] += abs(Double(gradient[index]))
    }
    var inputGradient = [Float](repeating: .nan, count: sizes.inputCount)
    expectSuccess(conednn_pooling_backward(&shape, gradient, workspace, &inputGradient))
    expectSums(inputGradient, expected, "input's gradient")
  }

  @Test func refusesBadShapes() {
    var shape = Case(channels: 4, input: (6, 6), kernel: (2, 2), stride: (2, 2)).shape
    var bytes = 0
    shape.padding_top = 2
    shape.output_height = 4
    #expect(conednn_pooling_workspace_size(&shape, &bytes) == 1)
    #expect(String(cString: conednn_last_error()).contains("padding_top is 2 but must be smaller than the kernel, 2"))
    shape.padding_top = 0
    shape.channels = 0
    var values: [Float] = [0]
    #expect(conednn_pooling_forward(&shape, [0], &values, nil) == 1)
    #expect(conednn_pooling_backward(&shape, [0], [UInt8(0)], &values) == 1)
    #expect(String(cString: conednn_last_error()).contains("channels is 0"))
  }
}
