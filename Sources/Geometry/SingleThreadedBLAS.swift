import COpenBLAS
import Synchronization

/// Keeps OpenBLAS on the calling thread while work of this module runs.
///
/// The chains are what is spread over the cores, so a product within one of them stays on its thread: many small
/// products on many threads wait for each other, and how a product is split could change its last bit.
/// OpenBLAS has one number of threads for the whole process. It is set to 1 when the first caller enters and put back
/// when the last one leaves; products that other modules start meanwhile are right but use one thread.
package enum SingleThreadedBLAS {
  private struct Use {
    var depth = 0
    var threadsBefore: Int32 = 1
  }

  private static let use = Mutex(Use())

  /// Runs `body` with OpenBLAS on one thread. Calls may nest and may come from several threads.
  package static func perform<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    use.withLock { use in
      if use.depth == 0 {
        use.threadsBefore = openblas_get_num_threads()
        openblas_set_num_threads(1)
      }
      use.depth += 1
    }
    defer {
      use.withLock { use in
        use.depth -= 1
        if use.depth == 0 { openblas_set_num_threads(use.threadsBefore) }
      }
    }
    return try body()
  }
}
