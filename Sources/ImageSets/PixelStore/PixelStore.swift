import Foundation

/// The pixels of many images of one size, which never change once they are written.
///
/// Small sets lie in memory in one piece; larger ones in a temporary file (see `PixelFile`), so that memory does not grow
/// with them. Nothing that is computed from them depends on which.
public final class PixelStore: @unchecked Sendable {
  /// How many images.
  public let rowCount: Int
  /// Values of one image.
  public let length: Int
  /// Values of all images.
  public var count: Int { rowCount * length }
  private let content: Content

  private enum Content {
    case memory(UnsafeMutablePointer<Float>)
    case file(PixelFile)
    case rows([Int32], of: PixelStore)
  }

  /// In memory.
  ///
  /// - Parameters:
  ///   - rows: how many images there are.
  ///   - length: values of one image.
  ///   - fill: writes every pixel; they are not initialised before. It may write from several threads.
  /// - Throws: what `fill` throws.
  public convenience init(
    rows: Int, length: Int, fill: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    self.init(rows: rows, length: length, .memory(.allocate(capacity: rows * length)))
    // A throw runs deinit, which frees the memory.
    guard case .memory(let start) = content else { return }
    try fill(UnsafeMutableBufferPointer(start: start, count: rows * length))
  }

  /// In memory or, where that would take more than `limit` bytes, in a temporary file.
  ///
  /// - Parameters:
  ///   - what: the images are, for messages.
  ///   - sample: the pixels of one image, by which the size of the file is estimated; asked for only if there will be one.
  ///   - body: gets a function that writes an image, which may be called from several threads, and writes each once.
  /// - Throws: `ImagingError.unwritable` if there is no room for the file, and what `body` throws.
  package convenience init(
    rows: Int, length: Int, limit: Int = memoryLimit, what: String, sample: @autoclosure () throws -> [Float],
    body: (_ write: @Sendable (Int, [Float]) throws -> Void) throws -> Void
  ) throws {
    guard 4 * rows * length > limit else {
      try self.init(rows: rows, length: length) { buffer in
        nonisolated(unsafe) let target = buffer
        try body { row, pixels in _ = target[(row * length)...].update(fromContentsOf: pixels) }
      }
      return
    }
    let size = try sample().withUnsafeBufferPointer { pixels in
      withUnsafeTemporaryAllocation(byteCount: 4 * pixels.count, alignment: 16) { packed in
        PackedPixels.byteCount(pixels: length, values: PackedPixels.pack(pixels, into: packed.baseAddress!))
      }
    }
    let file = try PixelFile(rows: rows, length: length, byteCount: rows * size, what: what)
    self.init(rows: rows, length: length, .file(file))
    try body { row, pixels in try pixels.withUnsafeBufferPointer { try file.write(row, $0) } }
  }

  private init(rows: Int, length: Int, _ content: Content) {
    (rowCount, self.length, self.content) = (rows, length, content)
  }

  deinit { if case .memory(let start) = content { start.deallocate() } }

  /// The most bytes of one set of images that are kept in memory: 1 GiB, or a quarter of the machine's memory if that is
  /// less. Tests set MANIKIN_PIXELS_IN_MEMORY to another number of bytes.
  package static let memoryLimit: Int = {
    let named = ProcessInfo.processInfo.environment["MANIKIN_PIXELS_IN_MEMORY"].flatMap { Int($0) }
    return named ?? min(1 << 30, Int(ProcessInfo.processInfo.physicalMemory / 4))
  }()

  /// Some of the images, in the given order, repeats allowed, without a copy of them.
  public func selecting(_ rows: [Int]) -> PixelStore {
    precondition(rows.allSatisfy { $0 >= 0 && $0 < rowCount }, "a row that \(rowCount) images do not have")
    return PixelStore(rows: rows.count, length: length, .rows(rows.map { Int32($0) }, of: self))
  }

  /// Whether images lie in a file, so that it helps to say which are needed next.
  public var isInFile: Bool {
    switch content {
    case .memory: false
    case .file: true
    case .rows(_, let store): store.isInFile
    }
  }

  /// How many bytes of a file they take; nil for pixels in memory.
  package var fileByteCount: Int? {
    switch content {
    case .memory: nil
    case .file(let file): file.byteCount
    case .rows(_, let store): store.fileByteCount
    }
  }

  /// Copies an image's pixels.
  ///
  /// - Parameters:
  ///   - row: of the image, from 0.
  ///   - target: room for `length` values.
  public func read(_ row: Int, into target: UnsafeMutablePointer<Float>) {
    precondition(row >= 0 && row < rowCount, "image \(row) of \(rowCount)")
    switch content {
    case .memory(let start): target.update(from: start + row * length, count: length)
    case .file(let file): file.read(row, into: target)
    case .rows(let rows, let store): store.read(Int(rows[row]), into: target)
    }
  }

  /// An image's pixels, valid within `body`.
  public func withPixels<Result>(_ row: Int, _ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    if case .memory(let start) = content {
      precondition(row >= 0 && row < rowCount, "image \(row) of \(rowCount)")
      return try body(UnsafeBufferPointer(start: start + row * length, count: length))
    }
    return try withUnsafeTemporaryAllocation(of: Float.self, capacity: length) { pixels in
      read(row, into: pixels.baseAddress!)
      return try body(UnsafeBufferPointer(pixels))
    }
  }

  /// Has images that lie in a file fetched from the disk, in the background.
  public func expect(_ rows: [Int]) {
    switch content {
    case .memory: break
    case .file(let file): file.expect(rows)
    case .rows(let own, let store): store.expect(rows.map { Int(own[$0]) })
    }
  }
}
