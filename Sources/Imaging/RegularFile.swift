import CNIfTI
import Foundation

/// Reads a regular file from its start, through gzip where the name ends in `.gz`; never waits on a pipe or a device.
final class RegularFile {
  /// Bytes past the end that the header declares which a gzip file may still hold.
  static let toleratedExcess = 1 << 20

  let path: String
  /// Size on disk, in bytes.
  let size: Int
  /// Bytes delivered or skipped so far, after decompression.
  private(set) var position = 0
  private var descriptor: Int32
  private var gzip: gzFile?

  init(path: String) throws {
    self.path = path
    // O_NONBLOCK: opening a FIFO that nobody writes to would otherwise hang.
    descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw ImagingError.unreadable(
        path: path, reason: reasonOfLastError(), remedy: "check the name and that you may read it")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      close(descriptor)
      throw ImagingError.unreadable(
        path: path, reason: isFolder ? "it is a folder" : "it is not a regular file", remedy: "name an image file")
    }
    size = Int(status.st_size)
    // From here on every property has its value, so a throw runs deinit, which closes the file.
    guard path.lowercased().hasSuffix(".gz") else { return }
    gzip = gzdopen(descriptor, "rb")
    guard let gzip else {
      throw ImagingError.unreadable(path: path, reason: "zlib could not start", remedy: "free some memory")
    }
    gzbuffer(gzip, 1 << 16)
    if gzdirect(gzip) != 0 {
      throw ImagingError.unreadable(
        path: path, reason: size == 0 ? "it is empty" : "it is not a gzip file, whatever its name says",
        remedy: "export the image again as NIfTI")
    }
  }

  deinit {
    if let gzip { gzclose_r(gzip) } else { close(descriptor) }
  }

  /// Fills the buffer as far as the file goes; returns how many bytes there were.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    while filled < buffer.count {
      let target = buffer.baseAddress! + filled
      let wanted = min(buffer.count - filled, 1 << 30)
      let count =
        gzip.map { Int(gzread($0, target, UInt32(wanted))) }
        ?? systemRead(descriptor, target, wanted)
      if count < 0 {
        let reason = gzip == nil ? reasonOfLastError() : "its gzip stream is damaged"
        throw ImagingError.unreadable(path: path, reason: reason, remedy: "copy or export the file again")
      }
      if count == 0 { break }
      filled += count
    }
    position += filled
    return filled
  }

  /// Moves on to `target`, at or after the position; a plain file may thereby pass its end.
  func skip(to target: Int) throws {
    guard target > position else { return }
    guard gzip != nil else {
      lseek(descriptor, off_t(target), SEEK_SET)
      position = target
      return
    }
    try withUnsafeTemporaryAllocation(byteCount: min(target - position, 1 << 16), alignment: 16) { scratch in
      while position < target {
        let part = UnsafeMutableRawBufferPointer(rebasing: scratch[..<min(scratch.count, target - position)])
        if try read(into: part) < part.count { return }
      }
    }
  }

  /// Reads the bytes in `range`, then makes sure that the data goes on to `end` and that the gzip checksum holds.
  func bytes(in range: Range<Int>, end: Int) throws -> [UInt8] {
    if gzip == nil, size < end { throw truncated(found: size, end: end) }
    try skip(to: range.lowerBound)
    let bytes = try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      count = try position == range.lowerBound ? read(into: UnsafeMutableRawBufferPointer(buffer)) : 0
    }
    guard gzip != nil else {
      if bytes.count < range.count { throw truncated(found: position, end: end) }
      return bytes
    }
    try skip(to: end)
    if position < end { throw truncated(found: position, end: end) }
    try skip(to: end + Self.toleratedExcess)
    if position == end + Self.toleratedExcess {
      throw ImagingError.unreadable(
        path: path, reason: "it goes on long after the \(end) bytes that its header declares",
        remedy: "export the image again")
    }
    var code: Int32 = Z_OK
    _ = gzerror(gzip, &code)
    if code != Z_OK && code != Z_STREAM_END { throw truncated(found: position, end: end) }
    return bytes
  }

  /// The whole file, if it is not longer than `limit` bytes.
  func allBytes(limit: Int) throws -> [UInt8] {
    guard size <= limit else {
      throw ImagingError.unreadable(
        path: path, reason: "its \(size) bytes are over the limit of \(limit)", remedy: "make the image smaller")
    }
    return try bytes(in: 0..<size, end: size)
  }

  private func truncated(found: Int, end: Int) -> ImagingError {
    .unreadable(
      path: path,
      reason: found < end
        ? "it is cut short: \(found) of \(end) bytes are there" : "its gzip stream is cut short",
      remedy: "copy or export the file again")
  }
}

/// The system's sentence for the last failed call.
func reasonOfLastError() -> String { String(cString: strerror(errno)).lowercased() }

private func systemRead(_ descriptor: Int32, _ target: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, target, count)
}
