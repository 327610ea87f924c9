import Synchronization

/// Memory that tensors give back when they end and take again at the next step.
///
/// The first touch of fresh memory costs more than most elementwise operations, so a training step takes all of its
/// buffers from here after the first. Capacities are rounded up to an eighth of a power of two, so that buffers of
/// nearly the same size serve each other.
public final class BufferPool: Sendable {
  /// The pool that every tensor uses.
  public static let shared = BufferPool()

  struct Statistics {
    var free: [Int: [UnsafeMutableRawPointer]] = [:]
    var heldBytes = 0
    var usedBytes = 0
    var freshAllocations = 0
  }

  private let state = Mutex(State())

  package init() {}

  private struct State: @unchecked Sendable {
    var statistics = Statistics()
  }

  /// Bytes in living tensors now.
  public var usedBytes: Int { state.withLock { $0.statistics.usedBytes } }

  /// Bytes that the pool holds, used or free.
  public var heldBytes: Int { state.withLock { $0.statistics.heldBytes } }

  /// How often a buffer had to come from the system.
  public var freshAllocations: Int { state.withLock { $0.statistics.freshAllocations } }

  /// Bytes to reserve for `byteCount`: rounded up to an eighth of a power of two, at least 64.
  package static func capacity(for byteCount: Int) -> Int {
    guard byteCount > 512 else { return (max(byteCount, 1) + 63) / 64 * 64 }
    let grain = 1 << (Int.bitWidth - 1 - (byteCount - 1).leadingZeroBitCount - 3)
    return (byteCount + grain - 1) / grain * grain
  }

  package func take(_ capacity: Int) -> UnsafeMutableRawPointer {
    state.withLock { locked in
      locked.statistics.usedBytes += capacity
      if let pointer = locked.statistics.free[capacity]?.popLast() { return pointer }
      locked.statistics.heldBytes += capacity
      locked.statistics.freshAllocations += 1
      return UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 64)
    }
  }

  package func give(_ pointer: UnsafeMutableRawPointer, capacity: Int) {
    state.withLock { locked in
      locked.statistics.usedBytes -= capacity
      locked.statistics.free[capacity, default: []].append(pointer)
    }
  }

  /// Returns every free buffer to the system, for use between stages whose sizes differ.
  public func trim() {
    state.withLock { locked in
      for (capacity, pointers) in locked.statistics.free {
        locked.statistics.heldBytes -= capacity * pointers.count
        for pointer in pointers { pointer.deallocate() }
      }
      locked.statistics.free.removeAll()
    }
  }
}

/// One buffer of float32 values; returns to the pool when its last tensor ends.
final class Storage: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Float>
  let count: Int
  private let capacity: Int

  init(count: Int) {
    self.count = count
    capacity = BufferPool.capacity(for: count * MemoryLayout<Float>.stride)
    pointer = BufferPool.shared.take(capacity).bindMemory(to: Float.self, capacity: count)
  }

  deinit {
    BufferPool.shared.give(UnsafeMutableRawPointer(pointer), capacity: capacity)
  }
}
