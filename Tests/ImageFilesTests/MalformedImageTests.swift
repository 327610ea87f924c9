import Files
import Foundation
import ImageFiles
import TestFiles
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bad files give one sentence that names the file, and never a crash, a hang or made-up voxels.
@Suite struct MalformedImageTests {
  static func expectRefusal(_ url: URL, _ words: String, location: SourceLocation = #_sourceLocation) {
    let error = #expect(throws: ImagingError.self, sourceLocation: location) {
      try ImageFile.read(url, selection: SliceSelection(plane: .axial))
    }
    let text = error?.description ?? ""
    #expect(text.contains(words), "\(text)", sourceLocation: location)
    let stem = url.deletingPathExtension().path
    #expect(text.contains(stem) && !text.contains("\n"), "\(text)", sourceLocation: location)
  }

  struct BadHeader: CustomStringConvertible, Sendable {
    var description: String
    var words: String
    var change: @Sendable (inout ImageBytes) -> Void

    init(_ description: String, _ words: String, _ change: @escaping @Sendable (inout ImageBytes) -> Void) {
      (self.description, self.words, self.change) = (description, words, change)
    }
  }

  static let headers: [BadHeader] = [
    BadHeader("product beyond 64 bits", "2 GiB") { $0.dim = [5, 16384, 16384, 16384, 16384, 128] },
    BadHeader("32767 to the seventh", "2 GiB") { $0.dim = [7] + [Int16](repeating: 32767, count: 7) },
    BadHeader("just over the limit", "2 GiB") { $0.dim = [3, 2048, 1024, 1025] },
    BadHeader("wraps to 4096 in 32 bits", "2 GiB") { $0.dim = [3, 20707, 5431, 2609] },
    BadHeader("negative size", "size of 2 x -3") { $0.dim = [2, 2, -3] },
    BadHeader("zero size", "size of 0 x 3") { $0.dim = [2, 0, 3] },
    BadHeader("no dimensions", "0 dimensions") { $0.dim = [0, 2, 3] },
    BadHeader("one dimension", "1 dimensions") { $0.dim = [1, 6] },
    BadHeader("nine dimensions", "9 dimensions") { $0.dim = [9, 2, 3] },
    BadHeader("negative dimensions", "-2 dimensions") { $0.dim = [-2, 2, 3] },
    BadHeader("a series", "from 0 to 1, as in --volume 0") { $0.dim = [4, 2, 3, 1, 2] },
    BadHeader("offset NaN", "voxels start at byte nan") { $0.offset = .nan },
    BadHeader("offset 1e20", "voxels start at byte 1e+20") { $0.offset = 1e20 },
    BadHeader("offset infinite", "voxels start") { $0.offset = .infinity },
    BadHeader("offset negative", "voxels start") { $0.offset = -352 },
    BadHeader("offset inside the header", "voxels start") { $0.offset = 348 },
    BadHeader("offset past the end", "cut short") { $0.offset = 1000 },
    BadHeader("bits disagree", "disagree") { $0.bitpix = 16 },
    BadHeader("colour of another size", "rgb24 and 8 bits") { $0.datatype = 128 },
    BadHeader("colour that is not there", "cut short: 358 of 370 bytes") { ($0.datatype, $0.bitpix) = (128, 24) },
    BadHeader("complex", "complex") { ($0.datatype, $0.bitpix) = (32, 64) },
    BadHeader("unknown type", "datatype 99") { $0.datatype = 99 },
    BadHeader("no type", "datatype 0") { $0.datatype = 0 },
    BadHeader("no mark", "'n+1'") { $0.magic = [0, 0, 0, 0] },
    BadHeader("mark of a pair", ".hdr/.img pair") { $0.magic = Array("ni1\0".utf8) },
    BadHeader("NIfTI-2", "NIfTI-2") { $0.headerSize = 540 },
    BadHeader("another header size", "does not start with") { $0.headerSize = 349 },
    BadHeader("sform singular", "sform") { ($0.sformCode, $0.sform) = (1, [Float](repeating: 0, count: 12)) },
    BadHeader("sform NaN", "sform") { ($0.sformCode, $0.sform) = (1, [.nan, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]) },
    BadHeader("qform NaN", "qform") { ($0.qformCode, $0.quaternion[1]) = (1, .nan) },
    BadHeader("qform too long", "qform") { ($0.qformCode, $0.quaternion[1]) = (1, 3) },
    BadHeader("qform far away", "qform") { ($0.qformCode, $0.quaternion[4]) = (1, .infinity) },
    BadHeader("intercept NaN", "scl_inter") { ($0.slope, $0.intercept) = (1, .nan) },
  ]

  @Test(arguments: headers, [false, true]) func badHeaders(bad: BadHeader, bigEndian: Bool) throws {
    let scratch = try ImageScratch()
    var image = ImageBytes([2, 3], values: [0, 1, 2, 3, 4, 5])
    image.bigEndian = bigEndian
    bad.change(&image)
    Self.expectRefusal(try image.write("bad", .nifti, in: scratch), bad.words)
    Self.expectRefusal(try image.write("bad", .niftiGzip, in: scratch), bad.words)
  }

  @Test(arguments: [0, 1, 4, 100, 347, 348, 351, 352, 353, 5000, 10351])
  func everyCutIsNoticed(length: Int) throws {
    let scratch = try ImageScratch()
    // Noise, so that the gzip stream is long and a cut falls in the middle of it.
    var state: UInt32 = 1
    let values = (0..<10000).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Double(state >> 24)
    }
    let image = ImageBytes([100, 100], values: values)
    let whole = image.header(.nifti) + [0, 0, 0, 0] + image.voxels
    let words = length < 348 ? "348" : "cut short"
    Self.expectRefusal(try scratch.write(Array(whole.prefix(length)), "cut.nii"), words)
    Self.expectRefusal(try scratch.write(Array(whole.prefix(length)), "shorter.nii.gz"), words)
    // The same for the compressed stream itself.
    let compressed = [UInt8](try Data(contentsOf: scratch.write(whole, "whole.nii.gz")))
    let part = compressed.prefix(min(length, compressed.count - 1))
    let cut = scratch.path("stream.nii.gz")
    try Data(part).write(to: cut)
    Self.expectRefusal(cut, "cannot read")
  }

  @Test func aCutPairIsNoticed() throws {
    let scratch = try ImageScratch()
    let image = ImageBytes([2, 3], values: [0, 1, 2, 3, 4, 5])
    let url = try image.write("pair", .analyze, in: scratch)
    try scratch.write(Array(image.voxels.dropLast()), "pair.img")
    Self.expectRefusal(url, "5 of 6 bytes")
    try FileManager.default.removeItem(at: scratch.path("pair.img"))
    Self.expectRefusal(url, "no such file")
    try scratch.write(Array(image.header(.nifti)), "pair.hdr")
    Self.expectRefusal(url, "rename it to .nii")
  }

  @Test func damagedGzipStreams() throws {
    let scratch = try ImageScratch()
    let image = ImageBytes([64, 64], values: (0..<4096).map { Double($0 * 7919 % 251) })
    let good = [UInt8](try Data(contentsOf: image.write("good", .niftiGzip, in: scratch)))
    for place in stride(from: 20, to: good.count, by: 97) {
      var bad = good
      bad[place] ^= 0x55
      let url = scratch.path("bad.nii.gz")
      try Data(bad).write(to: url)
      #expect(throws: ImagingError.self, "byte \(place) of \(good.count)") { try ImageFile.read(url) }
    }
    var checksum = good
    checksum[good.count - 6] ^= 1
    let url = scratch.path("checksum.nii.gz")
    try Data(checksum).write(to: url)
    Self.expectRefusal(url, "gzip stream")
  }

  @Test func aGzipBombStops() throws {
    let scratch = try ImageScratch()
    let image = ImageBytes([2, 3], values: [0, 1, 2, 3, 4, 5])
    let start = image.header(.nifti) + [0, 0, 0, 0] + image.voxels
    Self.expectRefusal(
      try scratch.write(start + [UInt8](repeating: 0, count: 4 << 20), "bomb.nii.gz"), "goes on long after")
    // A little more than declared does no harm.
    #expect(try ImageFile.read(scratch.write(start + [1, 2, 3], "extra.nii.gz")).pixels == [0, 1, 2, 3, 4, 5])
  }

  @Test func filesOfOtherKinds() throws {
    let scratch = try ImageScratch()
    let text = Array(String(repeating: "id,class\n", count: 100).utf8)
    let named = scratch.path("text.nii.gz")
    try Data(text).write(to: named)
    Self.expectRefusal(named, "not a gzip file")
    Self.expectRefusal(try scratch.write(text, "text.nii"), "text file")
    Self.expectRefusal(try scratch.write(text, "packed.nii.gz"), "text file")
    Self.expectRefusal(try scratch.write(Array("<nifti_image\n nx = '-8'".utf8) + text, "nia.nii"), "text header")
    Self.expectRefusal(scratch.path("missing.nii.gz"), "no such file")
    // niftilib would open the other file here.
    _ = try ImageBytes([2, 3], values: [0, 1, 2, 3, 4, 5]).write("other", .niftiGzip, in: scratch)
    Self.expectRefusal(scratch.path("other.nii"), "no such file")
    Self.expectRefusal(scratch.path("image.xyz"), "suffix")
    Self.expectRefusal(scratch.path("image.bmp"), "BMP files are not read")
  }

  @Test(.timeLimit(.minutes(1))) func notRegularFiles() throws {
    let scratch = try ImageScratch()
    for name in ["pipe.nii", "pipe.nii.gz", "pipe.hdr", "pipe.png", "pipe.jpg", "pipe.tif"] {
      #expect(mkfifo(scratch.path(name).path, 0o600) == 0)
      Self.expectRefusal(scratch.path(name), "not a regular file")
    }
    try FileManager.default.createDirectory(at: scratch.path("folder.nii.gz"), withIntermediateDirectories: true)
    Self.expectRefusal(scratch.path("folder.nii.gz"), "folder")
    #expect(symlink(scratch.path("loop.nii").path, scratch.path("loop.nii").path) == 0)
    Self.expectRefusal(scratch.path("loop.nii"), "symbolic links")
  }
}
