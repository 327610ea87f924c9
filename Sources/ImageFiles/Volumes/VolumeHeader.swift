import Files

/// What the header of a NIfTI, ANALYZE or MGH file says of its voxels, with every field that we use checked.
///
/// The fields are read here and not by niftilib, which takes a cut file for one full of zeros and believes impossible
/// sizes; voxels are decoded by `VoxelDecoder` from bytes that `RegularFile` has counted. That also reads a compressed file
/// once, not twice, and prints nothing. Where readers of such files disagree, Documentation/Nifti.md says which way
/// this one goes.
package struct VolumeHeader {
  enum Form: String {
    case nifti = "NIfTI-1"
    case niftiPair = "NIfTI-1 pair"
    case nifti2 = "NIfTI-2"
    case nifti2Pair = "NIfTI-2 pair"
    case analyze = "ANALYZE 7.5"
    case mgh = "MGH"
  }

  /// Most bytes that header and voxels may take once decompressed: 2 GiB.
  static let limit = 1 << 31

  /// Largest coordinate and voxel size, in file units, that we believe: 1000 km in millimetres. Up to here nothing
  /// overflows float32 in an affine that is moved and written again.
  static let farthest = 1e9

  var form: Form
  var isBigEndian: Bool
  var grid: VoxelGrid
  /// Where the voxels start in their file; those of the chosen image once one of a series is chosen.
  var offset: Int
  /// Where the voxels of all images end.
  let end: Int
  var slope = 1.0
  var intercept = 0.0
  /// Voxel size along i, j, k in the file's unit; positive. A size that is none (0, NaN, infinite) counts as 1.
  var spacing: SIMD3<Double>
  /// NIfTI's `xyzt_units`; the lower 3 bits are the spatial unit.
  var unitsCode: UInt8
  var qformCode: Int16 = 0
  var sformCode: Int16 = 0
  /// The qform, with the centre of voxel (0, 0, 0) as its origin.
  var qform: QuaternionForm?
  /// From one voxel to the next along i, j, k.
  var steps: [SIMD3<Double>]
  /// Centre of voxel (0, 0, 0).
  var origin = SIMD3<Double>.zero
  /// Nil if the file does not say.
  var orientation: Orientation?

  var isSwapped: Bool { isBigEndian == (Int16(1).littleEndian == 1) }
  /// Sizes along i, j, k.
  package var extent: [Int] { grid.extent }
  var isVolume: Bool { extent.allSatisfy { $0 > 1 } }
  /// Millimetres per file unit.
  var millimetres: Double { [1: 1000, 3: 0.001][unitsCode & 7] ?? 1 }

  /// - Throws: `ImagingError.unreadable` for voxels that end past `limit`.
  init(form: Form, isBigEndian: Bool, grid: VoxelGrid, offset: Int, sizes: [Double], unitsCode: UInt8) {
    precondition(offset >= 0 && offset + grid.byteCount <= Self.limit, "voxels from \(offset)")
    (self.form, self.isBigEndian, self.grid, self.offset) = (form, isBigEndian, grid, offset)
    self.unitsCode = unitsCode
    end = offset + grid.byteCount
    spacing = .one
    for (axis, size) in sizes.enumerated() where Float(size) > 0 && size <= Self.farthest { spacing[axis] = size }
    steps = [SIMD3(spacing[0], 0, 0), SIMD3(0, spacing[1], 0), SIMD3(0, 0, spacing[2])]
  }

  /// The header of one image of a series.
  ///
  /// - Parameter number: from 0; nil where the user names none, which a series needs. Ignored for a single slice.
  /// - Throws: `ImagingError.unreadable` if the file has no such image.
  package func image(_ number: Int?, path: String) throws -> VolumeHeader {
    let count = grid.seriesCount
    guard count == 1 || number != nil else {
      throw ImagingError.unreadable(
        path: path, reason: "its size of \(grid.sizes) is a series of \(count) images",
        remedy: "say which to take, from 0 to \(count - 1), as in --volume 0, or save each image to a file of its own")
    }
    guard let number, count > 1 || number != 0 && isVolume else { return self }
    guard (0..<count).contains(number) else {
      throw ImagingError.unreadable(
        path: path,
        reason: count == 1
          ? "it is one image, not a series, and has no image \(number)"
          : "it has no image \(number): it is a series of \(count)",
        remedy: count == 1 ? "leave --volume out, or name the series" : "choose one of 0 to \(count - 1) with --volume")
    }
    var header = self
    header.offset += number * grid.imageBytes
    header.grid.chosen = true
    return header
  }

  /// The bytes of some voxels of an image, components apart if the file has them so.
  ///
  /// - Parameter voxels: from the image's first one on, in file order.
  func bytes(of voxels: Range<Int>, in file: RegularFile) throws -> [UInt8] {
    let size = grid.type.byteCount
    guard grid.isPlanar else {
      let voxel = size * grid.components
      return try file.bytes(in: [offset + voxels.lowerBound * voxel..<offset + voxels.upperBound * voxel], end: end)
    }
    let ranges = (0..<grid.components).map { component in
      let start = offset + component * grid.planeStride * size
      return start + voxels.lowerBound * size..<start + voxels.upperBound * size
    }
    return try file.bytes(in: ranges, end: end)
  }

  /// Sets steps, origin and orientation.
  ///
  /// What counts is what a NIfTI-1 file can keep of them: NIfTI-2 has steps that float32 takes for 0.
  ///
  /// - Returns: false, and changes nothing, if the steps do not span space or something is beyond `farthest`.
  mutating func place(_ steps: [SIMD3<Double>], origin: SIMD3<Double>) -> Bool {
    let kept = steps.map { SIMD3<Double>(SIMD3<Float>($0)) }
    guard (steps + [origin]).allSatisfy(Self.isNear), Self.determinant(kept) != 0,
      let orientation = Orientation(steps: kept)
    else { return false }
    (self.steps, self.origin, self.orientation) = (steps, origin, orientation)
    return true
  }

  /// Whether all coordinates are numbers of at most `farthest`.
  static func isNear(_ vector: SIMD3<Double>) -> Bool { (0..<3).allSatisfy { abs(vector[$0]) <= farthest } }

  private static func determinant(_ c: [SIMD3<Double>]) -> Double {
    let crossX = c[1][1] * c[2][2] - c[1][2] * c[2][1]
    let crossY = c[1][2] * c[2][0] - c[1][0] * c[2][2]
    let crossZ = c[1][0] * c[2][1] - c[1][1] * c[2][0]
    return c[0][0] * crossX + c[0][1] * crossY + c[0][2] * crossZ
  }
}
