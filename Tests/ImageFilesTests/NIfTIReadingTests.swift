import CNIfTI
import Files
import Foundation
import ImageFiles
import TestFiles
import Testing

/// Voxels of every type, in both byte orders and every container.
@Suite struct NIfTIReadingTests {
  /// Six values at the ends of each type's range, exact in Float where the type is wider.
  static func values(_ type: VoxelType) -> [Double] {
    switch type {
    case .uint8: [0, 1, 127, 128, 254, 255]
    case .int8: [-128, -127, -1, 0, 1, 127]
    case .int16: [-32768, -2, -1, 0, 258, 32767]
    case .uint16: [0, 1, 258, 32767, 32768, 65535]
    case .int32: [-2_147_483_648, -65_537, -1, 0, 66_051, 16_777_215]
    case .uint32: [0, 1, 66_051, 16_777_215, 2_147_483_648, 4_294_967_040]
    case .int64: [-9_223_372_036_854_775_808, -65_537, -1, 0, 66_051, 1_099_511_627_776]
    case .uint64: [0, 1, 66_051, 16_777_215, 1_099_511_627_776, 9_223_372_036_854_775_808]
    case .float32, .float64: [-1.5, 0, 0.1, 1e-30, 3.25, 1e30]
    }
  }

  @Test(arguments: VoxelType.allCases, [false, true])
  func everyTypeAndByteOrder(type: VoxelType, bigEndian: Bool) throws {
    let scratch = try ImageScratch()
    var image = ImageBytes([3, 2, 1], type: type, values: Self.values(type))
    image.bigEndian = bigEndian
    let expected = image.values.map { Float($0) }
    for container in ImageBytes.Container.allCases {
      let url = try image.write("\(container)", container, in: scratch)
      let slice = try ImageFile.read(url)
      #expect((slice.height, slice.width) == (2, 3))
      #expect(slice.pixels == expected, "\(container)")
      let header = try ImageFile.header(url)
      #expect(header.dataType == type.rawValue && header.isBigEndian == bigEndian && header.dimensions == [3, 2, 1])
    }
  }

  /// niftilib is the judge: same dimensions, same stored numbers.
  @Test(arguments: VoxelType.allCases, [false, true])
  func niftilibAgrees(type: VoxelType, bigEndian: Bool) throws {
    let scratch = try ImageScratch()
    var image = ImageBytes([3, 2, 1], type: type, values: Self.values(type))
    image.bigEndian = bigEndian
    let url = try image.write("judge", .niftiGzip, in: scratch)
    let slice = try ImageFile.read(url)
    nifti_set_debug_level(0)
    let other = try #require(nifti_image_read(url.path, 1))
    defer { nifti_image_free(other) }
    #expect(other.pointee.nx == 3 && other.pointee.ny == 2 && other.pointee.nvox == 6)
    let data = try #require(other.pointee.data)
    for (index, pixel) in slice.pixels.enumerated() {
      let stored: Double =
        switch type {
        case .uint8: Double(data.load(fromByteOffset: index, as: UInt8.self))
        case .int8: Double(data.load(fromByteOffset: index, as: Int8.self))
        case .int16: Double(data.load(fromByteOffset: 2 * index, as: Int16.self))
        case .uint16: Double(data.load(fromByteOffset: 2 * index, as: UInt16.self))
        case .int32: Double(data.load(fromByteOffset: 4 * index, as: Int32.self))
        case .uint32: Double(data.load(fromByteOffset: 4 * index, as: UInt32.self))
        case .int64: Double(data.load(fromByteOffset: 8 * index, as: Int64.self))
        case .uint64: Double(data.load(fromByteOffset: 8 * index, as: UInt64.self))
        case .float32: Double(data.load(fromByteOffset: 4 * index, as: Float.self))
        case .float64: data.load(fromByteOffset: 8 * index, as: Double.self)
        }
      #expect(pixel == Float(stored))
    }
  }

