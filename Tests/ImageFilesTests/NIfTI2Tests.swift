import Foundation
import ImageFiles
import TestFiles
import Testing

/// NIfTI-2 files: every type in both byte orders, single and in pairs.
@Suite struct NIfTI2Tests {
  @Test(arguments: VoxelType.allCases, [false, true])
  func everyTypeAndByteOrder(type: VoxelType, bigEndian: Bool) throws {
    let scratch = try ImageScratch()
    var image = NIfTI2Bytes([3, 2, 1], type: type, values: NIfTIReadingTests.values(type))
    image.bigEndian = bigEndian
    for name in ["a.nii", "a.nii.gz", "a.hdr"] {
      image.isPair = name == "a.hdr"
      let url = try image.write(name, in: scratch)
      let slice = try ImageFile.read(url)
      #expect((slice.height, slice.width) == (2, 3))
      #expect(slice.pixels == image.values.map { Float($0) }, "\(name)")
      let header = try ImageFile.header(url)
      #expect(header.dataType == type.rawValue && header.isBigEndian == bigEndian && header.dimensions == [3, 2, 1])
      #expect(header.format == (image.isPair ? "NIfTI-2 pair" : "NIfTI-2"))
    }
  }

  @Test(arguments: [false, true]) func everyFieldIsWhereTheStandardPutsIt(bigEndian: Bool) throws {
    let scratch = try ImageScratch()
    var image = NIfTI2Bytes([2, 3, 2], type: .int16, values: (0..<12).map(Double.init))
    image.bigEndian = bigEndian
    (image.slope, image.intercept, image.units) = (2, 5, 3)
    image.pixdim = [-1, 2, 3, 4, 1, 1, 1, 1]
    (image.qformCode, image.quaternion) = (4, [0, 0, 0, 7, 8, 9])
    let url = try image.write("q.nii", in: scratch)
    let selection = SliceSelection(plane: .axial, position: .index(0))
    let slice = try ImageFile.read(url, selection: selection)
    // The k axis is mirrored, so the lowest slice is the last one; the last row is the first one.
    #expect(slice.pixels == [10, 11, 8, 9, 6, 7].map { 2 * $0 + 5 })
    #expect(slice.frame.unitsCode == 3 && slice.frame.qformCode == 4 && slice.frame.sformCode == 0)
    #expect(slice.frame.origin == SIMD3(7, 8 + 2 * 3, 9 - 4) && slice.frame.normalStep == SIMD3(0, 0, -4))
    let header = try ImageFile.header(url)
    #expect(header.orientation == "RAI" && header.slope == 2 && header.intercept == 5)
    #expect(zip(header.spacingMillimetres, [0.002, 0.003, 0.004]).allSatisfy { abs($0 - $1) < 1e-12 })
    (image.sformCode, image.sform) = (2, [0, 3, 0, -1, -2, 0, 0, -2, 0, 0, 4, -3])
    let both = try ImageFile.read(image.write("s.nii", in: scratch), selection: selection)
    // i runs to the back, j to the right.
    #expect(both.frame.origin == SIMD3(-1, -2, -3) && both.frame.rowStep == SIMD3(-0, -2, 0))
    #expect(both.pixels == [0, 2, 4, 1, 3, 5].map { 2 * $0 + 5 })
  }

  /// Of more pixels along an axis than NIfTI-1 can say.
  @Test func longAxesAreRead() throws {
    let scratch = try ImageScratch()
    let image = NIfTI2Bytes([40_000, 2], values: (0..<80_000).map { Double($0 % 251) })
    let slice = try ImageFile.read(image.write("long.nii.gz", in: scratch))
    #expect((slice.height, slice.width) == (2, 40_000) && slice[1, 39_999] == Float(79_999 % 251))
  }

  @Test func whatIsDamagedIsRefused() throws {
    let scratch = try ImageScratch()
    let image = NIfTI2Bytes([2, 3], values: [0, 1, 2, 3, 4, 5])
    let whole = image.header + [0, 0, 0, 0] + image.voxels
    func refusal(_ words: String, name: String = "bad.nii", _ change: (inout NIfTI2Bytes) -> Void) throws {
      var bad = image
      change(&bad)
      MalformedImageTests.expectRefusal(try bad.write(name, in: scratch), words)
    }
    // As a copy in text mode leaves it.
    try refusal("took it for text") { $0.magic = Array("n+2\0".utf8) + [10, 26, 10, 0] }
    try refusal("lacks the NIfTI-2 mark") { $0.magic = [UInt8](repeating: 0, count: 8) }
    try refusal("header of a .hdr/.img pair") { $0.magic = Array("ni2\0".utf8) + [13, 10, 26, 10] }
    try refusal("named like a pair", name: "bad.hdr") {
      ($0.isPair, $0.magic) = (true, Array("n+2\0".utf8) + [13, 10, 26, 10])
    }
    try refusal("2 GiB") { $0.dim = [3, 1 << 40, 1 << 40, 1] }
    try refusal("size of -1 x 3") { $0.dim = [2, -1, 3] }
    try refusal("dimensions") { $0.dim = [Int64.min, 2, 3] }
    try refusal("voxels start") { $0.offset = 540 }
    try refusal("voxels start") { $0.offset = Int64.max }
    try refusal("sform") { ($0.sformCode, $0.sform[0]) = (1, .nan) }
    // Numbers that float32 takes for 0 would not survive being written.
    try refusal("sform") { ($0.sformCode, $0.sform) = (1, [1e-60, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]) }
    for length in [348, 400, 539] {
      MalformedImageTests.expectRefusal(
        try scratch.write(Array(whole.prefix(length)), "cut.nii"), "NIfTI-2 header alone")
    }
    for length in [540, 544, whole.count - 1] {
      MalformedImageTests.expectRefusal(try scratch.write(Array(whole.prefix(length)), "cut.nii"), "cut short")
      MalformedImageTests.expectRefusal(try scratch.write(Array(whole.prefix(length)), "cut.nii.gz"), "cut short")
    }
  }
}
