import COneDNN
import ConvolutionKernels
import Testing

/// Shapes and activations that the shim refuses, with the reason, and leaves the output as it was.
@Suite struct ConvolutionRefusalTests {
  static let bad: [(@Sendable (inout conednn_convolution) -> Void, String)] = [
    ({ $0.batch = 0 }, "batch is 0"), ({ $0.input_channels = -1 }, "input_channels is -1"),
    ({ $0.output_channels = 0 }, "output_channels is 0"), ({ $0.stride_width = 0 }, "stride_width is 0"),
    ({ $0.padding_left = -1 }, "padding_left is -1"), ({ $0.kernel_height = 9 }, "kernel_height is 9"),
    ({ $0.output_height = 4 }, "output_height is 4"), ({ $0.output_width = 2 }, "gives 3"),
    ({ $0.padding_top = .max }, "31 bits"),
    (
      {
        $0.batch = .max
        $0.input_channels = .max
      }, "2^40"
    ),
  ]

  @Test(arguments: bad.indices)
  func refusesBadShapes(_ index: Int) {
    var shape = ConvolutionCase(
      batch: 1, channels: (2, 3), output: (3, 3), kernel: (3, 3), stride: (2, 2), padding: (1, 1, 1, 1)
    ).shape
    Self.bad[index].0(&shape)
    var values: [Float] = [0]
    #expect(conednn_convolution_forward(&shape, [0], [0], nil, CONEDNN_IDENTITY, 0, &values) == 1)
    #expect(String(cString: conednn_last_error()).contains(Self.bad[index].1))
    #expect(String(cString: conednn_last_error()).hasPrefix("conednn_convolution_forward: "))
    #expect(conednn_convolution_transposed(&shape, [0], [0], nil, CONEDNN_IDENTITY, 0, &values) == 1)
    #expect(conednn_convolution_weights_gradient(&shape, [0], [0], &values, nil) == 1)
    #expect(values == [0])
  }

  @Test func refusesAnUnknownActivation() {
    var shape = ConvolutionCase(
      batch: 1, channels: (1, 1), output: (1, 1), kernel: (1, 1), stride: (1, 1), padding: (0, 0, 0, 0)
    ).shape
    var values: [Float] = [0]
    let unknown = conednn_activation(rawValue: 9)
    #expect(conednn_convolution_forward(&shape, [0], [0], nil, unknown, 0, &values) == 1)
    #expect(String(cString: conednn_last_error()).contains("activation is 9"))
  }

  @Test func knowsItsVersion() {
    #expect(conednn_version() >= 20600)
  }
}
