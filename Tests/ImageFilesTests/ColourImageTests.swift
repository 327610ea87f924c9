import Foundation
import ImageFiles
import Importers
import TestFiles
import Testing

/// Images of red, green and blue as files hold them, in and out.
@Suite struct ColourImageTests {
  /// A NIfTI header of colours, and the file.
  private static func file(_ sizes: [Int], components: Int = 3, _ change: (inout ImageBytes) -> Void = { _ in })
    -> (image: ImageBytes, voxels: [UInt8])
  {
    var image = ImageBytes(sizes)
    (image.datatype, image.bitpix) = components == 3 ? (128, 24) : (2304, 32)
    change(&image)
    var voxels: [UInt8] = []
    for voxel in 0..<sizes.reduce(1, *) {
      voxels += [0, 3, 6, 109].prefix(components).map { UInt8(10 * voxel + $0) }
    }
    return (image, voxels)
  }

  private static func write(
    _ file: (image: ImageBytes, voxels: [UInt8]), _ name: String, in scratch: ImageScratch
  ) throws -> URL {
    try scratch.write(file.image.header(.nifti) + [0, 0, 0, 0] + file.voxels, name)
  }

  /// The first file axis runs along the columns, and red, green and blue of a voxel stand side by side. The standard
  /// scales no colours. Alpha is passed over.
  @Test(arguments: [3, 4], [false, true]) func voxelsAreRedGreenBlue(components: Int, bigEndian: Bool) throws {
    let scratch = try ImageScratch()
    let file = Self.file([3, 2], components: components) {
      ($0.slope, $0.intercept, $0.bigEndian) = (7, 1, bigEndian)
    }
    let url = try Self.write(file, bigEndian ? "a.nii" : "a.nii.gz", in: scratch)
    let slice = try ImageFile.read(url)
    #expect(slice.width == 3 && slice.height == 2 && slice.channels == 3 && slice.isColour)
    #expect(slice.pixels == [0, 3, 6, 10, 13, 16, 20, 23, 26, 30, 33, 36, 40, 43, 46, 50, 53, 56])
    #expect(slice[1, 0, 2] == 36)
    let header = try ImageFile.header(url)
    #expect(header.dataType == (components == 3 ? "rgb24" : "rgba32") && header.mayBeColour)
  }

  @Test func aPairHoldsColoursToo() throws {
    let scratch = try ImageScratch()
    let file = Self.file([3, 2])
    try scratch.write(file.voxels, "a.img")
    let url = try scratch.write(file.image.header(.pair), "a.hdr")
    #expect(try ImageFile.read(url).pixels[..<6] == [0, 3, 6, 10, 13, 16])
  }

