import Dispatch
import Synchronization

/// Calls `body` for 0 ..< count, on `WorkerThreads.limit` threads at most, and returns when all calls have.
///
/// `body` must depend on nothing but its argument, so that what it does does not depend on the number of threads.
package func concurrentForEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
  let threads = WorkerThreads.limit
  guard threads < WorkerThreads.cores else { return DispatchQueue.concurrentPerform(iterations: count, execute: body) }
  guard threads > 1, count > 1 else { return (0..<count).forEach(body) }
  let next = Atomic<Int>(0)
  DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < count else { break }
      body(index)
    }
  }
}

/// The results of `body` for 0 ..< count, in order; see `concurrentForEach`.
package func concurrentMap<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
  [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
    nonisolated(unsafe) let results = buffer
    concurrentForEach(count) { results.initializeElement(at: $0, to: body($0)) }
    initialized = count
  }
}
