import Foundation
import Parallelism
import Synchronization
import Testing

/// One after the other, because the limit is the whole process's.
@Suite(.serialized) struct ConcurrentlyTests {
  /// Threads that were at work at the same time, at most, and how often each index came.
  private func run(_ count: Int, limit: Int) -> (peak: Int, calls: [Int]) {
    WorkerThreads.limit = limit
    defer { WorkerThreads.limit = WorkerThreads.cores }
    let working = Mutex((now: 0, peak: 0, calls: [Int](repeating: 0, count: count)))
    concurrentForEach(count) { index in
      working.withLock {
        $0.now += 1
        $0.peak = max($0.peak, $0.now)
        $0.calls[index] += 1
      }
      var sum = 0.0
      for term in 1..<20_000 { sum += 1 / Double(term) }
      working.withLock { $0.now -= sum > 0 ? 1 : 0 }
    }
    return working.withLock { ($0.peak, $0.calls) }
  }

  @Test(arguments: [1, 2, 3, 64], [0, 1, 2, 7, 200]) func everyIndexComesOnce(limit: Int, count: Int) {
    let (peak, calls) = run(count, limit: limit)
    #expect(calls == [Int](repeating: 1, count: count))
    #expect(peak <= max(limit, 1) || limit >= WorkerThreads.cores)
  }

  @Test func oneThreadIsTheCallers() {
    WorkerThreads.limit = 1
    defer { WorkerThreads.limit = WorkerThreads.cores }
    let caller = Thread.current
    let threads = concurrentMap(5) { _ in UncheckedThread(Thread.current) }
    #expect(threads.allSatisfy { $0.thread === caller })
  }

  @Test func resultsAreInOrder() {
    #expect(concurrentMap(1000) { $0 * $0 } == (0..<1000).map { $0 * $0 })
  }
}

private struct UncheckedThread: @unchecked Sendable {
  let thread: Thread
  init(_ thread: Thread) { self.thread = thread }
}
