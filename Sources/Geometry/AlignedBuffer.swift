/// Zeroed working memory for doubles, aligned so that rows of a multiple of eight can be read as vectors.
///
/// It belongs to one worker at a time.
final class AlignedBuffer {
  let doubles: UnsafeMutablePointer<Double>
  /// The same memory, eight doubles at a time.
  let vectors: UnsafeMutablePointer<SIMD8<Double>>

  /// Memory for `count` doubles, rounded up to a multiple of eight.
  init(count: Int) {
    let vectorCount = (count + 7) / 8
    vectors = .allocate(capacity: vectorCount)
    vectors.initialize(repeating: .zero, count: vectorCount)
    doubles = UnsafeMutableRawPointer(vectors).assumingMemoryBound(to: Double.self)
  }

  deinit { vectors.deallocate() }
}
