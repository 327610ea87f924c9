import CNIfTI
import Files

extension VolumeHeader {
  /// The header of a NIfTI-1, NIfTI-2 or ANALYZE 7.5 file.
  ///
  /// - Parameters:
  ///   - bytes: the first 348 bytes of the file, or 540 of a NIfTI-2 file; or fewer if it has no more.
  ///   - isPair: whether the voxels lie in an `.img` file of their own.
  /// - Throws: `ImagingError.unreadable`, naming the field.
  init(nifti bytes: [UInt8], path: String, isPair: Bool) throws {
    func refuse(_ reason: String, _ remedy: String = "export the image again as NIfTI-1") -> ImagingError {
      .unreadable(path: path, reason: reason, remedy: remedy)
    }
    let fields = try NIfTIFields(bytes, isPair: isPair, refuse: refuse)
    let grid = try Self.grid(fields, refuse: refuse)
    let least = isPair ? 0 : bytes.count + 4
    let start = fields.offset
    guard start >= Double(least), start + Double(grid.byteCount) <= Double(Self.limit), start.rounded() == start else {
      throw refuse("its header says that the voxels start at byte \(Float(start)), which cannot be")
    }
    let isNIfTI = fields.form != .analyze
    self.init(
      form: fields.form, isBigEndian: fields.isBigEndian, grid: grid, offset: Int(start),
      sizes: fields.pixdim[1...3].map(abs), unitsCode: isNIfTI ? UInt8(truncatingIfNeeded: fields.units) : 0)
    guard isNIfTI else { return }

    let (factor, shift) = (fields.slope, fields.intercept)
    let isScaled = factor.isFinite && factor != 0
    // The standard scales no colours.
    if isScaled, grid.components == 1 {
      guard shift.isFinite else { throw refuse("its intensity intercept (scl_inter) is \(shift)") }
      (slope, intercept) = (factor, shift)
    }
    guard !grid.isPlanar || !isScaled || (factor, shift) == (1, 0) else {
      throw refuse(
        "its colours, a vector of three in each voxel, are scaled (scl_slope \(factor), scl_inter \(shift))",
        "save them unscaled, as RGB24")
    }
    qformCode = Int16(clamping: max(0, fields.qformCode))
    sformCode = Int16(clamping: max(0, fields.sformCode))
    if qformCode > 0 {
      let form = try Self.quaternion(fields, refuse: refuse)
      qform = form
      guard sformCode > 0 || place(zip(form.axes, 0..<3).map { $0 * spacing[$1] }, origin: form.origin) else {
        throw refuse("its qform is singular", "correct its voxel sizes, or set qform_code to 0")
      }
    }
    guard sformCode > 0 else { return }
    let columns = (0..<4).map { SIMD3(fields.sform[$0], fields.sform[4 + $0], fields.sform[8 + $0]) }
    guard place(Array(columns.prefix(3)), origin: columns[3]) else {
      throw refuse("its sform is singular, not finite or beyond 1e9", "correct it, or set sform_code to 0")
    }
  }

  private static func grid(_ fields: NIfTIFields, refuse: VoxelGrid.Refusal) throws -> VoxelGrid {
    let export = "export the image again"
    let count = fields.dim[0]
    guard (2...7).contains(count) else {
      throw refuse("its header says \(count) dimensions, and an image has 2 to 7", export)
    }
    let colours: [Int: (components: Int, name: String)] = [
      Int(DT_RGB24): (3, "rgb24"), Int(DT_RGBA32): (4, "rgba32"),
    ]
    let colour = colours[fields.datatype]
    let code = Int16(clamping: fields.datatype)
    guard let type = colour == nil ? VoxelType(code: code) : .uint8 else {
      throw refuse(VoxelType.refusal(of: code), "convert it to one number per voxel, such as float32")
    }
    let (components, name) = colour ?? (1, type.rawValue)
    let grid = try VoxelGrid(Array(fields.dim[1...count]), type: type, components: components, refuse: refuse)
    guard fields.bitpix == 8 * type.byteCount * components else {
      throw refuse("its header says \(name) and \(fields.bitpix) bits per voxel, which disagree", export)
    }
    return grid
  }

  private static func quaternion(_ fields: NIfTIFields, refuse: VoxelGrid.Refusal) throws -> QuaternionForm {
    let values = fields.qform
    let form = QuaternionForm(
      imaginary: SIMD3(Float(values[0]), Float(values[1]), Float(values[2])),
      handedness: fields.pixdim[0] < 0 ? -1 : 1, origin: SIMD3(values[3], values[4], values[5]))
    // Not a number fails both comparisons.
    let square = (form.imaginary * form.imaginary).sum()
    guard square <= 1.01, isNear(form.origin) else {
      throw refuse("its qform is not a rotation and an offset within 1e9", "correct it, or set qform_code to 0")
    }
    return form
  }
}
