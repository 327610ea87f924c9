import CNIfTI

/// The 348-byte header of a NIfTI-1 or ANALYZE 7.5 file, with every field that we use checked.
///
/// niftilib swaps the bytes and names the axes; it does not guard the rest: it takes a cut file for one full of zeros
/// and believes impossible sizes. So the fields are checked here, and voxels are decoded by `VoxelDecoder` from bytes
/// that `RegularFile` has counted. That also reads a compressed file once, not twice, and prints nothing.
struct NIfTIHeader {
  enum Form: String {
    case nifti = "NIfTI-1"
    case niftiPair = "NIfTI-1 pair"
    case analyze = "ANALYZE 7.5"
  }

  static let byteCount = 348
  /// Most bytes that header and voxels may take once decompressed: 2 GiB.
  static let limit = 1 << 31

  /// Largest coordinate and voxel size, in file units, that we believe: 1000 km in millimetres. Up to here nothing
  /// overflows float32 in an affine that is moved and written again.
  static let farthest = 1e9

  var form: Form
  var isBigEndian: Bool
  /// The header's `dim[1]` to `dim[dim[0]]`.
  var dimensions: [Int]
  /// Of each component of a voxel.
  var type: VoxelType
  /// Numbers in a voxel: 1, 3 for red, green and blue, or 4 with an alpha, which is ignored.
  var components: Int
  /// Where the voxels start in their file.
  var offset: Int
  /// Bytes of all voxels.
  var voxelBytes: Int
  var slope = 1.0
  var intercept = 0.0
  /// Voxel size along i, j, k in the file's unit; positive. A size that is none (0, NaN, infinite) counts as 1.
  var spacing: SIMD3<Double>
  var unitsCode: UInt8 = 0
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
  var extent: [Int] { (0..<3).map { $0 < dimensions.count ? dimensions[$0] : 1 } }
  var isVolume: Bool { extent.allSatisfy { $0 > 1 } }
  /// Such as `int16` or `rgb24`.
  var typeName: String { components == 1 ? type.rawValue : components == 3 ? "rgb24" : "rgba32" }
  /// Millimetres per file unit.
  var millimetres: Double { [1: 1000, 3: 0.001][unitsCode & 7] ?? 1 }

  /// - Parameters:
  ///   - bytes: the first 348 bytes of the file, or fewer if it has no more.
  ///   - isPair: whether the voxels lie in an `.img` file of their own.
  /// - Throws: `ImagingError.unreadable`, naming the field.
  init(bytes: [UInt8], path: String, isPair: Bool) throws {
    func refuse(_ reason: String, _ remedy: String = "export the image again as NIfTI-1") -> ImagingError {
      .unreadable(path: path, reason: reason, remedy: remedy)
    }
    var raw = try Self.raw(bytes, refuse: refuse)
    let swap = raw.sizeof_hdr != 348
    isBigEndian = swap == (Int16(1).littleEndian == 1)
    (form, raw) = try Self.form(of: raw, swap: swap, isPair: isPair, refuse: refuse)
    let isNIfTI = form != .analyze

    (dimensions, type, components, voxelBytes) = try Self.shape(of: raw, refuse: refuse)
    let start = Double(raw.vox_offset)
    guard start >= (isPair ? 0 : 352), start + Double(voxelBytes) <= Double(Self.limit), start.rounded() == start else {
      throw refuse("its header says that the voxels start at byte \(raw.vox_offset), which cannot be")
    }
    offset = Int(start)

    if isNIfTI {
      let (factor, shift) = (Double(raw.scl_slope), Double(raw.scl_inter))
      // The standard scales no colours.
      if factor.isFinite && factor != 0 && components == 1 {
        guard shift.isFinite else { throw refuse("its intensity intercept (scl_inter) is \(shift)") }
        (slope, intercept) = (factor, shift)
      }
      unitsCode = UInt8(bitPattern: raw.xyzt_units)
      qformCode = max(0, raw.qform_code)
      sformCode = max(0, raw.sform_code)
    }

    let sizes = [raw.pixdim.1, raw.pixdim.2, raw.pixdim.3].map { abs(Double($0)) }
    spacing = .one
    for axis in 0..<3 where sizes[axis] > 0 && sizes[axis] <= Self.farthest { spacing[axis] = sizes[axis] }
    steps = [SIMD3(spacing[0], 0, 0), SIMD3(0, spacing[1], 0), SIMD3(0, 0, spacing[2])]
    if qformCode > 0 {
      let form = try Self.quaternion(of: raw, refuse: refuse)
      qform = form
      origin = form.origin
      steps = zip(form.axes, 0..<3).map { axis, index in axis * spacing[index] }
    }
    if sformCode > 0 { (steps, origin) = try Self.sform(of: raw, refuse: refuse) }
    if qformCode > 0 || sformCode > 0 {
      orientation = Orientation(steps: steps)
      if orientation == nil {
        throw refuse("its affine is singular", "correct its sform, or set sform_code to 0")
      }
    }
  }

  typealias Refusal = (_ reason: String, _ remedy: String) -> ImagingError

