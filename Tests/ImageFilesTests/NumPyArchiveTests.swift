import CZip
import Foundation
import ImageFiles
import TestFiles
import Testing

/// Archives hold NumPy's arrays as its own description of the format has them.
@Suite struct NumPyArchiveTests {
  /// A file of the archive, read by libzip.
  private func entry(_ name: String, of url: URL) throws -> [UInt8] {
    let archive = try #require(zip_open(url.path, ZIP_RDONLY, nil))
    defer { zip_discard(archive) }
    var status = zip_stat_t()
    try #require(zip_stat(archive, name, 0, &status) == 0)
    let file = try #require(zip_fopen(archive, name, 0))
    defer { zip_fclose(file) }
    var bytes = [UInt8](repeating: 0, count: Int(status.size))
    try #require(zip_fread(file, &bytes, zip_uint64_t(bytes.count)) == Int64(bytes.count))
    return bytes
  }

  private func parts(_ bytes: [UInt8]) throws -> (header: String, values: [UInt8]) {
    #expect(bytes.prefix(8) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0])
    let length = Int(bytes[8]) | Int(bytes[9]) << 8
    #expect((10 + length) % 64 == 0 && bytes[9 + length] == 10)
    return (
      String(decoding: bytes[10..<10 + length], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines),
      Array(bytes[(10 + length)...])
    )
  }

  @Test func arraysAreDescribed() throws {
    let scratch = try ImageScratch()
    let url = scratch.path("a.npz")
    var archive = NumPyArchive()
    archive.add("images", [1, 2, 3, 4, 5, 6] as [UInt16], shape: [1, 2, 3])
    archive.add("labels", [-1, 7] as [Int64], shape: [2])
    archive.add("flags", [true, false], shape: [2])
    archive.add("names", ["é", "CN3"])
    try archive.write(to: url)
    #expect(try scratch.names == ["a.npz"])
    let images = try parts(entry("images.npy", of: url))
    #expect(images.header == "{'descr': '<u2', 'fortran_order': False, 'shape': (1, 2, 3), }")
    #expect(images.values == [1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0])
    let labels = try parts(entry("labels.npy", of: url))
    #expect(labels.header == "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }")
    #expect(labels.values == [UInt8](repeating: 255, count: 8) + [7, 0, 0, 0, 0, 0, 0, 0])
    #expect(try parts(entry("flags.npy", of: url)).values == [1, 0])
    let names = try parts(entry("names.npy", of: url))
    #expect(names.header.contains("'<U3'"))
    #expect(
      names.values == [0xE9, 0, 0, 0] + [UInt8](repeating: 0, count: 8) + [67, 0, 0, 0, 78, 0, 0, 0, 51, 0, 0, 0])
    // The same arrays give the same bytes.
    try archive.write(to: scratch.path("b.npz"))
    #expect(try Data(contentsOf: url) == Data(contentsOf: scratch.path("b.npz")))
  }

  /// Pieces make the same file as the whole, whatever their lengths, and each is made once.
  @Test func piecesAreTheWhole() throws {
    let scratch = try ImageScratch()
    let values = (0..<300_000).map { UInt16(truncatingIfNeeded: $0 &* $0 / 7) }
    var whole = NumPyArchive()
    whole.add("images", values, shape: [300, 1000])
    whole.add("labels", [1, 2] as [Int64], shape: [2])
    try whole.write(to: scratch.path("whole.npz"))
    final class Asked { var pieces: [Int] = [] }
    let asked = Asked()
    let bounds = [0, 1, 1, 70_000, 299_999, 300_000]
    var inPieces = NumPyArchive()
    inPieces.add("images", shape: [300, 1000], pieces: 5) { piece in
      asked.pieces.append(piece)
      return Array(values[bounds[piece]..<bounds[piece + 1]])
    }
    inPieces.add("labels", [1, 2] as [Int64], shape: [2])
    try inPieces.write(to: scratch.path("pieces.npz"))
    #expect(asked.pieces == [0, 1, 2, 3, 4])
    #expect(try Data(contentsOf: scratch.path("whole.npz")) == Data(contentsOf: scratch.path("pieces.npz")))
    // Pieces in another order are another file.
    var other = NumPyArchive()
    other.add("images", shape: [300, 1000], pieces: 5) { Array(values[bounds[4 - $0]..<bounds[5 - $0]]) }
    other.add("labels", [1, 2] as [Int64], shape: [2])
    try other.write(to: scratch.path("other.npz"))
    #expect(try Data(contentsOf: scratch.path("whole.npz")) != Data(contentsOf: scratch.path("other.npz")))
  }

  /// What a piece throws is thrown, and nothing is left.
  @Test func aPieceThatFailsLeavesNothing() throws {
    struct Failure: Error {}
    let scratch = try ImageScratch()
    var archive = NumPyArchive()
    archive.add("images", shape: [2, 100_000], pieces: 2) { piece -> [Float] in
      guard piece == 0 else { throw Failure() }
      return [Float](repeating: 1, count: 100_000)
    }
    let unwritten = archive
    #expect(throws: Failure.self) { try unwritten.write(to: scratch.path("a.npz")) }
    #expect(try scratch.names == [])
  }

  @Test func placesAreCheckedBefore() throws {
    let scratch = try ImageScratch()
    try scratch.touch(["old.npz"])
    expectError("ends in .npz") { try NumPyArchive.requireWritable(scratch.path("a.zip"), overwrite: false) }
    expectError("there is a file", "--overwrite") {
      try NumPyArchive.requireWritable(scratch.path("old.npz"), overwrite: false)
    }
    try NumPyArchive.requireWritable(scratch.path("old.npz"), overwrite: true)
    expectError("no folder") { try NumPyArchive.requireWritable(scratch.path("none/a.npz"), overwrite: false) }
    var archive = NumPyArchive()
    archive.add("a", [1] as [UInt8], shape: [1])
    let unwritten = archive
    expectError("cannot be written") { try unwritten.write(to: scratch.path("none/a.npz")) }
  }
}
