import COneDNN
import Tensors

/// A pair of sizes, down and across.
public struct Extent: Codable, Sendable, Equatable, Hashable {
  public var height: Int
  public var width: Int

  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  /// The same size both ways.
  public init(_ both: Int) { self.init(both, both) }
}

/// How a convolution's window moves: kernel, stride and padding, as in PyTorch.
public struct ConvolutionGeometry: Codable, Sendable, Equatable, Hashable {
  public var kernel: Extent
  public var stride: Extent
  public var padding: Extent

  public init(kernel: Extent, stride: Extent = Extent(1), padding: Extent = Extent(0)) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }

  /// The output's size for an input's: (input + 2 padding - kernel) / stride + 1, rounded down.
  public func outputSize(_ input: Extent) -> Extent {
    Extent(
      (input.height + 2 * padding.height - kernel.height) / stride.height + 1,
      (input.width + 2 * padding.width - kernel.width) / stride.width + 1)
  }

  /// The output's size of the transposed convolution: (input - 1) stride - 2 padding + kernel + output padding.
  public func transposedSize(_ input: Extent, outputPadding: Extent = Extent(0)) -> Extent {
    Extent(
      (input.height - 1) * stride.height - 2 * padding.height + kernel.height + outputPadding.height,
      (input.width - 1) * stride.width - 2 * padding.width + kernel.width + outputPadding.width)
  }

  /// The shape that oneDNN is asked for.
  ///
  /// - Parameters:
  ///   - input: `[batch, height, width, channel]` of the convolution's input (the transposed convolution's output).
  ///   - outputChannels: the convolution's.
  func shape(input: [Int], outputChannels: Int) -> conednn_convolution {
    let size = outputSize(Extent(input[1], input[2]))
    precondition(size.height > 0 && size.width > 0, "a kernel of \(kernel) does not fit an input of \(input)")
    return conednn_convolution(
      batch: Int32(input[0]), input_height: Int32(input[1]), input_width: Int32(input[2]),
      input_channels: Int32(input[3]), output_height: Int32(size.height), output_width: Int32(size.width),
      output_channels: Int32(outputChannels), kernel_height: Int32(kernel.height), kernel_width: Int32(kernel.width),
      stride_height: Int32(stride.height), stride_width: Int32(stride.width), padding_top: Int32(padding.height),
      padding_left: Int32(padding.width), padding_bottom: Int32(padding.height), padding_right: Int32(padding.width))
  }
}

extension Activation {
  /// oneDNN's name for it, and its slope.
  var fused: (kind: conednn_activation, slope: Float) {
    switch self {
    case .identity: (CONEDNN_IDENTITY, 0)
    case .relu: (CONEDNN_RELU, 0)
    case .leakyReLU(let slope): (CONEDNN_LEAKY_RELU, slope)
    case .sigmoid: (CONEDNN_SIGMOID, 0)
    case .tanh: (CONEDNN_TANH, 0)
    }
  }
}

/// Traps if a kernel refused. Shapes are checked before, so a refusal is a defect of ours or exhausted memory.
func requireSuccess(_ code: Int32, _ operation: String) {
  precondition(
    code == Int32(CONEDNN_OK.rawValue), "\(operation): \(String(cString: conednn_last_error()))")
}
