import COneDNN

/// Kinds of numbers that a tensor may hold.
public enum ElementType: Sendable, Equatable {
  case float32
  /// The upper half of a float32: as far a range, and 8 binary digits instead of 24.
  case bfloat16

  /// The size of one number.
  public var byteCount: Int { self == .float32 ? 4 : 2 }
}

extension Tensor {
  /// The kind of number it holds.
  public var element: ElementType { storage.element }

  /// Whether this processor multiplies bfloat16 numbers; where it does not, they only save memory.
  public static let multipliesBFloat16 = conednn_multiplies_bfloat16() != 0

  /// A tensor of either kind whose values `fill` writes, through their address; they are not initialised before.
  public init(_ shape: [Int], of element: ElementType, fill: (UnsafeMutableRawPointer) throws -> Void) rethrows {
    precondition(shape.allSatisfy { $0 >= 0 }, "a shape has no negative sizes: \(shape)")
    self.init(shape: shape, storage: Storage(count: shape.reduce(1, *), element: element))
    try fill(storage.address)
  }

  /// The start of values of either kind, valid while the tensor lives; for calls into C.
  public var address: UnsafeMutableRawPointer { storage.address }

  /// The bits of values of bfloat16, valid while the tensor lives.
  public var halves: UnsafeBufferPointer<UInt16> { UnsafeBufferPointer(start: storage.halves, count: count) }

  /// A copy of the bits of values of bfloat16.
  public var halfValues: [UInt16] { Array(halves) }

  /// Changes values of bfloat16 in place, for every tensor that shares the buffer.
  public func mutateHalves(_ body: (UnsafeMutableBufferPointer<UInt16>) throws -> Void) rethrows {
    precondition(!storage.isView, "the values belong to something else")
    try body(UnsafeMutableBufferPointer(start: storage.halves, count: count))
  }

  /// The product of two matrices of bfloat16, added up in float32 into a third, on the calling thread alone.
  public static func multiply(halves a: Tensor, by b: Tensor, into c: Tensor) {
    precondition(a.shape[1] == b.shape[0] && c.shape == [a.shape[0], b.shape[1]], "\(a.shape) by \(b.shape)")
    let (left, right) = (a.halves.baseAddress!, b.halves.baseAddress!)
    let code = conednn_bfloat16_product(
      Int64(c.shape[0]), Int64(c.shape[1]), Int64(a.shape[1]), left, right, c.storage.pointer)
    precondition(code == Int32(CONEDNN_OK.rawValue), String(cString: conednn_last_error()))
  }

  /// The same values as another kind of number; to bfloat16 they are rounded to the nearest, ties to even.
  public func converted(to other: ElementType) -> Tensor {
    guard other != element else { return self }
    return Tensor(shape, of: other) { target in
      let code =
        other == .bfloat16
        ? conednn_to_bfloat16(Int64(count), pointer, target.assumingMemoryBound(to: UInt16.self))
        : conednn_from_bfloat16(Int64(count), storage.halves, target.assumingMemoryBound(to: Float.self))
      precondition(code == Int32(CONEDNN_OK.rawValue), String(cString: conednn_last_error()))
    }
  }

  /// A copy of some entries of the first axis that follow one another, of either kind of number.
  public func part(_ rows: Range<Int>) -> Tensor {
    precondition(!shape.isEmpty && rows.lowerBound >= 0 && rows.upperBound <= shape[0], "rows \(rows) of \(shape)")
    let bytes = element.byteCount * (count / max(shape[0], 1))
    return Tensor([rows.count] + shape.dropFirst(), of: element) { target in
      target.copyMemory(from: storage.address + rows.lowerBound * bytes, byteCount: rows.count * bytes)
    }
  }

  /// Writes another tensor of the same kind of number over those entries of the first axis.
  public func write(_ part: Tensor, at rows: Range<Int>) {
    precondition(!storage.isView, "the values belong to something else")
    precondition(
      part.element == element && rows.lowerBound >= 0 && rows.upperBound <= shape[0]
        && part.shape == [rows.count] + shape.dropFirst(), "\(part.shape) at rows \(rows) of \(shape)")
    let bytes = element.byteCount * (count / max(shape[0], 1))
    (storage.address + rows.lowerBound * bytes).copyMemory(from: part.storage.address, byteCount: rows.count * bytes)
  }

  /// Every value times a number, as the same kind of number.
  public func scaled(by factor: Float) -> Tensor {
    converted(to: .float32).map { factor * $0 }.converted(to: element)
  }
}