  /// The bytes as niftilib's struct, once they are known to be some header of 348 bytes.
  private static func raw(_ bytes: [UInt8], refuse: Refusal) throws -> nifti_1_header {
    let export = "export the image again as NIfTI-1"
    if bytes.starts(with: Array("<nifti_image".utf8)) {
      throw refuse("it is a NIfTI text header (.nia), which is not supported", export)
    }
    guard bytes.count >= byteCount else {
      throw refuse("it has only \(bytes.count) bytes, and a header alone takes 348", export)
    }
    var raw = nifti_1_header()
    withUnsafeMutableBytes(of: &raw) { $0.copyBytes(from: bytes.prefix(byteCount)) }
    switch (raw.sizeof_hdr, raw.sizeof_hdr.byteSwapped) {
    case (348, _), (_, 348): return raw
    case (540, _), (_, 540): throw refuse("it is NIfTI-2, which is not supported", "convert it to NIfTI-1")
    default:
      let isText = bytes.allSatisfy { $0 >= 32 && $0 < 127 || (9...13).contains($0) }
      throw refuse(
        isText ? "it is a text file" : "it does not start with a NIfTI-1 or ANALYZE header", "name an image file")
    }
  }

  private static func form(
    of raw: nifti_1_header, swap: Bool, isPair: Bool, refuse: Refusal
  ) throws -> (Form, nifti_1_header) {
    let magic = withUnsafeBytes(of: raw.magic) { String(decoding: $0.prefix(3), as: UTF8.self) }
    let form: Form
    switch (magic, isPair) {
    case ("n+1", false): form = .nifti
    case ("ni1", true): form = .niftiPair
    case ("n+1", true): throw refuse("it is a single-file NIfTI image named like a pair", "rename it to .nii")
    case ("ni1", false): throw refuse("it is the header of a .hdr/.img pair", "rename it to .hdr, beside its .img")
    case (_, true): form = .analyze
    case (_, false): throw refuse("its header lacks the NIfTI-1 mark 'n+1'", "export the image again as NIfTI-1")
    }
    var raw = raw
    if swap { swap_nifti_header(&raw, form == .analyze ? 0 : 1) }
    return (form, raw)
  }

  private static func shape(
    of raw: nifti_1_header, refuse: Refusal
  ) throws -> (dimensions: [Int], type: VoxelType, components: Int, byteCount: Int) {
    let export = "export the image again"
    let dim = [
      raw.dim.0, raw.dim.1, raw.dim.2, raw.dim.3, raw.dim.4, raw.dim.5, raw.dim.6, raw.dim.7,
    ].map(Int.init)
    guard (2...7).contains(dim[0]) else {
      throw refuse("its header says \(dim[0]) dimensions, and an image has 2 to 7", export)
    }
    let dimensions = Array(dim[1...dim[0]])
    let shown = dimensions.map(String.init).joined(separator: " x ")
    guard dimensions.allSatisfy({ $0 > 0 }) else {
      throw refuse("its header says a size of \(shown)", export)
    }
    let colours: [Int32: (components: Int, name: String)] = [DT_RGB24: (3, "rgb24"), DT_RGBA32: (4, "rgba32")]
    let colour = colours[Int32(raw.datatype)]
    guard let type = colour == nil ? VoxelType(code: raw.datatype) : .uint8 else {
      throw refuse(VoxelType.refusal(of: raw.datatype), "convert it to one number per voxel, such as float32")
    }
    let (components, name) = colour ?? (1, type.rawValue)
    guard Int(raw.bitpix) == 8 * type.byteCount * components else {
      throw refuse("its header says \(name) and \(raw.bitpix) bits per voxel, which disagree", export)
    }
    var bytes = type.byteCount * components
    for size in dimensions {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
      guard !overflow, product <= limit else {
        throw refuse("its size of \(shown) \(name) is over the limit of 2 GiB", "crop or resample it")
      }
      bytes = product
    }
    guard dimensions.dropFirst(3).allSatisfy({ $0 == 1 }) else {
      throw refuse("its size of \(shown) is a series of images", "save each image to a file of its own")
    }
    return (dimensions, type, components, bytes)
  }

  private static func quaternion(of raw: nifti_1_header, refuse: Refusal) throws -> QuaternionForm {
    let form = QuaternionForm(
      imaginary: SIMD3(raw.quatern_b, raw.quatern_c, raw.quatern_d), handedness: raw.pixdim.0 < 0 ? -1 : 1,
      origin: SIMD3(Double(raw.qoffset_x), Double(raw.qoffset_y), Double(raw.qoffset_z)))
    // Not a number fails both comparisons.
    let square = (form.imaginary * form.imaginary).sum()
    guard square <= 1.01, isNear(form.origin) else {
      throw refuse("its qform is not a rotation and an offset within 1e9", "correct it, or set qform_code to 0")
    }
    return form
  }

  private static func sform(
    of raw: nifti_1_header, refuse: Refusal
  ) throws -> (steps: [SIMD3<Double>], origin: SIMD3<Double>) {
    let rows = [raw.srow_x, raw.srow_y, raw.srow_z].map {
      SIMD4(Double($0.0), Double($0.1), Double($0.2), Double($0.3))
    }
    let columns = (0..<4).map { SIMD3(rows[0][$0], rows[1][$0], rows[2][$0]) }
    guard columns.allSatisfy(isNear), determinant(Array(columns.prefix(3))) != 0 else {
      throw refuse("its sform is singular, not finite or beyond 1e9", "correct it, or set sform_code to 0")
    }
    return (Array(columns.prefix(3)), columns[3])
  }

  /// Whether all coordinates are numbers of at most `farthest`.
  private static func isNear(_ vector: SIMD3<Double>) -> Bool {
    (0..<3).allSatisfy { abs(vector[$0]) <= farthest }
  }

  private static func determinant(_ c: [SIMD3<Double>]) -> Double {
    let crossX = c[1][1] * c[2][2] - c[1][2] * c[2][1]
    let crossY = c[1][2] * c[2][0] - c[1][0] * c[2][2]
    let crossZ = c[1][0] * c[2][1] - c[1][1] * c[2][0]
    return c[0][0] * crossX + c[0][1] * crossY + c[0][2] * crossZ
  }
}
