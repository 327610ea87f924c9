import CZip
import Foundation

/// Bytes that are made piece by piece.
struct Pieces {
  /// Of all pieces together.
  let byteCount: Int
  let count: Int
  /// One of them, from 0.
  let piece: (Int) throws -> Data
}

/// Hands pieces to libzip as it asks for bytes; one piece is in memory at a time. Every piece is asked for once, in order.
final class PieceReader {
  private let pieces: Pieces
  private var next = 0
  private var current = Data()
  private var given = 0
  /// What making a piece threw.
  private(set) var failure: (any Error)?

  init(_ pieces: Pieces) { self.pieces = pieces }

  /// A source of these bytes, which must not outlive the reader; nil when there is no memory for it.
  func source(in archive: OpaquePointer) -> OpaquePointer? {
    zip_source_function(
      archive,
      { reader, data, length, command in
        guard let reader else { return -1 }
        return Unmanaged<PieceReader>.fromOpaque(reader).takeUnretainedValue().answer(command, data, Int(length))
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func answer(_ command: zip_source_cmd, _ data: UnsafeMutableRawPointer?, _ length: Int) -> zip_int64_t {
    switch command {
    case ZIP_SOURCE_OPEN:
      (next, current, given) = (0, Data(), 0)
      return 0
    case ZIP_SOURCE_READ:
      guard let data else { return -1 }
      return read(UnsafeMutableRawBufferPointer(start: data, count: length))
    case ZIP_SOURCE_CLOSE, ZIP_SOURCE_FREE:
      current = Data()
      return 0
    case ZIP_SOURCE_STAT:
      guard let status = data?.assumingMemoryBound(to: zip_stat_t.self) else { return -1 }
      zip_stat_init(status)
      status.pointee.size = zip_uint64_t(pieces.byteCount)
      status.pointee.valid = zip_uint64_t(ZIP_STAT_SIZE)
      return zip_int64_t(MemoryLayout<zip_stat_t>.size)
    case ZIP_SOURCE_ERROR:
      guard let codes = data?.assumingMemoryBound(to: Int32.self) else { return -1 }
      (codes[0], codes[1]) = (ZIP_ER_READ, EIO)
      return zip_int64_t(2 * MemoryLayout<Int32>.size)
    case ZIP_SOURCE_SUPPORTS:
      return [
        ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
      ].reduce(0) { $0 | 1 << zip_int64_t($1.rawValue) }
    default: return -1
    }
  }

  /// Bytes given; 0 at the end, -1 when a piece cannot be made or the pieces have another length than was said.
  private func read(_ target: UnsafeMutableRawBufferPointer) -> zip_int64_t {
    var done = 0
    while done < target.count {
      if current.isEmpty {
        guard next < pieces.count else { break }
        do { current = try pieces.piece(next) } catch {
          failure = error
          return -1
        }
        next += 1
        continue
      }
      let count = min(current.count, target.count - done)
      current.copyBytes(
        to: UnsafeMutableRawBufferPointer(rebasing: target[done..<done + count]),
        from: current.startIndex..<current.startIndex + count)
      current = current.dropFirst(count)
      done += count
    }
    given += done
    precondition(
      given <= pieces.byteCount && (done > 0 || target.isEmpty || given == pieces.byteCount),
      "\(given) bytes for an array of \(pieces.byteCount)")
    return zip_int64_t(done)
  }
}
