import COneDNN
import COpenBLAS
import Dispatch
import Foundation

/// How many threads the work started here may use.
///
/// A long training uses all cores inside each operation; independent runs side by side use one each. OpenBLAS always
/// runs on the calling thread: its products here are small, and two pools of threads would fight over the cores.
public enum ComputeThreads {
  /// The number of threads for operations called in this scope.
  @TaskLocal public static var current = ProcessInfo.processInfo.activeProcessorCount

  private static let singleThreadedBLAS: Void = openblas_set_num_threads(1)

  /// Runs `body` with `count` threads for each operation in it, oneDNN's included.
  public static func with<Result>(_ count: Int, _ body: () throws -> Result) rethrows -> Result {
    precondition(count > 0, "at least one thread")
    singleThreadedBLAS
    let before = current
    conednn_set_threads(Int32(count))
    defer { conednn_set_threads(Int32(before)) }
    return try $current.withValue(count) { try body() }
  }

  /// Independent jobs side by side, `workers` of them at most; fewer jobs than workers share the threads among them.
  ///
  /// Jobs start in the order of their index. If any throw, the error of the lowest index is thrown after all have
  /// stopped, and jobs not yet started are left out.
  public static func sideBySide(jobs: Int, workers: Int, _ body: @Sendable (Int) throws -> Void) throws {
    let queue = JobQueue(count: jobs)
    let active = max(1, min(workers, jobs))
    DispatchQueue.concurrentPerform(iterations: active) { _ in
      ComputeThreads.with(max(1, workers / active)) {
        while let job = queue.next() {
          do { try body(job) } catch { queue.fail(job, error) }
        }
      }
    }
    if let error = queue.firstError { throw error }
  }

  /// What independent jobs come to, in the order of their index; otherwise as `sideBySide`.
  public static func map<Value: Sendable>(
    jobs: Int, workers: Int, _ body: @Sendable (Int) throws -> Value
  ) throws -> [Value] {
    let results = JobResults<Value>(count: jobs)
    try sideBySide(jobs: jobs, workers: workers) { results.set($0, try body($0)) }
    return results.values
  }

  /// Calls `body` with ranges that cover `0 ..< count`, on several threads when there is enough to do.
  ///
  /// - Parameters:
  ///   - count: of elements, at least 0.
  ///   - grain: the least number of elements that is worth a thread.
  ///   - body: called for ranges that do not overlap, at the same time from several threads.
  @inlinable
  public static func split(_ count: Int, grain: Int = 1 << 16, _ body: (Range<Int>) -> Void) {
    let parts = min(current, count / max(grain, 1))
    guard parts > 1 else { return body(0..<count) }
    let size = ((count + parts - 1) / parts + 15) / 16 * 16
    withoutActuallyEscaping(body) { body in
      let shared = UncheckedSendable(body)
      DispatchQueue.concurrentPerform(iterations: parts) { part in
        let lower = min(part * size, count)
        let upper = min(lower + size, count)
        if lower < upper { shared.value(lower..<upper) }
      }
    }
  }

  /// Makes sure that OpenBLAS stays on the calling thread; every product calls it first.
  static func prepareBLAS() { singleThreadedBLAS }
}

/// Carries a value into concurrent code that is known not to race.
@usableFromInline
struct UncheckedSendable<Value>: @unchecked Sendable {
  @usableFromInline let value: Value
  @usableFromInline init(_ value: Value) { self.value = value }
}

/// The results of jobs, from any thread.
private final class JobResults<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var found: [Value?]

  init(count: Int) { found = Array(repeating: nil, count: count) }

  /// In the order of the jobs, once all of them have ended.
  var values: [Value] { lock.withLock { found.map { $0! } } }

  func set(_ job: Int, _ value: Value) { lock.withLock { found[job] = value } }
}

/// Hands out job numbers in order and keeps the error of the lowest-numbered job that failed.
private final class JobQueue: @unchecked Sendable {
  private let lock = NSLock()
  private let count: Int
  private var started = 0
  private var failure: (job: Int, error: any Error)?

  init(count: Int) { self.count = count }

  var firstError: (any Error)? { lock.withLock { failure?.error } }

  func next() -> Int? {
    lock.withLock {
      guard failure == nil, started < count else { return nil }
      started += 1
      return started - 1
    }
  }

  func fail(_ job: Int, _ error: any Error) {
    lock.withLock {
      if failure == nil || job < failure!.job { failure = (job, error) }
    }
  }
}
