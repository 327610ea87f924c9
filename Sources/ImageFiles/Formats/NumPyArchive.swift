import CZip
import Files
import Foundation

/// Named arrays that go to one `.npz` file, which `numpy.load` reads without pickle. Arrays that are too large for memory are given
/// piece by piece while the file is written.
///
/// Source: NumPy's "NEP 1, a simple file format for NumPy arrays".
public struct NumPyArchive {
  private var arrays: [(name: String, content: Pieces)] = []

  public init() {}

  /// Adds an array of numbers in this machine's order, the last axis the fastest.
  ///
  /// - Parameters:
  ///   - name: what `numpy.load` calls it, such as `x_train`; no other array may have it.
  ///   - values: `UInt8`, `UInt16`, `Int64`, `Float`, `Double` or `Bool`.
  ///   - shape: the product is the number of values.
  public mutating func add<Value>(_ name: String, _ values: [Value], shape: [Int]) {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values for the shape \(shape)")
    add(name, type: Self.type(of: Value.self), shape: shape, values.withUnsafeBytes { Data($0) })
  }

  /// Adds an array of numbers that are asked for when the file is written, a piece at a time and each once, in their order.
  ///
  /// - Parameters:
  ///   - name: what `numpy.load` calls it; no other array may have it.
  ///   - shape: the product is the number of values of all pieces together.
  ///   - pieces: how many there are.
  ///   - piece: the values of one, from 0; what it throws, `write` throws.
  public mutating func add<Value>(
    _ name: String, shape: [Int], pieces: Int, _ piece: @escaping (Int) throws -> [Value]
  ) {
    let header = Self.header(type: Self.type(of: Value.self), shape: shape)
    let length = header.count + shape.reduce(1, *) * MemoryLayout<Value>.stride
    arrays.append(
      (
        name,
        Pieces(byteCount: length, count: pieces + 1) { index in
          index == 0 ? header : try piece(index - 1).withUnsafeBytes { Data($0) }
        }
      ))
  }

  /// Adds an array of texts, one axis.
  public mutating func add(_ name: String, _ texts: [String]) {
    let scalars = texts.map { Array($0.unicodeScalars.map(\.value)) }
    let width = max(1, scalars.map(\.count).max() ?? 1)
    let values = scalars.flatMap { $0 + [UInt32](repeating: 0, count: width - $0.count) }
    add(name, type: "\(Self.order)U\(width)", shape: [texts.count], values.withUnsafeBytes { Data($0) })
  }

  private static let order = 1.littleEndian == 1 ? "<" : ">"

  private static func type<Value>(of type: Value.Type) -> String {
    switch type {
    case is UInt8.Type: "|u1"
    case is Bool.Type: "|b1"
    case is UInt16.Type: "\(order)u2"
    case is Int64.Type: "\(order)i8"
    case is Float.Type: "\(order)f4"
    case is Double.Type: "\(order)f8"
    default: preconditionFailure("no NumPy type for \(type)")
    }
  }

  private mutating func add(_ name: String, type: String, shape: [Int], _ values: Data) {
    let bytes = Self.header(type: type, shape: shape) + values
    arrays.append((name, Pieces(byteCount: bytes.count, count: 1) { _ in bytes }))
  }

  /// What stands before the values, which begin at a multiple of 64.
  private static func header(type: String, shape: [Int]) -> Data {
    let axes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(axes)), }"
    let length = 10 + header.utf8.count + 1
    header += String(repeating: " ", count: (64 - length % 64) % 64) + "\n"
    let count = UInt16(header.utf8.count)
    return Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0, UInt8(count & 255), UInt8(count >> 8)]) + Data(header.utf8)
  }

  /// Checks, before long work, that a file of this name could be written.
  ///
  /// - Throws: `ImagingError.unwritable`.
  public static func requireWritable(_ url: URL, overwrite: Bool) throws {
    guard url.pathExtension == "npz" else {
      throw ImagingError.unwritable(
        path: url.path, reason: "an archive of arrays ends in .npz", remedy: "change the name")
    }
    let manager = FileManager.default
    guard overwrite || !manager.fileExists(atPath: url.path) else {
      throw ImagingError.unwritable(
        path: url.path, reason: "there is a file of that name", remedy: "name another, or say --overwrite")
    }
    let folder = url.deletingLastPathComponent().path
    guard manager.isWritableFile(atPath: folder.isEmpty ? "." : folder) else {
      throw ImagingError.unwritable(
        path: url.path, reason: "there is no folder to write it to", remedy: "make the folder, or name another")
    }
  }

  /// Writes the arrays, compressed; the same arrays give the same bytes. The file appears at once or not at all.
  ///
  /// - Throws: `ImagingError.unwritable`.
  public func write(to url: URL) throws {
    let temporary = url.deletingLastPathComponent()
      .appendingPathComponent(".\(url.lastPathComponent).\(UUID().uuidString).tmp").path
    func refuse() -> ImagingError {
      unlink(temporary)
      return .unwritable(
        path: url.path, reason: "the archive cannot be written there",
        remedy: "check that the folder exists, is writable and has room")
    }
    var code: Int32 = 0
    guard let archive = zip_open(temporary, ZIP_CREATE | ZIP_EXCL, &code) else { throw refuse() }
    // The bytes are read when the archive is closed.
    let sources = arrays.map { PieceReader($0.content) }
    defer { withExtendedLifetime(sources) {} }
    for (array, reader) in zip(arrays, sources) {
      guard let source = reader.source(in: archive) else {
        zip_discard(archive)
        throw refuse()
      }
      let index = zip_file_add(archive, array.name + ".npy", source, zip_flags_t(ZIP_FL_ENC_UTF_8))
      guard index >= 0 else {
        zip_source_free(source)
        zip_discard(archive)
        throw refuse()
      }
      // 1 January 1980, 0:00: a date would make the bytes differ from run to run.
      zip_file_set_dostime(archive, zip_uint64_t(index), 0, 0x21, 0)
    }
    guard zip_close(archive) == 0 else {
      zip_discard(archive)
      let refusal = refuse()
      throw sources.lazy.compactMap(\.failure).first ?? refusal
    }
    guard rename(temporary, url.path) == 0 else { throw refuse() }
  }
}
