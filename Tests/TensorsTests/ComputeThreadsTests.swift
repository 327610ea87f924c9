import Foundation
import Tensors
import Testing

@Suite struct ComputeThreadsTests {
  private struct Failure: Error, Equatable { let job: Int }

  private final class Log: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [Int] = []
    var jobs: [Int] { lock.withLock { list } }
    func add(_ job: Int) { lock.withLock { list.append(job) } }
  }

  @Test(arguments: [(0, 4), (1, 4), (20, 1), (20, 3), (5, 50)])
  func everyJobRunsOnce(jobs: Int, workers: Int) throws {
    let log = Log()
    try ComputeThreads.sideBySide(jobs: jobs, workers: workers) { job in
      #expect(ComputeThreads.current == max(1, workers / max(1, min(workers, jobs))))
      log.add(job)
    }
    #expect(log.jobs.sorted() == Array(0..<jobs))
    if workers == 1 { #expect(log.jobs == Array(0..<jobs)) }
  }

  @Test("Results come in the order of the jobs, on any number of workers", arguments: [1, 2, 5])
  func resultsAreInOrder(workers: Int) throws {
    let squares = try ComputeThreads.map(jobs: 20, workers: workers) { $0 * $0 }
    #expect(squares == (0..<20).map { $0 * $0 })
    #expect(try ComputeThreads.map(jobs: 0, workers: workers) { $0 }.isEmpty)
  }

  @Test func oneWorkerStopsAtTheFirstError() {
    let log = Log()
    #expect(throws: Failure(job: 3)) {
      try ComputeThreads.sideBySide(jobs: 10, workers: 1) { job in
        log.add(job)
        if job >= 3 { throw Failure(job: job) }
      }
    }
    #expect(log.jobs == [0, 1, 2, 3])
  }

  /// Job 0 fails last but has the lowest index.
  @Test func theErrorOfTheLowestIndexIsThrown() {
    let others = Log()
    #expect(throws: Failure(job: 0)) {
      try ComputeThreads.sideBySide(jobs: 2, workers: 2) { job in
        // For at most two seconds, should there be one core only.
        for _ in 0..<2000 where job == 0 && others.jobs.isEmpty { usleep(1000) }
        others.add(job)
        throw Failure(job: job)
      }
    }
  }

  @Test func threadsComeBackAfterAScope() {
    let before = ComputeThreads.current
    ComputeThreads.with(3) {
      #expect(ComputeThreads.current == 3)
      ComputeThreads.with(1) { #expect(ComputeThreads.current == 1) }
      #expect(ComputeThreads.current == 3)
    }
    #expect(ComputeThreads.current == before)
  }

  @Test(arguments: [(0, 1, 4), (1, 1, 4), (15, 1, 4), (1000, 1, 4), (1001, 7, 3), (100_000, 1 << 16, 4)])
  func partsCoverEverythingOnce(count: Int, grain: Int, threads: Int) {
    let log = Log()
    ComputeThreads.with(threads) { ComputeThreads.split(count, grain: grain) { $0.forEach(log.add) } }
    #expect(log.jobs.sorted() == Array(0..<count))
  }
}
