import Cohorts
import Files
import Foundation
import ImageFiles
import ImageSets
import Importers
import TestFiles
import Testing

/// The rows of the table in Documentation/Nifti.md, in its order: what readers of NIfTI disagree on, and Manikin's choice.
@Suite struct ReaderDisagreementTests {
  /// Of 2 x 3 x 2 voxels, the value of each its place in the file; voxels of 2 x 3 x 4 at (-10, 20, 30).
  private static var image: ImageBytes {
    var image = ImageBytes([2, 3, 2], type: .int16, values: (0..<12).map(Double.init))
    image.pixdim = [1, 2, 3, 4, 1, 1, 1, 1]
    (image.sformCode, image.sform) = (1, [2, 0, 0, -10, 0, 3, 0, 20, 0, 0, 4, 30])
    return image
  }

  /// Rows run from the front back, so the lowest slice begins with voxels 4 and 5.
  private static let lowest: [Float] = [4, 5, 2, 3, 0, 1]

  private func open(_ change: (inout ImageBytes) -> Void) throws -> (header: ImageHeader, slice: Slice) {
    let scratch = try ImageScratch()
    var image = Self.image
    change(&image)
    let url = try image.write("image", .nifti, in: scratch)
    let selection = SliceSelection(plane: .axial, position: .index(0))
    return (try ImageFile.header(url), try ImageFile.read(url, selection: selection))
  }

  private func refusal(_ words: String, _ change: (inout ImageBytes) -> Void) throws {
    let scratch = try ImageScratch()
    var image = Self.image
    change(&image)
    MalformedImageTests.expectRefusal(try image.write("bad", .nifti, in: scratch), words)
  }

  // Intensities

  @Test(arguments: [0, .nan, .infinity] as [Float]) func noSlopeMeansNoInterceptEither(slope: Float) throws {
    let (header, slice) = try open { ($0.slope, $0.intercept) = (slope, 5) }
    #expect(slice.pixels == Self.lowest && header.slope == 1 && header.intercept == 0)
  }

  @Test func aSlopeWithoutANumberForAnInterceptIsRefused() throws {
    try refusal("intercept (scl_inter) is nan") { ($0.slope, $0.intercept) = (2, .nan) }
  }

  @Test func aNegativeSlopeCounts() throws {
    #expect(try open { ($0.slope, $0.intercept) = (-1, 3) }.slice.pixels == Self.lowest.map { 3 - $0 })
  }

  @Test func coloursAreNotScaled() throws {
    let scratch = try ImageScratch()
    var image = ImageBytes([2, 1], values: [1, 2, 3, 4, 5, 6])
    (image.datatype, image.bitpix, image.slope, image.intercept) = (128, 24, 2, 1)
    let slice = try ImageFile.read(image.write("colours", .nifti, in: scratch))
    #expect(slice.channels == 3 && slice.pixels == [1, 2, 3, 4, 5, 6])
  }

  /// SPM keeps a factor where NIfTI has its slope.
  @Test func analyzeFilesHaveNoFactor() throws {
    let scratch = try ImageScratch()
    let url = try ImageBytes([2, 1], values: [7, 8]).write("plain", .analyze, in: scratch)
    var bytes = [UInt8](try Data(contentsOf: url))
    bytes.replaceSubrange(112..<116, with: [0, 0, 0, 0x40])
    try Data(bytes).write(to: url)
    #expect(try ImageFile.read(url).pixels == [7, 8])
  }

  @Test func theRangeToShowChangesNothing() throws {
    let scratch = try ImageScratch()
    let url = try Self.image.write("shown", .nifti, in: scratch)
    var bytes = [UInt8](try Data(contentsOf: url))
    // cal_max 3 and cal_min 1.
    bytes.replaceSubrange(124..<132, with: [0, 0, 0x40, 0x40, 0, 0, 0x80, 0x3F])
    try Data(bytes).write(to: url)
    #expect(try ImageFile.read(url, selection: .init(plane: .axial, position: .index(0))).pixels == Self.lowest)
  }

