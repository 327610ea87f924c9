/// A dense array of any rank, row-major: the last axis is contiguous.
///
/// Images are `[batch, height, width, channel]`, matrices `[row, column]`, and a scalar has the shape `[]`. Values are
/// float32; what a network keeps between its convolutions may be bfloat16, which only `converted(to:)`, the convolutions
/// and what lies between them read (see `Tensor+BFloat16.swift`).
/// A tensor is written once, by the operation that makes it; copies share its buffer. `mutate` is for the few places
/// that update in place (an optimiser's step, running statistics).
public struct Tensor: @unchecked Sendable {
  public let shape: [Int]
  let storage: Storage

  /// The number of values.
  public var count: Int { storage.count }

  /// A tensor whose values `fill` writes; they are not initialised before.
  public init(_ shape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
    precondition(shape.allSatisfy { $0 >= 0 }, "a shape has no negative sizes: \(shape)")
    self.shape = shape
    storage = Storage(count: shape.reduce(1, *), element: .float32)
    try fill(UnsafeMutableBufferPointer(start: storage.pointer, count: storage.count))
  }

  /// The values in row-major order; their number must be the product of the shape.
  public init(_ shape: [Int], values: [Float]) {
    precondition(shape.reduce(1, *) == values.count, "\(values.count) values do not fill the shape \(shape)")
    self.init(shape) { target in _ = target.update(fromContentsOf: values) }
  }

  public init(_ shape: [Int], repeating value: Float) {
    self.init(shape) { $0.update(repeating: value) }
  }

  /// A tensor whose values lie in memory of something else, which must not change while the tensor lives; it cannot be
  /// changed in place itself.
  ///
  /// - Parameters:
  ///   - shape: its product is the number of values.
  ///   - values: in row-major order.
  ///   - owner: kept alive as long as the tensor.
  public init(_ shape: [Int], viewing values: UnsafeBufferPointer<Float>, owner: any AnyObject & Sendable) {
    precondition(shape.reduce(1, *) == values.count, "\(values.count) values do not fill the shape \(shape)")
    self.shape = shape
    storage = Storage(viewing: values, owner: owner)
  }

  public init(scalar value: Float) {
    self.init([], repeating: value)
  }

  public static func zeros(_ shape: [Int]) -> Tensor { Tensor(shape, repeating: 0) }

  init(shape: [Int], storage: Storage) {
    self.shape = shape
    self.storage = storage
  }

  /// The same values under another shape of as many values.
  public func reshaped(_ shape: [Int]) -> Tensor {
    precondition(shape.reduce(1, *) == count, "\(self.shape) does not reshape to \(shape)")
    return Tensor(shape: shape, storage: storage)
  }

  /// A copy of the values in row-major order.
  public var values: [Float] { withExtendedLifetime(storage) { Array(buffer) } }

  /// The value of a tensor of one value.
  public var item: Float {
    precondition(count == 1, "a tensor of shape \(shape) is not one value")
    return withExtendedLifetime(storage) { storage.pointer[0] }
  }

  /// The values, valid while the tensor lives.
  public var buffer: UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: storage.pointer, count: storage.count)
  }

  /// The start of the values, valid while the tensor lives; for calls into C.
  public var pointer: UnsafePointer<Float> { UnsafePointer(storage.pointer) }

  /// Changes the values in place, for every tensor that shares the buffer.
  public func mutate(_ body: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
    precondition(!storage.isView, "the values belong to something else")
    try body(UnsafeMutableBufferPointer(start: storage.pointer, count: storage.count))
  }

  /// A tensor with a buffer of its own.
  public func copy() -> Tensor {
    Tensor(shape) { _ = $0.update(fromContentsOf: buffer) }
  }

  /// Takes the values of a tensor of the same shape, for every tensor that shares the buffer.
  public func copyValues(of source: Tensor) {
    precondition(shape == source.shape, "shapes differ: \(shape) and \(source.shape)")
    mutate { values in _ = values.update(fromContentsOf: source.buffer) }
  }

  /// A copy of the values of a row (an entry of the first axis).
  public func row(_ index: Int) -> [Float] {
    precondition(!shape.isEmpty && index >= 0 && index < shape[0], "row \(index) of a tensor of shape \(shape)")
    let width = count / shape[0]
    return withExtendedLifetime(storage) { Array(buffer[(index * width)..<((index + 1) * width)]) }
  }

  /// The rows (entries of the first axis) with these indices, in this order, repeats allowed.
  public func rows(_ indices: [Int]) -> Tensor {
    precondition(!shape.isEmpty, "a scalar has no rows")
    let width = shape[0] == 0 ? 0 : count / shape[0]
    return Tensor([indices.count] + shape.dropFirst()) { target in
      for (position, index) in indices.enumerated() {
        precondition(index >= 0 && index < shape[0], "row \(index) of a tensor of shape \(shape)")
        (target.baseAddress! + position * width).update(from: storage.pointer + index * width, count: width)
      }
    }
  }

  /// The tensors one after the other along the first axis; all other sizes must agree.
  public static func concatenated(_ parts: [Tensor]) -> Tensor {
    precondition(!parts.isEmpty, "nothing to concatenate")
    let rest = Array(parts[0].shape.dropFirst())
    precondition(parts.allSatisfy { Array($0.shape.dropFirst()) == rest }, "rows of different shapes")
    return Tensor([parts.reduce(0) { $0 + $1.shape[0] }] + rest) { target in
      var offset = 0
      for part in parts {
        (target.baseAddress! + offset).update(from: part.pointer, count: part.count)
        offset += part.count
      }
    }
  }
}
