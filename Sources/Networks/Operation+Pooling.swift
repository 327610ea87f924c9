import COneDNN
import Tensors

extension Variable {
  /// The maximum over windows that do not overlap: `[batch, height, width, channel]` to
  /// `[batch, height / size, width / size, channel]`, rounded down; rows and columns left over take no part.
  ///
  /// The derivative is a fused kernel; there is no second one.
  public func maxPooled(_ size: Extent) -> Variable {
    let outputShape = [shape[0], shape[1] / size.height, shape[2] / size.width, shape[3]]
    precondition(outputShape[1] > 0 && outputShape[2] > 0, "a window of \(size) does not fit \(shape)")
    var kernelShape = conednn_pooling(
      batch: Int32(shape[0]), channels: Int32(shape[3]), input_height: Int32(shape[1]), input_width: Int32(shape[2]),
      output_height: Int32(outputShape[1]), output_width: Int32(outputShape[2]), kernel_height: Int32(size.height),
      kernel_width: Int32(size.width), stride_height: Int32(size.height), stride_width: Int32(size.width),
      padding_top: 0, padding_left: 0, padding_bottom: 0, padding_right: 0)
    guard Recording.isOn, requiresGradient else {
      return Variable(
        Tensor(outputShape) { target in
          requireSuccess(
            conednn_pooling_forward(&kernelShape, value.pointer, target.baseAddress!, nil), "max pooling")
        })
    }
    var workspaceBytes = 0
    requireSuccess(conednn_pooling_workspace_size(&kernelShape, &workspaceBytes), "max pooling")
    let workspace = Tensor([(workspaceBytes + 3) / 4]) { _ in }
    let result = Tensor(outputShape) { target in
      workspace.mutate { workspace in
        requireSuccess(
          conednn_pooling_forward(&kernelShape, value.pointer, target.baseAddress!, workspace.baseAddress!),
          "max pooling")
      }
    }
    let pooling = kernelShape
    let inputShape = shape
    return .result(of: "max pooling", result, inputs: [self]) { gradient, _ in
      var kernelShape = pooling
      let byInput = Tensor(inputShape) { target in
        requireSuccess(
          conednn_pooling_backward(&kernelShape, gradient.value.pointer, workspace.pointer, target.baseAddress!),
          "derivative of max pooling")
      }
      return [.lastDerivative(of: "max pooling", byInput, inputs: [gradient])]
    }
  }
}