  // Place

  /// Whatever the codes are, and the qform says.
  @Test(arguments: [1, 2, 4] as [Int16]) func theSformComesFirst(code: Int16) throws {
    let (header, slice) = try open {
      ($0.qformCode, $0.quaternion) = (1, [0, 0, 1, 1, 2, 3])
      $0.sformCode = code
    }
    #expect(header.orientation == "RAS" && slice.pixels == Self.lowest)
    #expect(slice.frame.origin == SIMD3(-10, 26, 30) && slice.frame.sformCode == code)
    // The qform is kept beside it, and written again.
    #expect(slice.frame.qformCode == 1 && slice.frame.qform?.imaginary == SIMD3(0, 0, 1))
  }

  @Test func withoutACodeNothingIsSaid() throws {
    let (header, slice) = try open { ($0.sformCode, $0.quaternion) = (0, [0, 0, 0, 1, 2, 3]) }
    #expect(header.orientation == nil && !slice.frame.hasOrientation)
    // As stored: no row is turned over, and no side is left or right.
    #expect(slice.pixels == [0, 1, 2, 3, 4, 5])
    let scratch = try ImageScratch()
    try scratch.folder("IN/A")
    var image = Self.image
    image.sformCode = 0
    _ = try image.write("IN/A/x", .nifti, in: scratch)
    let error = #expect(throws: ImagingError.self) {
      try CohortImport(plan: .volumes(scratch.path("IN")), choice: SliceChoice(), version: "0")
        .write(to: scratch.path("OUT"))
    }
    #expect(error?.description.contains("does not say where left and right are") == true)
  }

  @Test func aCodeBeyondTheStandardsCounts() throws {
    #expect(try open { $0.sformCode = 9 }.header.orientation == "RAS")
    #expect(try open { $0.sformCode = -1 }.header.orientation == nil)
  }

  @Test(
    arguments: [(0, 1), (1, 1000), (2, 1), (3, 0.001), (8 | 1, 1000)] as [(UInt8, Double)])
  func unitsBecomeMillimetresAndAreWrittenAsTheyWere(units: UInt8, factor: Double) throws {
    let (header, slice) = try open { $0.units = units }
    #expect(zip(header.spacingMillimetres, [2, 3, 4]).allSatisfy { abs($0 - $1 * factor) < 1e-9 * factor })
    #expect(slice.frame.unitsCode == units && slice.frame.origin == SIMD3(-10, 26, 30))
    let scratch = try ImageScratch()
    var image = Self.image
    image.units = units
    let url = try image.write("image", .nifti, in: scratch)
    // The second slice lies at 34 units.
    let near = SliceSelection(plane: .axial, position: .millimetres(34 * factor))
    #expect(try ImageFile.read(url, selection: near).pixels == Self.lowest.map { $0 + 6 })
  }

  /// Turned by 30 degrees about z.
  @Test func obliqueVolumesTakeTheirNearestAxes() throws {
    let (c, s) = (Float(3).squareRoot() / 2, Float(0.5))
    let (header, slice) = try open { $0.sform = [2 * c, -3 * s, 0, -10, 2 * s, 3 * c, 0, 20, 0, 0, 4, 30] }
    #expect(header.orientation == "RAS" && slice.pixels == Self.lowest && header.spacingMillimetres == [2, 3, 4])
    let expected = SIMD3(-10 - 2 * 3 * Double(s), 20 + 2 * 3 * Double(c), 30)
    #expect((0..<3).allSatisfy { abs(slice.frame.origin[$0] - expected[$0]) < 1e-5 })
    // The same as a qform: the half angle's sine about z.
    let turned = try open {
      ($0.sformCode, $0.qformCode) = (0, 1)
      $0.quaternion = [0, 0, Float(sin(Double.pi / 12)), -10, 20, 30]
    }
    #expect(turned.slice.pixels == Self.lowest && turned.slice.frame.isClose(to: slice.frame, tolerance: 1e-5))
  }

  /// nibabel takes this rotation for ARI: axis by axis, the nearest first.
  @Test func nearHalfARightAngleTheAnglesTogetherCount() throws {
    let rows: [Float] = [0.29, 0.70, 0.66, 0, 0.75, 0.26, -0.61, 0, -0.60, 0.67, -0.44, 0]
    #expect(try open { $0.sform = rows }.header.orientation == "ASR")
  }

  @Test func shearedVolumesKeepTheirAffine() throws {
    let (header, slice) = try open { $0.sform[1] = 0.9 }
    #expect(header.orientation == "RAS" && slice.pixels == Self.lowest)
    #expect(abs(slice.frame.rowStep[0] + 0.9) < 1e-6 && slice.frame.rowStep[1] == -3)
    #expect(abs(slice.frame.origin[0] - (-10 + 2 * 0.9)) < 1e-6)
  }

  @Test func aSingularSformIsRefusedWhateverTheQformSays() throws {
    try refusal("sform is singular") {
      $0.sform = [Float](repeating: 0, count: 12)
      $0.qformCode = 1
    }
  }

  @Test func aQuaternionMayBeALittleTooLong() throws {
    let (header, _) = try open { ($0.sformCode, $0.qformCode, $0.quaternion[0]) = (0, 1, 1.001) }
    #expect(header.orientation == "RPI")
    try refusal("not a rotation") {
      ($0.sformCode, $0.qformCode) = (0, 1)
      ($0.quaternion[0], $0.quaternion[1]) = (1, 1)
    }
  }

  @Test(arguments: [(1, "RAS"), (0, "RAS"), (5, "RAS"), (.nan, "RAS"), (-1, "RAI")] as [(Float, String)])
  func handednessIsMinusOneOnlyBelowZero(factor: Float, letters: String) throws {
    let (header, _) = try open { ($0.sformCode, $0.qformCode, $0.pixdim[0]) = (0, 1, factor) }
    #expect(header.orientation == letters)
  }

  @Test func voxelSizesAreThoseOfTheHeaderWithoutSign() throws {
    for code in [0, 1] as [Int16] {
      let (header, _) = try open {
        ($0.sformCode, $0.qformCode) = (code, 1)
        $0.pixdim[1] = -2
      }
      #expect(header.spacingMillimetres == [2, 3, 4] && header.orientation == "RAS", "sform \(code)")
    }
    let (header, slice) = try open { $0.pixdim = [1, 0, 0, 0, 0, 0, 0, 0] }
    #expect(header.spacingMillimetres == [1, 1, 1] && slice.frame.rowStep == SIMD3(0, -3, 0))
  }

  // Sizes and types

  @Test(arguments: [[2, 3, 2, 1], [2, 3, 2, 1, 1], [2, 3, 2, 1, 1, 1, 1]]) func unitAxesBehindCountForNothing(
    sizes: [Int16]
  ) throws {
    #expect(try open { $0.dim = [Int16(sizes.count)] + sizes }.slice.pixels == Self.lowest)
  }

  @Test(arguments: [0, 348, 351] as [Float]) func voxelsInsideTheHeaderAreRefused(offset: Float) throws {
    try refusal("voxels start at byte") { $0.offset = offset }
  }

  @Test func bitsThatDisagreeWithTheTypeAreRefused() throws {
    try refusal("int16 and 8 bits per voxel, which disagree") { $0.bitpix = 8 }
  }

  /// Of 2 x 2 x 1 voxels: all reds, then all greens, then all blues.
  @Test(arguments: [0, 1007, 1006] as [Int16], [false, true])
  func threeBytesOnTheFifthAxisAreColours(intent: Int16, isLast: Bool) throws {
    let scratch = try ImageScratch()
    var image = ImageBytes([2, 2, 1, 1, 3], values: (0..<12).map { Double(20 * $0) })
    if !isLast { image.dim = [5, 2, 2, 1, 1, 3] } else { image.dim = [7, 2, 2, 1, 1, 3, 1, 1] }
    for (name, container) in [("plain", ImageBytes.Container.nifti), ("packed", .niftiGzip), ("pair", .pair)] {
      let url = try image.write(name, container, in: scratch)
      let file = container == .pair ? scratch.path("pair.hdr") : url
      if container != .niftiGzip {
        var bytes = [UInt8](try Data(contentsOf: file))
        bytes.replaceSubrange(68..<70, with: withUnsafeBytes(of: intent.littleEndian, Array.init))
        try Data(bytes).write(to: file)
      }
      let slice = try ImageFile.read(url)
      #expect(slice.channels == 3 && slice.isColour)
      #expect(slice.pixels == [0, 80, 160, 20, 100, 180, 40, 120, 200, 60, 140, 220], "\(name)")
      #expect(try ImageFile.header(url).dataType == "rgb24")
    }
  }

  @Test func coloursOfASeriesAreThoseOfTheChosenImage() throws {
    let scratch = try ImageScratch()
    // Two volumes of 2 x 2 x 2; red, green and blue of both in turn.
    var image = ImageBytes([2, 2, 2, 2, 3], values: (0..<48).map(Double.init))
    (image.sformCode, image.sform) = (1, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0])
    let expected: [Float] = [14, 30, 46, 15, 31, 47, 12, 28, 44, 13, 29, 45]
    for container in [ImageBytes.Container.nifti, .niftiGzip] {
      let url = try image.write("series", container, in: scratch)
      let selection = SliceSelection(plane: .axial, position: .index(1), volume: 1)
      let slice = try ImageFile.read(url, selection: selection)
      #expect(slice.pixels == expected)
    }
    try scratch.folder("IN/A")
    _ = try image.write("IN/A/x", .niftiGzip, in: scratch)
    _ = try CohortImport(
      plan: .volumes(scratch.path("IN")), choice: SliceChoice(position: .at(.index(1)), volume: 1), version: "0"
    ).write(to: scratch.path("OUT"))
    let written = try Cohort.load(scratch.path("OUT")).images[0]
    #expect(try ImageFile.read(written.url).pixels == expected)
  }

  @Test func otherVectorsAreRefused() throws {
    func vector(_ sizes: [Int16], _ type: VoxelType, _ image: inout ImageBytes) {
      (image.dim, image.type) = ([Int16(sizes.count)] + sizes, type)
      image.values = [Double](repeating: 1, count: sizes.reduce(1) { $0 * Int($1) })
    }
    try refusal("3 numbers (int8) in each voxel, and only three of uint8 are colours") {
      vector([2, 2, 2, 1, 3], .int8, &$0)
    }
    try refusal("3 numbers (float32) in each voxel") { vector([2, 2, 2, 1, 3], .float32, &$0) }
    try refusal("4 numbers (uint8) in each voxel") { vector([2, 2, 2, 1, 4], .uint8, &$0) }
    try refusal("3 numbers (rgb24) in each voxel") {
      vector([2, 2, 2, 1, 3], .uint8, &$0)
      ($0.datatype, $0.bitpix) = (128, 24)
    }
    try refusal("more than five axes") { vector([2, 2, 2, 1, 1, 2], .uint8, &$0) }
    try refusal("a vector of three in each voxel, are scaled") {
      vector([2, 2, 2, 1, 3], .uint8, &$0)
      $0.slope = 2
    }
    // Colours on the fourth axis are a series, as nibabel and ITK have it.
    try refusal("series of 3 images") { vector([2, 2, 2, 3], .uint8, &$0) }
  }

  /// Float32 holds whole numbers up to 16,777,216 exactly.
  @Test func wideIntegersAreRounded() throws {
    let slice = try open {
      $0.type = .int64
      $0.values = (0..<12).map { Double(1 << 24 + $0) }
    }.slice
    #expect(slice.pixels == [4, 5, 2, 3, 0, 1].map { Float(Double(1 << 24 + $0)) })
    #expect(slice.pixels[5] == 16_777_216)
  }
}
