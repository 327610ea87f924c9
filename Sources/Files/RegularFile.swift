import Foundation

/// Reads a regular file, or bytes in memory in its place, from the start, through gzip where the name ends in `.gz` or, if
/// asked, where the content is gzip's; never waits on a pipe or a device.
///
/// Memory: no more than the caller asks for, and never more than the file can hold: what it declares beyond its size,
/// or for gzip beyond `GzipStream.greatestRatio` times its size, is refused before it is allocated.
package final class RegularFile {
  /// Bytes past the end that the header declares which a gzip file may still hold.
  static let toleratedExcess = 1 << 20

  /// What says that a file is compressed.
  package enum GzipMark { case name, content }

  private enum Origin {
    case descriptor(Int32)
    case memory([UInt8])
  }

  package let path: String
  /// Size on disk, in bytes.
  package let size: Int
  /// Bytes delivered or skipped so far, after decompression.
  package private(set) var position = 0
  private let origin: Origin
  /// Bytes of `origin` in memory that are read.
  private var consumed = 0
  private var gzip: GzipStream?

  /// - Parameter noun: what errors ask for instead of a folder or a pipe.
  package convenience init(path: String, noun: String = "an image file") throws {
    try self.init(path: path, noun: noun, gzip: .name)
  }

  /// - Parameters:
  ///   - noun: what errors ask for instead of a folder or a pipe.
  ///   - mark: what says whether the file is compressed.
  package init(path: String, noun: String, gzip mark: GzipMark) throws {
    self.path = path
    // O_NONBLOCK: opening a FIFO that nobody writes to would otherwise hang.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw ImagingError.unreadable(
        path: path, reason: reasonOfLastError(), remedy: "check the name and that you may read it")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      close(descriptor)
      throw ImagingError.unreadable(
        path: path, reason: isFolder ? "it is a folder" : "it is not a regular file", remedy: "name \(noun)")
    }
    origin = .descriptor(descriptor)
    size = Int(status.st_size)
    // From here on every property has its value, so a throw runs deinit, which closes the file.
    try startGzip(mark)
  }

  /// - Parameter path: what errors call the bytes, and whose suffix says whether they are compressed.
  package convenience init(bytes: [UInt8], path: String) throws { try self.init(bytes: bytes, path: path, gzip: .name) }

  /// - Parameters:
  ///   - path: what errors call the bytes.
  ///   - mark: what says whether they are compressed.
  package init(bytes: [UInt8], path: String, gzip mark: GzipMark) throws {
    self.path = path
    origin = .memory(bytes)
    size = bytes.count
    try startGzip(mark)
  }

  /// Whether what is read is inflated.
  package var isCompressed: Bool { gzip != nil }

  deinit { if case .descriptor(let descriptor) = origin { close(descriptor) } }

  private func startGzip(_ mark: GzipMark) throws {
    guard mark == .content || path.lowercased().hasSuffix(".gz") else { return }
    do {
      gzip = try GzipStream { [unowned self] in try readStored(into: $0) }
    } catch GzipStream.Failure.notGzip where mark == .content {
      consumed = 0
      if case .descriptor(let descriptor) = origin { lseek(descriptor, 0, SEEK_SET) }
    } catch GzipStream.Failure.notGzip {
      throw ImagingError.unreadable(
        path: path, reason: size == 0 ? "it is empty" : "it is not a gzip file, whatever its name says",
        remedy: "export the image again as NIfTI")
    } catch GzipStream.Failure.noMemory {
      throw ImagingError.unreadable(path: path, reason: "zlib could not start", remedy: "free some memory")
    }
  }

  /// Fills the buffer as far as the file goes; returns how many bytes there were.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    do {
      while filled < buffer.count {
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
        let count = try gzip?.read(into: rest) ?? readStored(into: rest)
        if count == 0 { break }
        filled += count
      }
    } catch let failure as GzipStream.Failure {
      let reasons: [GzipStream.Failure: String] = [
        .cutShort: "its gzip stream is cut short", .noMemory: "there is no memory to decompress it",
      ]
      throw ImagingError.unreadable(
        path: path, reason: reasons[failure] ?? "its gzip stream is damaged", remedy: "copy or export the file again")
    }
    position += filled
    return filled
  }

  /// The next bytes as they are stored; 0 at the end.
  private func readStored(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    switch origin {
    case .memory(let bytes):
      let count = min(buffer.count, bytes.count - consumed)
      bytes.withUnsafeBytes {
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[consumed..<consumed + count]))
      }
      consumed += count
      return count
    case .descriptor(let descriptor):
      while true {
        let count = systemRead(descriptor, buffer.baseAddress!, min(buffer.count, 1 << 30))
        if count >= 0 { return count }
        if errno == EINTR { continue }
        throw ImagingError.unreadable(path: path, reason: reasonOfLastError(), remedy: "copy or export the file again")
      }
    }
  }

  /// Moves on to `target`, at or after the position; a plain file may thereby pass its end.
  func skip(to target: Int) throws {
    guard target > position else { return }
    guard gzip != nil else {
      switch origin {
      case .memory(let bytes): consumed = min(target, bytes.count)
      case .descriptor(let descriptor): lseek(descriptor, off_t(target), SEEK_SET)
      }
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
  package func bytes(in range: Range<Int>, end: Int) throws -> [UInt8] { try bytes(in: [range], end: end) }

  /// The same for several ranges, ascending, one after the other.
  package func bytes(in ranges: [Range<Int>], end: Int) throws -> [UInt8] {
    let (most, overflow) = size.multipliedReportingOverflow(by: gzip == nil ? 1 : GzipStream.greatestRatio)
    if !overflow, most < end {
      guard gzip == nil else {
        throw ImagingError.unreadable(
          path: path, reason: "it is cut short: \(size) bytes cannot hold the \(end) that its header declares",
          remedy: "copy or export the file again")
      }
      throw truncated(found: size, end: end)
    }
    let wanted = ranges.reduce(0) { $0 + $1.count }
    let bytes = try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
      for range in ranges {
        try skip(to: range.lowerBound)
        guard position == range.lowerBound else { break }
        let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
        count += try read(into: UnsafeMutableRawBufferPointer(rebasing: rest[..<range.count]))
      }
    }
    guard gzip != nil else {
      if bytes.count < wanted { throw truncated(found: position, end: end) }
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
    return bytes
  }

  /// The whole file, if it is not longer than `limit` bytes.
  package func allBytes(limit: Int, remedy: String = "make the image smaller") throws -> [UInt8] {
    guard size <= limit else {
      throw ImagingError.unreadable(
        path: path, reason: "its \(size) bytes are over the limit of \(limit)", remedy: remedy)
    }
    return try bytes(in: 0..<size, end: size)
  }

  private func truncated(found: Int, end: Int) -> ImagingError {
    .unreadable(
      path: path, reason: "it is cut short: \(found) of \(end) bytes are there", remedy: "copy or export the file again"
    )
  }
}

/// The system's sentence for the last failed call.
package func reasonOfLastError() -> String { String(cString: strerror(errno)).lowercased() }

private func systemRead(_ descriptor: Int32, _ target: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, target, count)
}
