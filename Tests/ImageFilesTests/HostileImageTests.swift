import Files
import Foundation
import ImageFiles
import TestFiles
import Testing

/// Files made to exhaust or mislead a reader: refused before memory or time is spent on them.
@Suite struct HostileImageTests {
  static let image = ImageBytes([2, 3], values: [0, 1, 2, 3, 4, 5])

  @Test func aHeaderCannotAskForMoreThanItsFileHolds() throws {
    let scratch = try ImageScratch()
    var image = Self.image
    image.dim = [3, 1290, 1290, 1290]
    MalformedImageTests.expectRefusal(try image.write("claim", .nifti, in: scratch), "cut short: 358 of 2146689352")
    MalformedImageTests.expectRefusal(try image.write("claim", .pair, in: scratch), "cut short: 6 of 2146689000")
    MalformedImageTests.expectRefusal(
      try image.write("claim", .niftiGzip, in: scratch), "bytes cannot hold the 2146689352")
  }

  @Test func membersInARowAreOneStreamAndGarbageIsIgnored() throws {
    let scratch = try ImageScratch()
    let whole = Self.image.header(.nifti) + [0, 0, 0, 0] + Self.image.voxels
    func gzip(_ bytes: some Sequence<UInt8>) throws -> [UInt8] {
      [UInt8](try Data(contentsOf: scratch.write(Array(bytes), "part.nii.gz")))
    }
    let url = scratch.path("joined.nii.gz")
    func read(_ bytes: [UInt8]) throws -> [Float] {
      try Data(bytes).write(to: url)
      return try ImageFile.read(url).pixels
    }
    let expected: [Float] = [0, 1, 2, 3, 4, 5]
    for place in [0, 1, 347, 348, 352, 355, whole.count] {
      #expect(try read(gzip(whole.prefix(place)) + gzip(whole.dropFirst(place))) == expected, "joined at \(place)")
    }
    #expect(try read(gzip(whole) + [UInt8](repeating: 0, count: 512)) == expected)
    #expect(try read(gzip(whole) + Array("garbage".utf8)) == expected)
    #expect(try read(gzip(whole) + [0x1F]) == expected)
    // A second member counts: it must be whole, and its bytes are bytes of the file.
    let tail = try gzip([UInt8](repeating: 7, count: 100))
    #expect(throws: ImagingError.self) { try read(gzip(whole) + tail.dropLast(3)) }
    #expect(throws: ImagingError.self) { try read(gzip(whole.prefix(355)) + Array("garbage".utf8)) }
    var many = try gzip(whole)
    for _ in 0..<10000 { many += tail.prefix(0) + Self.emptyMember }
    #expect(try read(many) == expected)
  }

  /// Ten bytes of header, an empty final block, a checksum and a length of 0.
  static let emptyMember: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]

  static let headers: [MalformedImageTests.BadHeader] = [
    .init("offset between bytes", "voxels start at byte 352.5") { $0.offset = 352.5 },
    .init("sform beyond belief", "sform") { ($0.sformCode, $0.sform) = (1, [1e30, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]) },
    .init("sform far away", "sform") { ($0.sformCode, $0.sform) = (1, [1, 0, 0, 3e38, 0, 1, 0, 0, 0, 0, 1, 0]) },
    .init("qform far away", "qform") { ($0.qformCode, $0.quaternion[4]) = (1, 3e38) },
  ]

  @Test(arguments: headers) func fieldsThatCannotBe(bad: MalformedImageTests.BadHeader) throws {
    let scratch = try ImageScratch()
    var image = Self.image
    bad.change(&image)
    MalformedImageTests.expectRefusal(try image.write("bad", .nifti, in: scratch), bad.words)
  }

  @Test func voxelSizesThatAreNoneCountAsOne() throws {
    let scratch = try ImageScratch()
    var image = Self.image
    image.qformCode = 1
    image.pixdim = [.nan, .nan, -2, 3e38, 1, 1, 1, 1]
    let slice = try ImageFile.read(image.write("sizes", .nifti, in: scratch))
    #expect(slice.frame.spacing == SIMD3(2, 1, 1))
    #expect(slice.frame.qform?.handedness == 1)
  }

  @Test func aPNGCannotAskForMoreThanItsFileHolds() throws {
    let scratch = try ImageScratch()
    let slice = Slice(height: 1, width: 1, pixels: [1], frame: .unoriented())
    let url = scratch.path("large.png")
    try ImageFile.writePNG(slice, to: url)
    var bytes = [UInt8](try Data(contentsOf: url))
    // Width and height 16384, with the checksum that belongs to them.
    bytes.replaceSubrange(16..<24, with: [0, 0, 0x40, 0, 0, 0, 0x40, 0])
    bytes.replaceSubrange(29..<33, with: Self.checksum(Array(bytes[12..<29])))
    try Data(bytes).write(to: url)
    MalformedImageTests.expectRefusal(url, "cut short")
  }

  /// CRC-32 as the PNG standard defines it, bit by bit.
  static func checksum(_ bytes: [UInt8]) -> [UInt8] {
    var state: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      state ^= UInt32(byte)
      for _ in 0..<8 { state = state & 1 == 1 ? state >> 1 ^ 0xEDB8_8320 : state >> 1 }
    }
    return withUnsafeBytes(of: (~state).bigEndian, Array.init)
  }
}
