/// Zeroed working memory for doubles, aligned to 64 bytes so that vectors of eight are read whole.
///
/// It belongs to one worker at a time.
final class AlignedBuffer {
  let doubles: UnsafeMutablePointer<Double>
  private let vectors: UnsafeMutablePointer<SIMD8<Double>>

  /// Memory for `count` doubles, rounded up to a multiple of eight.
  init(count: Int) {
    let vectorCount = (count + 7) / 8
    vectors = .allocate(capacity: vectorCount)
    vectors.initialize(repeating: .zero, count: vectorCount)
    doubles = UnsafeMutableRawPointer(vectors).assumingMemoryBound(to: Double.self)
  }

  deinit { vectors.deallocate() }
}
