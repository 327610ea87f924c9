import Files

extension VolumeHeader {
  static let mghByteCount = 284

  /// The header of FreeSurfer's MGH format, which is big-endian; the voxels follow it.
  ///
  /// What the format states is kept as an sform of code 1 (scanner), in millimetres. A file whose flag says that its
  /// directions are not set is coronal with voxels of 1 mm about the origin, as the format defines.
  ///
  /// Source: FreeSurfer, "MGH/MGZ volume format" (FsTutorial, MghFormat).
  ///
  /// - Parameter bytes: the first 284 bytes of the file, or fewer if it has no more.
  /// - Throws: `ImagingError.unreadable`, naming the field.
  init(mgh bytes: [UInt8], path: String) throws {
    func refuse(_ reason: String, _ remedy: String = "export the image again, as with mri_convert") -> ImagingError {
      .unreadable(path: path, reason: reason, remedy: remedy)
    }
    guard bytes.count >= Self.mghByteCount else {
      throw refuse("it has only \(bytes.count) bytes, and the header of an MGH file alone takes 284")
    }
    let header = EndianBytes(bytes: bytes, isBigEndian: true)
    guard header.int32(0) == 1 else {
      throw refuse("it does not start with an MGH header (version 1)", "name an MGH file")
    }
    let code = header.int32(20)
    guard let type = [0: VoxelType.uint8, 1: .int32, 3: .float32, 4: .int16][code] else {
      throw refuse(
        "its voxels are of MGH's type \(code), not uchar, int, float or short (0, 1, 3, 4)",
        "convert it, as with mri_convert -odt float")
    }
    let frames = header.int32(16)
    let dimensions = (1...3).map { header.int32(4 * $0) } + (frames == 1 ? [] : [frames])
    let grid = try VoxelGrid(dimensions, type: type, refuse: refuse)
    guard Self.mghByteCount + grid.byteCount <= Self.limit else {
      throw refuse("its size of \(grid.sizes) \(type.rawValue) is over the limit of 2 GiB", "crop or resample it")
    }
    var sizes = [1.0, 1, 1]
    var axes = [SIMD3<Double>(-1, 0, 0), SIMD3(0, 0, -1), SIMD3(0, 1, 0)]
    var centre = SIMD3<Double>.zero
    if header.int16(28) > 0 {
      func vector(_ place: Int) -> SIMD3<Double> {
        SIMD3(header.float32(place), header.float32(place + 4), header.float32(place + 8))
      }
      sizes = (0..<3).map { header.float32(30 + 4 * $0) }
      axes = (0..<3).map { vector(42 + 12 * $0) }
      centre = vector(78)
    }
    guard sizes.allSatisfy({ $0 > 0 && $0 <= Self.farthest }) else {
      throw refuse("its header says voxels of \(sizes.map { "\($0)" }.joined(separator: " x "))")
    }
    self.init(form: .mgh, isBigEndian: true, grid: grid, offset: Self.mghByteCount, sizes: sizes, unitsCode: 2)
    sformCode = 1
    let steps = zip(axes, sizes).map { $0 * $1 }
    let origin = zip(steps, grid.extent).reduce(centre) { $0 - $1.0 * (Double($1.1) / 2) }
    guard place(steps, origin: origin) else {
      throw refuse("its directions are singular, not finite or beyond 1e9", "correct them, as with mri_convert")
    }
  }
}
