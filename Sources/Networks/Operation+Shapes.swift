import Tensors

/// Sums, repeats and changes of shape. Each is the adjoint of another one here.
extension Variable {
  /// The sum of all values, of shape `[]`.
  public func sum() -> Variable {
    .result(of: "sum", Tensor(scalar: Float(value.sum)), inputs: [self]) { gradient, _ in
      [gradient.spread(to: self.shape)]
    }
  }

  public func mean() -> Variable { 1 / Float(value.count) * sum() }

  /// One value repeated to a shape.
  public func spread(to shape: [Int]) -> Variable {
    .result(of: "spread", Tensor(shape, repeating: value.item), inputs: [self]) { gradient, _ in
      [gradient.sum().reshaped(self.shape)]
    }
  }

  public func reshaped(_ shape: [Int]) -> Variable {
    .result(of: "reshape", value.reshaped(shape), inputs: [self]) { gradient, _ in [gradient.reshaped(self.shape)] }
  }

  /// `[row, column]` to `[column]`.
  public func sumOverRows() -> Variable {
    .result(of: "sum over rows", value.sumOverRows(), inputs: [self]) { gradient, _ in
      [gradient.repeated(rows: self.shape[0])]
    }
  }

  /// `[column]` to `[rows, column]`.
  public func repeated(rows: Int) -> Variable {
    .result(of: "repeat", value.repeated(rows: rows), inputs: [self]) { gradient, _ in [gradient.sumOverRows()] }
  }

  /// Every value of a row replaced by the row's sum. It is its own adjoint.
  public func rowSumsSpread() -> Variable {
    .result(of: "row sums", value.rowSumsSpread(), inputs: [self]) { gradient, _ in [gradient.rowSumsSpread()] }
  }

  /// `[batch, a, b]` to `[batch, b, a]`.
  func swappingLastAxes() -> Variable {
    .result(of: "axis swap", value.swappingLastAxes(), inputs: [self]) { gradient, _ in
      [gradient.swappingLastAxes()]
    }
  }

  /// `[batch, height, width, channel]` to `[batch, channel * height * width]`, in PyTorch's order (channel, height,
  /// width), so that the weights of the next dense layer are PyTorch's.
  public func flattened() -> Variable {
    let (batch, pixels, channels) = (shape[0], shape[1] * shape[2], shape[3])
    return reshaped([batch, pixels, channels]).swappingLastAxes().reshaped([batch, channels * pixels])
  }

  /// The inverse of `flattened()`.
  public func unflattened(height: Int, width: Int, channels: Int) -> Variable {
    let batch = shape[0]
    return reshaped([batch, channels, height * width]).swappingLastAxes()
      .reshaped([batch, height, width, channels])
  }
}
