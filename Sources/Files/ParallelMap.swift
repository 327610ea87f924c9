import Parallelism

/// Work on many items side by side whose result does not depend on how many threads there are.
package enum ParallelMap {
  /// The results of `body` for 0 ..< count, in order.
  ///
  /// Items go in chunks; an error ends the work after its chunk, and the error of the least index is thrown.
  ///
  /// - Parameter progress: called between chunks, on the caller's thread, with the number of items done.
  package static func map<Output: Sendable>(
    count: Int, chunk: Int = 64, progress: ((Int) -> Void)? = nil, _ body: @Sendable (Int) throws -> Output
  ) throws -> [Output] {
    var outputs: [Output] = []
    outputs.reserveCapacity(count)
    for start in stride(from: 0, to: count, by: chunk) {
      let size = min(chunk, count - start)
      var results = [Result<Output, any Error>?](repeating: nil, count: size)
      results.withUnsafeMutableBufferPointer { buffer in
        nonisolated(unsafe) let slots = buffer
        concurrentForEach(size) { offset in
          slots[offset] = Result { try body(start + offset) }
        }
      }
      for result in results { outputs.append(try result!.get()) }
      progress?(start + size)
    }
    return outputs
  }
}
