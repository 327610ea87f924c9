import Dispatch

/// The results of `body` for 0 ..< count, in order, computed on all cores.
///
/// `body` must depend on nothing but its argument, so that the results do not depend on the number of cores.
package func concurrentMap<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
  [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
    nonisolated(unsafe) let results = buffer
    DispatchQueue.concurrentPerform(iterations: count) { index in
      results.initializeElement(at: index, to: body(index))
    }
    initialized = count
  }
}