  @Test(
    arguments: [
      // slope, intercept, expected for a stored 10
      (0, 5, 10), (.nan, 5, 10), (.infinity, 5, 10), (2, 5, 25), (-0.5, 0, -5), (1, -1, 9),
    ] as [(Float, Float, Float)])
  func scaling(slope: Float, intercept: Float, expected: Float) throws {
    let scratch = try ImageScratch()
    var image = ImageBytes([1, 2, 1], type: .int16, values: [10, 10])
    (image.slope, image.intercept) = (slope, intercept)
    for container in [ImageBytes.Container.nifti, .pair] {
      #expect(try ImageFile.read(image.write("scaled", container, in: scratch)).pixels == [expected, expected])
    }
  }

  @Test func nonFiniteVoxelsAreZeroAndCounted() throws {
    let scratch = try ImageScratch()
    let image = ImageBytes([2, 3], type: .float64, values: [.nan, 1, .infinity, 2, 1e300, 3])
    let slice = try ImageFile.read(image.write("some", .nifti, in: scratch))
    #expect(slice.pixels == [0, 1, 0, 2, 0, 3], "1e300 is more than float32 holds")
    #expect(slice.nonFiniteCount == 3)
    let most = ImageBytes([2, 2], type: .float32, values: [.nan, .nan, .nan, 1])
    let error = #expect(throws: ImagingError.self) { try ImageFile.read(most.write("most", .nifti, in: scratch)) }
    #expect(error?.description.contains("3 of its 4 pixels") == true)
  }

  @Test(
    arguments: [
      ([3, 2], (2, 3)), ([3, 2, 1], (2, 3)), ([1, 3, 2], (2, 3)), ([3, 1, 2], (2, 3)), ([3, 2, 1, 1, 1], (2, 3)),
      ([1, 3, 2, 1], (2, 3)), ([6, 1, 1], (1, 6)), ([1, 6], (6, 1)), ([1, 1, 6], (6, 1)),
    ] as [([Int], (Int, Int))])
  func unitAxesAnywhere(sizes: [Int], expected: (Int, Int)) throws {
    let scratch = try ImageScratch()
    let image = ImageBytes(sizes, values: [0, 1, 2, 3, 4, 5])
    let slice = try ImageFile.read(image.write("flat", .nifti, in: scratch))
    #expect((slice.height, slice.width) == expected)
    #expect(slice.pixels == [0, 1, 2, 3, 4, 5])
  }

  @Test func eitherNameOfAPairOpensBoth() throws {
    let scratch = try ImageScratch()
    let image = ImageBytes([2, 1], values: [7, 8])
    let header = try image.write("pair", .pair, in: scratch)
    #expect(try ImageFile.read(scratch.path("pair.img")) == ImageFile.read(header))
    #expect(ImageFile.isImage(header) && !ImageFile.isImage(scratch.path("pair.img")))
    // Upper case, as some scanners write.
    try scratch.write(image.header(.analyze), "SCAN.HDR")
    try scratch.write(image.voxels, "SCAN.IMG")
    #expect(try ImageFile.read(scratch.path("SCAN.HDR")).pixels == [7, 8])
  }

  @Test func voxelsMayStartLater() throws {
    let scratch = try ImageScratch()
    var image = ImageBytes([2, 1], values: [7, 8])
    image.offset = 400
    let bytes = image.header(.nifti) + [UInt8](repeating: 9, count: 400 - 348) + image.voxels
    for name in ["late.nii", "late.nii.gz"] {
      #expect(try ImageFile.read(scratch.write(bytes, name)).pixels == [7, 8])
    }
  }

  @Test func namesOfImages() {
    for name in ["a.nii", "a.nii.gz", "a.b.NII.GZ", "a.hdr", "a.png", "a.jpg", "a.JPEG", "a.tif", "a.tiff"] {
      #expect(ImageFile.isImage(URL(fileURLWithPath: "/x/\(name)")), "\(name)")
    }
    for name in ["a.gz", "nii.gz", ".a.nii", ".nii.gz", "a.img", "a.bmp", "a.nii.txt"] {
      #expect(!ImageFile.isImage(URL(fileURLWithPath: "/x/\(name)")), "\(name)")
    }
    #expect(ImageFile.stem(URL(fileURLWithPath: "/x/sub-01.b.nii.gz")) == "sub-01.b")
  }
}