  /// A coronal slice of a volume stored right, anterior, superior: rows run down from the top.
  @Test func slicesOfVolumes() throws {
    let scratch = try ImageScratch()
    let file = Self.file([2, 3, 2]) {
      ($0.sformCode, $0.sform) = (1, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0])
    }
    let url = try Self.write(file, "v.nii", in: scratch)
    let slice = try ImageFile.read(url, selection: SliceSelection(plane: .coronal, position: .index(1)))
    // Voxels (i, 1, k) are number i + 2 + 6 k; the top row is k = 1.
    #expect(slice.pixels == [80, 83, 86, 90, 93, 96, 20, 23, 26, 30, 33, 36])
    #expect(slice.frame.hasOrientation && slice.channels == 3)
  }

  /// Greys that are stored as colours are grey, as they always were.
  @Test func equalComponentsAreGrey() throws {
    let scratch = try ImageScratch()
    var file = Self.file([3, 2])
    file.voxels = (0..<6).flatMap { [UInt8](repeating: UInt8($0), count: 3) }
    let slice = try ImageFile.read(try Self.write(file, "grey.nii", in: scratch))
    #expect(slice.channels == 1 && !slice.isColour && slice.pixels == [0, 1, 2, 3, 4, 5])
  }

  @Test func everyCutIsNoticed() throws {
    let scratch = try ImageScratch()
    let file = Self.file([3, 2])
    let whole = file.image.header(.nifti) + [0, 0, 0, 0] + file.voxels
    _ = try ImageFile.read(scratch.write(whole, "whole.nii"))
    for length in [352, 353, 369] {
      for name in ["cut.nii", "cut.nii.gz"] {
        let url = try scratch.write(Array(whole.prefix(length)), name)
        expectError("cut short", url.path) { _ = try ImageFile.read(url) }
      }
    }
    expectError("rgb24 and 32 bits per voxel, which disagree") {
      _ = try ImageFile.read(try Self.write(Self.file([3, 2]) { $0.bitpix = 32 }, "bits.nii", in: scratch))
    }
    expectError("2 GiB") {
      _ = try ImageFile.read(try Self.write(Self.file([3, 2]) { $0.dim = [2, 32767, 32767] }, "big.nii", in: scratch))
    }
  }

  /// Values are rounded into 0 to 255, and place and order are the source's.
  @Test func whatIsWrittenComesBack() throws {
    let scratch = try ImageScratch()
    var frame = SliceFrame.axial(height: 2, width: 3, spacing: SIMD3(2, 1.5, 3), z: 7)
    frame.layout.columnsFlipped = true
    let pixels: [Float] = [0, 0.4, 0.6, 254.4, 254.6, 300, -5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    let slice = Slice(height: 2, width: 3, channels: 3, pixels: pixels, frame: frame)
    for name in ["a.nii", "a.nii.gz"] {
      try ImageFile.writeNIfTI(slice, to: scratch.path(name))
      let again = try ImageFile.read(scratch.path(name))
      #expect(again.pixels == [0, 0, 1, 254, 255, 255, 0] + (1...11).map(Float.init))
      #expect(again.frame.isClose(to: frame) && again.frame.layout == frame.layout)
    }
    let bytes = [UInt8](try Data(contentsOf: scratch.path("a.nii")))
    #expect(bytes.count == 352 + 18 && bytes[70] == 128 && bytes[72] == 24)
  }

  @Test func aPictureIsStretchedByOneRange() throws {
    let scratch = try ImageScratch()
    let slice = Slice(
      height: 1, width: 2, channels: 3, pixels: [0, 0.5, 1, 0.25, 0.25, 0.25], frame: .unoriented())
    try ImageFile.writePNG(slice, to: scratch.path("a.png"))
    #expect(try ImageFile.read(scratch.path("a.png")).pixels == [0, 128, 255, 64, 64, 64])
  }

  @Test func anImportKeepsColours() throws {
    let scratch = try ImageScratch()
    try scratch.folder("IN/A")
    try ImageFile.pngData([255, 0, 0, 1, 2, 3], width: 2, height: 1, channels: 3).write(to: scratch.path("IN/A/a.png"))
    // 16 bits: red 65535, green 257, blue 0.
    let sixteen = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABEAIAAADA54+dAAAAD0lEQVR4nGP4/5+RkYEBAAsDAgGoo7QpAAAAAElFTkSuQmCC"
    try #require(Data(base64Encoded: sixteen)).write(to: scratch.path("IN/A/b.png"))
    let outcome = try CohortImport(
      plan: .images(scratch.path("IN")), choice: SliceChoice(), version: "test"
    ).write(to: scratch.path("OUT"))
    #expect(outcome.notes.contains { $0.hasPrefix("all 2 images in colour (A/a.png and A/b.png)") }, "\(outcome.notes)")
    #expect(try ImageFile.read(scratch.path("OUT/A/sub-a.nii.gz")).pixels == [255, 0, 0, 1, 2, 3])
    #expect(try ImageFile.read(scratch.path("OUT/A/sub-b.nii.gz")).pixels == [255, 1, 0])
  }
}
