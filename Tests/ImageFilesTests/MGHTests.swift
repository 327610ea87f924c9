import Foundation
import ImageFiles
import TestFiles
import Testing

/// FreeSurfer's volumes.
@Suite struct MGHTests {
  @Test(arguments: [VoxelType.uint8, .int16, .int32, .float32]) func everyType(type: VoxelType) throws {
    let scratch = try ImageScratch()
    var image = MGHBytes([3, 2], type: type, values: NIfTIReadingTests.values(type))
    image.footer = [UInt8](repeating: 7, count: 20)
    for name in ["a.mgh", "A.MGH"] {
      let url = try scratch.write(image.bytes, name)
      #expect(ImageFile.isImage(url) && ImageFile.stem(url).lowercased() == "a")
      #expect(try ImageFile.read(url).pixels.sorted() == image.values.map { Float($0) }.sorted())
      let header = try ImageFile.header(url)
      #expect(header.format == "MGH" && header.dataType == type.rawValue && header.isBigEndian)
      #expect(header.dimensions == [3, 2, 1])
    }
    // An .mgz file is compressed, or was only named so.
    try scratch.write(image.bytes, "b.gz")
    try FileManager.default.moveItem(at: scratch.path("b.gz"), to: scratch.path("b.mgz"))
    try scratch.write(image.bytes, "c.mgz")
    let plain = try ImageFile.read(scratch.path("a.mgh"))
    for name in ["b.mgz", "c.mgz"] { #expect(try ImageFile.read(scratch.path(name)) == plain) }
  }

  /// The first voxel lies half the size from the centre: at c - M (dims / 2), M the directions times the voxel sizes.
  @Test func axesAreThoseOfTheDirections() throws {
    let scratch = try ImageScratch()
    // As FreeSurfer's conformed volumes: i to the left, j down, k to the front.
    var image = MGHBytes([4, 6, 5], type: .int16, values: (0..<120).map(Double.init))
    image.spacing = [2, 4, 3]
    image.directions = [-1, 0, 0, 0, 0, -1, 0, 1, 0]
    image.centre = [1, 2, 3]
    let url = try scratch.write(image.bytes, "lia.mgh")
    #expect(try ImageFile.header(url).orientation == "LIA")
    #expect(try ImageFile.header(url).spacingMillimetres == [2, 4, 3])
    let slice = try ImageFile.read(url, selection: SliceSelection(plane: .coronal, position: .index(1)))
    // Rows run from the top down, as j does; columns from left to right, against i.
    #expect((slice.height, slice.width) == (6, 4))
    #expect(slice[0, 0] == 24 + 3 && slice[5, 3] == 24 + 20)
    // Voxel (0, 0, 0) is at (1 + 4, 2 - 7.5, 3 + 12); pixel (0, 0) is voxel (3, 0, 1).
    #expect(slice.frame.origin == SIMD3(5 - 6, -5.5 + 3, 15))
    #expect(slice.frame.sformCode == 1 && slice.frame.qformCode == 0 && slice.frame.unitsCode == 2)
    // Oblique ones take their nearest axes, and their place is kept.
    image.directions = [0.8, 0.6, 0, -0.6, 0.8, 0, 0, 0, 1]
    let oblique = try ImageFile.read(
      scratch.write(image.bytes, "oblique.mgh"), selection: SliceSelection(plane: .axial, position: .index(0)))
    let step = oblique.frame.columnStep
    #expect(abs(step[0] - 1.6) < 1e-6 && abs(step[1] - 1.2) < 1e-6 && oblique[5, 0] == 0)
  }

  /// The format's own rule where the flag says that directions are not set.
  @Test func withoutDirectionsItIsCoronal() throws {
    let scratch = try ImageScratch()
    var image = MGHBytes([2, 3, 4], values: (0..<24).map(Double.init))
    image.hasDirections = 0
    (image.spacing, image.directions) = ([9, 9, 9], [Float](repeating: 0, count: 9))
    let url = try scratch.write(image.bytes, "none.mgh")
    let header = try ImageFile.header(url)
    #expect(header.orientation == "LIA" && header.spacingMillimetres == [1, 1, 1])
    let slice = try ImageFile.read(url, selection: SliceSelection(plane: .axial, position: .index(0)))
    #expect(slice.frame.origin[2] == 1.5 - 2)
  }

  @Test func whatIsDamagedIsRefused() throws {
    let scratch = try ImageScratch()
    let image = MGHBytes([2, 3], values: [0, 1, 2, 3, 4, 5])
    func refusal(_ words: String, _ change: (inout MGHBytes) -> Void) throws {
      var bad = image
      change(&bad)
      MalformedImageTests.expectRefusal(try scratch.write(bad.bytes, "bad.mgh"), words)
    }
    try refusal("does not start with an MGH header") { $0.version = 2 }
    try refusal("MGH's type 2") { $0.code = 2 }
    try refusal("size of 0 x 3 x 1") { $0.sizes[0] = 0 }
    try refusal("size of -2 x 3 x 1") { $0.sizes[0] = -2 }
    try refusal("2 GiB") { $0.sizes = [46341, 46341, 1, 1] }
    try refusal("size of 2 x 3 x 1 x 0") { $0.sizes[3] = 0 }
    try refusal("cut short") { $0.sizes[2] = 2 }
    try refusal("voxels of 0.0 x 1.0 x 1.0") { $0.spacing[0] = 0 }
    try refusal("voxels of nan") { $0.spacing[0] = .nan }
    try refusal("directions are singular") { $0.directions[0] = 0 }
    try refusal("directions are singular") { $0.centre[1] = .infinity }
    MalformedImageTests.expectRefusal(try scratch.write(Array(image.bytes.prefix(283)), "bad.mgh"), "284")
    MalformedImageTests.expectRefusal(try scratch.write(Array(image.bytes.dropLast()), "bad.mgh"), "289 of 290 bytes")
  }
}
