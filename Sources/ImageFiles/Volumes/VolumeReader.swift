import Files
import Foundation

/// Reads slices from NIfTI, ANALYZE and MGH files.
package enum VolumeReader {
  /// The checked header of `.nii`, `.nii.gz`, `.mgh`, `.mgz`, or of a pair by either of its names.
  @Sendable static func header(_ source: ImageSource) throws -> ImageHeader { ImageHeader(try files(source).header) }

  /// - Parameter selection: needed for volumes, ignored for 2D images; its `volume` is needed for a series.
  @Sendable static func slice(_ source: ImageSource, selection: SliceSelection?) throws -> Slice {
    let (header, file) = try files(source)
    let image = try header.image(selection?.volume, path: source.path)
    return try slice(image, voxels: file, path: source.path, selection: selection)
  }

  /// The checked header, and the slice unless the file is a volume and no plane is selected.
  @Sendable static func open(
    _ source: ImageSource, selection: SliceSelection?
  ) throws -> (header: ImageHeader, slice: Slice?) {
    let (header, file) = try files(source)
    let image = try header.image(selection?.volume, path: source.path)
    guard selection?.plane != nil || !header.isVolume else { return (ImageHeader(header), nil) }
    return (ImageHeader(header), try slice(image, voxels: file, path: source.path, selection: selection))
  }

  /// The checked header, and the file of the voxels where they are read from next.
  package static func files(_ source: ImageSource) throws -> (header: VolumeHeader, voxels: RegularFile) {
    let kind = Kind(source.path)
    switch source {
    case .file(let url):
      let path = kind == .pair ? partner(url, "hdr").path : url.path
      let file = try RegularFile(path: path, noun: "an image file", gzip: kind.gzip)
      let header = try header(of: file, kind)
      return (header, kind == .pair ? try RegularFile(path: partner(url, "img").path) : file)
    case .memory(let bytes, let voxels, let name):
      let file = try RegularFile(bytes: bytes, path: name, gzip: kind.gzip)
      let header = try header(of: file, kind)
      return (header, kind == .pair ? try RegularFile(bytes: voxels ?? [], path: name) : file)
    }
  }

  private enum Kind {
    case nifti, pair, mgh

    init(_ path: String) {
      switch (path as NSString).pathExtension.lowercased() {
      case "hdr", "img": self = .pair
      case "mgh", "mgz": self = .mgh
      default: self = .nifti
      }
    }

    /// An `.mgz` file's name does not end in `.gz`.
    var gzip: RegularFile.GzipMark { self == .mgh ? .content : .name }
  }

  private static func header(of file: RegularFile, _ kind: Kind) throws -> VolumeHeader {
    func read(_ size: Int) throws -> [UInt8] {
      try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
    }
    guard kind != .mgh else { return try VolumeHeader(mgh: read(VolumeHeader.mghByteCount), path: file.path) }
    var bytes = try read(NIfTIFields.firstByteCount)
    if let size = NIfTIFields.byteCount(bytes), size > bytes.count { bytes += try read(size - bytes.count) }
    return try VolumeHeader(nifti: bytes, path: file.path, isPair: kind == .pair)
  }

  /// The file of a pair with the given suffix, in the case of the other one.
  package static func partner(_ url: URL, _ suffix: String) -> URL {
    let own = url.pathExtension
    if own.lowercased() == suffix { return url }
    return url.deletingPathExtension().appendingPathExtension(own == own.uppercased() ? suffix.uppercased() : suffix)
  }

  private static func slice(
    _ header: VolumeHeader, voxels file: RegularFile, path: String, selection: SliceSelection?
  ) throws -> Slice {
    let (layout, index) = try place(selection, in: header, path: path)
    let extent = header.extent
    let strides = [1, extent[0], extent[0] * extent[1]]
    let (height, width) = (extent[layout.rowAxis], extent[layout.columnAxis])
    let (rowStride, columnStride) = (strides[layout.rowAxis], strides[layout.columnAxis])

    // Only the bytes from the slice's first to its last voxel are kept.
    let first = index * strides[layout.normalAxis]
    let last = first + (height - 1) * rowStride + (width - 1) * columnStride
    let bytes = try header.bytes(of: first..<last + 1, in: file)
    let start =
      (layout.rowsFlipped ? (height - 1) * rowStride : 0)
      + (layout.columnsFlipped ? (width - 1) * columnStride : 0)
    var pixels = VoxelDecoder(
      header, voxels: last + 1 - first, height: height, width: width, start: start,
      rowStride: layout.rowsFlipped ? -rowStride : rowStride,
      columnStride: layout.columnsFlipped ? -columnStride : columnStride
    ).pixels(from: bytes)

    var nonFinite = 0
    for place in pixels.indices where !pixels[place].isFinite {
      pixels[place] = 0
      nonFinite += 1
    }
    if 2 * nonFinite > pixels.count {
      throw ImagingError.unreadable(
        path: path, reason: "\(nonFinite) of its \(pixels.count) pixels are NaN or infinite",
        remedy: "check how it was made, or leave it out")
    }
    let frame = frame(header, layout: layout, index: index)
    guard header.grid.components == 1 else {
      return Slice(height: height, width: width, storedColours: pixels, frame: frame, nonFiniteCount: nonFinite)
    }
    return Slice(height: height, width: width, pixels: pixels, frame: frame, nonFiniteCount: nonFinite)
  }

  /// The layout of the chosen slice, and its index along the normal file axis.
  private static func place(
    _ selection: SliceSelection?, in header: VolumeHeader, path: String
  ) throws -> (FileLayout, Int) {
    let extent = header.extent
    let orientation = header.orientation ?? .assumed
    guard header.isVolume else {
      // The last unit axis, so that a line of pixels along i or j keeps k as its normal.
      let normal = extent.lastIndex(of: 1)!
      return (layout(header, orientation, normalAxis: normal), 0)
    }
    guard let selection, let plane = selection.plane else {
      throw ImagingError.unreadable(
        path: path, reason: "it is a volume of \(extent.map(String.init).joined(separator: " x ")) voxels",
        remedy: "say which slice to take: a plane (axial, coronal or sagittal) and a position")
    }
    let world = Orientation.normal(of: plane)
    let axis = orientation.fileAxis(along: world)
    let count = extent[axis]
    let ascending = orientation.positive[axis]
    // The centre of the slice; for an oblique volume the coordinate varies within it.
    var centre: SIMD3<Double> = header.origin
    for other in 0..<3 where other != axis { centre += Double(extent[other] - 1) / 2 * header.steps[other] }
    let (zero, step) = (centre[world] * header.millimetres, header.steps[axis][world] * header.millimetres)
    let last = zero + Double(count - 1) * step
    let number = try selection.position.index(
      of: plane, count: count, ends: ascending ? (zero, last) : (last, zero), path: path)
    return (layout(header, orientation, normalAxis: axis), ascending ? number : count - 1 - number)
  }

  private static func layout(_ header: VolumeHeader, _ orientation: Orientation, normalAxis: Int) -> FileLayout {
    if header.orientation != nil {
      return orientation.layout(normalAxis: normalAxis, dimensionCount: header.grid.sliceDimensionCount)
    }
    let others = (0..<3).filter { $0 != normalAxis }
    return FileLayout(rowAxis: others[1], columnAxis: others[0], dimensionCount: header.grid.sliceDimensionCount)
  }

  private static func frame(_ header: VolumeHeader, layout: FileLayout, index: Int) -> SliceFrame {
    let extent = header.extent
    /// File index of pixel (0, 0).
    var corner = [0, 0, 0]
    corner[layout.normalAxis] = index
    if layout.rowsFlipped { corner[layout.rowAxis] = extent[layout.rowAxis] - 1 }
    if layout.columnsFlipped { corner[layout.columnAxis] = extent[layout.columnAxis] - 1 }
    func moved(_ origin: SIMD3<Double>, _ steps: [SIMD3<Double>]) -> SIMD3<Double> {
      zip(corner, steps).reduce(origin) { $0 + Double($1.0) * $1.1 }
    }
    var qform = header.qform
    if let form = qform {
      qform?.origin = moved(form.origin, zip(form.axes, 0..<3).map { $0 * header.spacing[$1] })
    }
    let steps = header.steps
    return SliceFrame(
      origin: moved(header.origin, steps),
      rowStep: steps[layout.rowAxis] * (layout.rowsFlipped ? -1 : 1),
      columnStep: steps[layout.columnAxis] * (layout.columnsFlipped ? -1 : 1),
      normalStep: steps[layout.normalAxis],
      spacing: SIMD3(
        header.spacing[layout.rowAxis], header.spacing[layout.columnAxis], header.spacing[layout.normalAxis]),
      layout: layout, qformCode: header.qformCode, sformCode: header.sformCode, qform: qform,
      unitsCode: header.unitsCode)
  }
}
