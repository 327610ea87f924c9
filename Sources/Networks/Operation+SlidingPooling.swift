import COneDNN
import Tensors

/// Pooling over windows that overlap, and channels side by side: what branched networks need that are applied and not
/// trained. None has a derivative.
extension Variable {
  /// The maximum over each window; padding takes no part.
  ///
  /// - Returns: `[batch, height, width, channel]` of the geometry's output size.
  public func maxPooled(_ geometry: ConvolutionGeometry) -> Variable {
    pooled(geometry, "max pooling") { conednn_pooling_forward(&$0, $1, $2, nil) }
  }

  /// The sum over each window, divided by the number of the kernel's places: padding counts as 0, as with PyTorch's
  /// `avg_pool2d`.
  ///
  /// - Returns: `[batch, height, width, channel]` of the geometry's output size.
  public func averagePooled(_ geometry: ConvolutionGeometry) -> Variable {
    pooled(geometry, "average pooling") { conednn_average_pooling_forward(&$0, $1, $2) }
  }

  private func pooled(
    _ geometry: ConvolutionGeometry, _ name: String,
    _ kernel: (inout conednn_pooling, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Int32
  ) -> Variable {
    requireConstant(name)
    precondition(shape.count == 4, "\(name) of \(shape)")
    let size = geometry.outputSize(Extent(shape[1], shape[2]))
    precondition(size.height > 0 && size.width > 0, "a window of \(geometry.kernel) does not fit \(shape)")
    var window = conednn_pooling(
      batch: Int32(shape[0]), channels: Int32(shape[3]), input_height: Int32(shape[1]), input_width: Int32(shape[2]),
      output_height: Int32(size.height), output_width: Int32(size.width), kernel_height: Int32(geometry.kernel.height),
      kernel_width: Int32(geometry.kernel.width), stride_height: Int32(geometry.stride.height),
      stride_width: Int32(geometry.stride.width), padding_top: Int32(geometry.padding.height),
      padding_left: Int32(geometry.padding.width), padding_bottom: Int32(geometry.padding.height),
      padding_right: Int32(geometry.padding.width))
    return Variable(
      Tensor([shape[0], size.height, size.width, shape[3]]) { target in
        requireSuccess(kernel(&window, value.pointer, target.baseAddress!), name)
      })
  }

  /// Images of one size with their channels side by side, in the order of the parts.
  ///
  /// - Parameter parts: `[batch, height, width, channel]` each, at least one.
  public static func channelsJoined(_ parts: [Variable]) -> Variable {
    precondition(!parts.isEmpty, "no channels to join")
    for part in parts { part.requireConstant("joining channels") }
    let size = Array(parts[0].shape.dropLast())
    precondition(parts.allSatisfy { $0.shape.count == 4 && Array($0.shape.dropLast()) == size }, "images of many sizes")
    let channels = parts.reduce(0) { $0 + $1.shape[3] }
    return Variable(
      Tensor(size + [channels]) { target in
        var offset = 0
        for part in parts {
          let (width, source) = (part.shape[3], part.value.pointer)
          for pixel in 0..<size.reduce(1, *) {
            (target.baseAddress! + pixel * channels + offset).update(from: source + pixel * width, count: width)
          }
          offset += width
        }
      })
  }

  /// The mean over all pixels: `[batch, height, width, channel]` to `[batch, channel]`.
  public func averagedOverPixels() -> Variable {
    let window = ConvolutionGeometry(kernel: Extent(shape[1], shape[2]))
    return averagePooled(window).reshaped([shape[0], shape[3]])
  }

  private func requireConstant(_ name: String) {
    precondition(!Recording.isOn || !requiresGradient, "\(name) has no derivative")
  }
}
