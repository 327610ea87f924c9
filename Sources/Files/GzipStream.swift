import CNIfTI

/// Inflates gzip data piece by piece, so that what it may grow to never has to fit in memory.
///
/// Members that follow one another are one stream (RFC 1952, 2.2); what follows the last one and is no member is
/// ignored, as gzip itself does.
package final class GzipStream {
  enum Failure: Error { case notGzip, damaged, cutShort, noMemory }

  /// Deflate makes at most 1032 bytes of one: 258 bytes from two codes of one bit each.
  package static let greatestRatio = 1032

  typealias Source = (UnsafeMutableRawBufferPointer) throws -> Int

  private static let inputSize = 1 << 16

  private let source: Source
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: inputSize, alignment: 16)
  private var stream = z_stream()
  private var isAtEnd = false

  /// - Parameter source: fills the buffer from the start of the compressed data on; returns how many bytes there were, 0 at the end.
  init(source: @escaping Source) throws {
    self.source = source
    // 15 window bits, and 16 for a gzip header.
    guard inflateInit2_(&stream, 15 + 16, zlibVersion(), Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw Failure.noMemory
    }
    guard try startsMember() else { throw Failure.notGzip }
  }

  deinit {
    inflateEnd(&stream)
    input.deallocate()
  }

  /// Fills the buffer as far as the data goes; fewer bytes than that only at an end whose checksum held.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    while filled < buffer.count, !isAtEnd {
      if stream.avail_in == 0 {
        try refill(keeping: 0)
        if stream.avail_in == 0 { throw Failure.cutShort }
      }
      let room = min(buffer.count - filled, 1 << 30)
      stream.next_out = (buffer.baseAddress! + filled).assumingMemoryBound(to: UInt8.self)
      stream.avail_out = UInt32(room)
      let code = inflate(&stream, Z_NO_FLUSH)
      filled += room - Int(stream.avail_out)
      switch code {
      case Z_OK, Z_BUF_ERROR: break
      case Z_STREAM_END:
        if try startsMember() { inflateReset(&stream) } else { isAtEnd = true }
      case Z_MEM_ERROR: throw Failure.noMemory
      default: throw Failure.damaged
      }
    }
    return filled
  }

  /// Whether gzip's two marks come next.
  private func startsMember() throws -> Bool {
    if stream.avail_in < 2 { try refill(keeping: Int(stream.avail_in)) }
    return stream.avail_in >= 2 && stream.next_in[0] == 0x1F && stream.next_in[1] == 0x8B
  }

  /// Moves the last `kept` bytes to the front and reads on behind them.
  private func refill(keeping kept: Int) throws {
    if kept > 0 { input.copyMemory(from: UnsafeRawBufferPointer(start: stream.next_in, count: kept)) }
    var count = kept
    // A source may deliver one byte at a time; a mark has two.
    while count < 2 {
      let part = try source(UnsafeMutableRawBufferPointer(rebasing: input[count...]))
      if part == 0 { break }
      count += part
    }
    stream.next_in = input.baseAddress!.assumingMemoryBound(to: UInt8.self)
    stream.avail_in = UInt32(count)
  }
}
