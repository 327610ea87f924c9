import Synchronization

/// Memory that tensors give back when they end and take again at the next step.
///
/// The first touch of fresh memory costs more than most elementwise operations, so a training step takes all of its
/// buffers from here after the first. Capacities are rounded up to an eighth of a power of two, so that buffers of
/// nearly the same size serve each other, and a large free buffer also serves half its size, so that the buffers of one
/// layer serve the next.
public final class BufferPool: Sendable {
  /// The pool that tensors use unless a scope says otherwise.
  public static let shared = BufferPool()

  /// The pool of tensors made in this scope.
  @TaskLocal package static var current = shared

  /// Free buffers by capacity.
  private struct State: @unchecked Sendable {
    var free: [Int: [UnsafeMutableRawPointer]] = [:]
    var heldBytes = 0
    var usedBytes = 0
    var freshAllocations = 0
  }

  private let state = Mutex(State())

  package init() {}

  /// Bytes in living tensors now.
  public var usedBytes: Int { state.withLock { $0.usedBytes } }

  /// Bytes that the pool holds, used or free.
  public var heldBytes: Int { state.withLock { $0.heldBytes } }

  /// How often a buffer had to come from the system.
  public var freshAllocations: Int { state.withLock { $0.freshAllocations } }

  /// Bytes to reserve for `byteCount`: rounded up to an eighth of a power of two, at least 64.
  package static func capacity(for byteCount: Int) -> Int {
    guard byteCount > 512 else { return (max(byteCount, 1) + 63) / 64 * 64 }
    let grain = 1 << (Int.bitWidth - 1 - (byteCount - 1).leadingZeroBitCount - 3)
    return (byteCount + grain - 1) / grain * grain
  }

  /// From this capacity on a free buffer serves down to half its size.
  private static let sharedFrom = 1 << 18

  /// A buffer of at least `capacity` bytes, and the capacity to give it back with.
  package func take(_ capacity: Int) -> (pointer: UnsafeMutableRawPointer, capacity: Int) {
    state.withLock { locked in
      var best = locked.free[capacity]?.isEmpty == false ? capacity : Int.max
      if best == Int.max, capacity >= Self.sharedFrom {
        for (other, pointers) in locked.free
        where other > capacity && other <= 2 * capacity && other < best && !pointers.isEmpty { best = other }
      }
      if best < Int.max, let pointer = locked.free[best]?.popLast() {
        locked.usedBytes += best
        return (pointer, best)
      }
      locked.usedBytes += capacity
      locked.heldBytes += capacity
      locked.freshAllocations += 1
      return (UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 64), capacity)
    }
  }

  package func give(_ pointer: UnsafeMutableRawPointer, capacity: Int) {
    state.withLock { locked in
      locked.usedBytes -= capacity
      locked.free[capacity, default: []].append(pointer)
    }
  }

  /// Returns every free buffer to the system, for use between stages whose sizes differ.
  public func trim() {
    state.withLock { locked in
      for (capacity, pointers) in locked.free {
        locked.heldBytes -= capacity * pointers.count
        for pointer in pointers { pointer.deallocate() }
      }
      locked.free.removeAll()
    }
  }

  deinit { trim() }
}

/// One buffer of values; returns to its pool, or lets its owner go, when its last tensor ends.
final class Storage: @unchecked Sendable {
  let element: ElementType
  let count: Int
  let address: UnsafeMutableRawPointer
  private let capacity: Int
  /// Nil if the memory belongs to `owner`.
  private let pool: BufferPool?
  private let owner: (any AnyObject & Sendable)?

  init(count: Int, element: ElementType) {
    self.count = count
    self.element = element
    let pool = BufferPool.current
    (address, capacity) = pool.take(BufferPool.capacity(for: count * element.byteCount))
    self.pool = pool
    owner = nil
  }

  init(viewing values: UnsafeBufferPointer<Float>, owner: any AnyObject & Sendable) {
    count = values.count
    element = .float32
    capacity = 0
    // Nothing writes through it: `Tensor.mutate` refuses a view. An empty view needs some address.
    address = UnsafeMutableRawPointer(mutating: values.baseAddress ?? UnsafePointer(bitPattern: 64)!)
    pool = nil
    self.owner = owner
  }

  /// The values of float32.
  var pointer: UnsafeMutablePointer<Float> {
    precondition(element == .float32, "float32 values asked of a tensor of \(element)")
    return address.assumingMemoryBound(to: Float.self)
  }

  /// The values of bfloat16, as the bits.
  var halves: UnsafeMutablePointer<UInt16> {
    precondition(element == .bfloat16, "bfloat16 values asked of a tensor of \(element)")
    return address.assumingMemoryBound(to: UInt16.self)
  }

  var isView: Bool { pool == nil }

  deinit {
    pool?.give(address, capacity: capacity)
  }
}
