import Files
import Foundation

/// A volume in memory as it is stored, of which slices are taken as if it were stored right, anterior, superior (RAS+).
///
/// The nearest such order is used: axes are permuted and flipped, nothing is resampled. So volumes of one cohort that
/// were stored in different orders come out alike.
package struct Volume {
  /// What says how the axes run.
  package enum OrientationSource: String, Codable, Sendable {
    /// The file's qform or sform.
    case file
    /// The caller, because the file does not say or is not to be trusted.
    case given
  }

  package let path: String
  package let header: VolumeHeader
  package let orientation: Orientation
  package let orientationSource: OrientationSource
  /// From one voxel to the next along i, j, k.
  private let steps: [SIMD3<Double>]
  /// Centre of voxel (0, 0, 0); where the file does not say, such that the volume's centre is at 0.
  private let origin: SIMD3<Double>
  private let voxelCount: Int
  private let bytes: [UInt8]

  /// Reads `.nii`, `.nii.gz`, `.mgh`, `.mgz` or a pair by its `.hdr`.
  ///
  /// - Parameters:
  ///   - number: which image of a series, from 0; nil: a series is refused.
  ///   - orientation: how the axes run if the file does not say.
  ///   - overriding: whether it holds even where the file says otherwise.
  /// - Throws: `ImagingError` for a file that is damaged, or that lacks an orientation when none is given.
  package init(_ url: URL, number: Int? = nil, orientation given: Orientation? = nil, overriding: Bool = false) throws {
    path = url.path
    let (header, file) = try VolumeReader.files(.file(url))
    self.header = try header.image(number, path: path)
    let isTrusted = header.orientation != nil && !(overriding && given != nil)
    guard let orientation = isTrusted ? header.orientation : given else {
      throw ImagingError.unreadable(
        path: url.path, reason: "the file (\(header.form.rawValue)) does not say where left and right are",
        remedy: "say how its axes run, such as --analyze-orientation LAS, from what you know of the data")
    }
    self.orientation = orientation
    orientationSource = isTrusted ? .file : .given
    if isTrusted {
      steps = header.steps
      origin = header.origin
    } else {
      var steps = [SIMD3<Double>](repeating: .zero, count: 3)
      for axis in 0..<3 {
        steps[axis][orientation.world[axis]] = (orientation.positive[axis] ? 1 : -1) * header.spacing[axis]
      }
      self.steps = steps
      let extent = header.extent
      var origin = SIMD3<Double>.zero
      for axis in 0..<3 { origin -= Double(extent[axis] - 1) / 2 * steps[axis] }
      self.origin = origin
    }
    voxelCount = header.extent.reduce(1, *)
    bytes = try self.header.bytes(of: 0..<voxelCount, in: file)
  }

  /// The plane of a file that holds one slice; nil for a volume.
  package var onlyPlane: Plane? {
    guard !header.isVolume, let axis = header.extent.lastIndex(of: 1) else { return nil }
    return Plane.allCases.first { Orientation.normal(of: $0) == orientation.world[axis] }
  }

  /// How many slices lie along the plane's normal.
  package func count(across plane: Plane) -> Int {
    header.extent[orientation.fileAxis(along: Orientation.normal(of: plane))]
  }

  /// The coordinate of a slice's centre along the plane's normal, in millimetres.
  ///
  /// - Parameter index: counted from 0 to the right, front or top.
  package func millimetres(of plane: Plane, index: Int) -> Double {
    let world = Orientation.normal(of: plane)
    let axis = orientation.fileAxis(along: world)
    var centre = origin
    for other in 0..<3 {
      let place = other == axis ? Double(fileIndex(index, axis)) : Double(header.extent[other] - 1) / 2
      centre += place * steps[other]
    }
    return centre[world] * header.millimetres
  }

  private func fileIndex(_ index: Int, _ axis: Int) -> Int {
    orientation.positive[axis] ? index : header.extent[axis] - 1 - index
  }

  /// One slice in display orientation, whose frame makes it a RAS+ file.
  ///
  /// - Parameter index: counted from 0 to the right, front or top; less than `count(across:)`.
  package func slice(_ plane: Plane, index: Int) -> Slice {
    precondition((0..<count(across: plane)).contains(index), "there is no \(plane) slice \(index) in \(path)")
    let normal = orientation.fileAxis(along: Orientation.normal(of: plane))
    let stored = orientation.layout(normalAxis: normal, dimensionCount: 3)
    let extent = header.extent
    let strides = [1, extent[0], extent[0] * extent[1]]
    let (height, width) = (extent[stored.rowAxis], extent[stored.columnAxis])
    let (rowStride, columnStride) = (strides[stored.rowAxis], strides[stored.columnAxis])
    var corner = [0, 0, 0]
    corner[normal] = fileIndex(index, normal)
    if stored.rowsFlipped { corner[stored.rowAxis] = height - 1 }
    if stored.columnsFlipped { corner[stored.columnAxis] = width - 1 }
    var pixels = VoxelDecoder(
      header, voxels: voxelCount, height: height, width: width,
      start: zip(corner, strides).reduce(0) { $0 + $1.0 * $1.1 },
      rowStride: stored.rowsFlipped ? -rowStride : rowStride,
      columnStride: stored.columnsFlipped ? -columnStride : columnStride
    ).pixels(from: bytes)
    var nonFinite = 0
    for place in pixels.indices where !pixels[place].isFinite {
      pixels[place] = 0
      nonFinite += 1
    }
    let code = header.sformCode > 0 ? header.sformCode : header.qformCode
    let frame = SliceFrame(
      origin: zip(corner, steps).reduce(origin) { $0 + Double($1.0) * $1.1 },
      // Adding 0 makes 0 of -0, so that the same place gives the same bytes however it was stored.
      rowStep: steps[stored.rowAxis] * (stored.rowsFlipped ? -1 : 1) + SIMD3<Double>.zero,
      columnStep: steps[stored.columnAxis] * (stored.columnsFlipped ? -1 : 1) + SIMD3<Double>.zero,
      normalStep: steps[normal] * (orientation.positive[normal] ? 1 : -1) + SIMD3<Double>.zero,
      spacing: SIMD3(header.spacing[stored.rowAxis], header.spacing[stored.columnAxis], header.spacing[normal]),
      layout: Orientation.assumed.layout(normalAxis: Orientation.normal(of: plane), dimensionCount: 3),
      // 2 is "aligned": to something that the file does not name.
      sformCode: orientationSource == .file ? code : 2, unitsCode: header.unitsCode == 0 ? 2 : header.unitsCode)
    guard header.grid.components == 1 else {
      return Slice(height: height, width: width, storedColours: pixels, frame: frame, nonFiniteCount: nonFinite)
    }
    return Slice(height: height, width: width, pixels: pixels, frame: frame, nonFiniteCount: nonFinite)
  }
}
