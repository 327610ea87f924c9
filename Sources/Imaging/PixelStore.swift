/// Pixels in memory that never change once they are written, for many images in one piece.
///
/// Whatever looks at them without a copy keeps the store alive.
public final class PixelStore: @unchecked Sendable {
  private let memory: UnsafeMutableBufferPointer<Float>

  /// - Parameter fill: writes every pixel; they are not initialised before. It may write from several threads.
  public init(count: Int, fill: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
    memory = .allocate(capacity: count)
    // From here on the only property has its value, so a throw runs deinit, which frees the memory.
    try fill(memory)
  }

  deinit { memory.deallocate() }

  public var count: Int { memory.count }

  /// Valid while the store lives.
  public var values: UnsafeBufferPointer<Float> { UnsafeBufferPointer(memory) }
}
