import Foundation
import Synchronization

/// How many threads may work on one thing at once, for the whole process.
///
/// No result depends on it. Operations of networks have a number of their own (`ComputeThreads`), which is a part of this.
public enum WorkerThreads {
  /// The number of cores.
  public static let cores = ProcessInfo.processInfo.activeProcessorCount

  private static let chosen = Atomic<Int>(0)

  /// At least 1; the number of cores until it is set.
  public static var limit: Int {
    get {
      let count = chosen.load(ordering: .relaxed)
      return count > 0 ? count : cores
    }
    set {
      precondition(newValue > 0, "at least one thread")
      chosen.store(newValue, ordering: .relaxed)
    }
  }
}
