/// Elementwise loops over one, two or three tensors of one shape. The closures are inlined into plain loops, which the
/// compiler turns into vector instructions.
extension Tensor {
  @inlinable
  public func map(_ function: (Float) -> Float) -> Tensor {
    Tensor(shape) { target in
      let source = buffer
      ComputeThreads.split(count) { range in
        for index in range { target[index] = function(source[index]) }
      }
    }
  }

  @inlinable
  public func zip(_ other: Tensor, _ function: (Float, Float) -> Float) -> Tensor {
    precondition(shape == other.shape, "shapes differ: \(shape) and \(other.shape)")
    return Tensor(shape) { target in
      let first = buffer
      let second = other.buffer
      ComputeThreads.split(count) { range in
        for index in range { target[index] = function(first[index], second[index]) }
      }
    }
  }

  @inlinable
  public func zip(_ second: Tensor, _ third: Tensor, _ function: (Float, Float, Float) -> Float) -> Tensor {
    precondition(
      shape == second.shape && shape == third.shape, "shapes differ: \(shape), \(second.shape), \(third.shape)")
    return Tensor(shape) { target in
      let (a, b, c) = (buffer, second.buffer, third.buffer)
      ComputeThreads.split(count) { range in
        for index in range { target[index] = function(a[index], b[index], c[index]) }
      }
    }
  }
}
