/// How the pixel grid of a slice sits in space and in its file.
///
/// Pixel (row, column) has its centre at `origin + row * rowStep + column * columnStep`, in the file's spatial unit
/// (millimetres unless `unitsCode` says otherwise), +x patient right, +y anterior, +z superior. The layout says which
/// file axes these were, so that writing gives back the source's axis order, affine, spacing and units exactly.
public struct SliceFrame: Sendable, Equatable, Codable {
  /// Centre of pixel (0, 0).
  public var origin: SIMD3<Double>
  /// From one row to the next.
  public var rowStep: SIMD3<Double>
  /// From one column to the next.
  public var columnStep: SIMD3<Double>
  /// From this slice to the next one of its volume, along increasing file index.
  public var normalStep: SIMD3<Double>
  /// Pixel sizes as the header states them (pixdim): between rows, between columns, across slices; positive.
  public var spacing: SIMD3<Double>
  public var layout: FileLayout
  /// NIfTI code of the qform: 0 none, 1 scanner, 2 aligned, 3 Talairach, 4 MNI 152.
  public var qformCode: Int16
  /// NIfTI code of the sform, as for the qform.
  public var sformCode: Int16
  /// The file's qform; the steps above are the sform where `sformCode` is positive. Nil if `qformCode` is 0.
  public var qform: QuaternionForm?
  /// NIfTI `xyzt_units`; the lower 3 bits are the spatial unit: 0 unknown, 1 metre, 2 millimetre, 3 micrometre.
  public var unitsCode: UInt8

  public init(
    origin: SIMD3<Double>, rowStep: SIMD3<Double>, columnStep: SIMD3<Double>, normalStep: SIMD3<Double>,
    spacing: SIMD3<Double>, layout: FileLayout, qformCode: Int16 = 0, sformCode: Int16 = 0,
    qform: QuaternionForm? = nil, unitsCode: UInt8 = 2
  ) {
    self.origin = origin
    self.rowStep = rowStep
    self.columnStep = columnStep
    self.normalStep = normalStep
    self.spacing = spacing
    self.layout = layout
    self.qformCode = qformCode
    self.sformCode = sformCode
    self.qform = qform
    self.unitsCode = unitsCode
  }

  /// Whether the file says where left and right are; without, `rowStep` and `columnStep` are only pixel sizes.
  public var hasOrientation: Bool { qformCode > 0 || sformCode > 0 }

  /// A frame without orientation, as a PNG file has.
  public static func unoriented(spacing: SIMD3<Double> = SIMD3(1, 1, 1)) -> SliceFrame {
    SliceFrame(
      origin: .zero, rowStep: SIMD3(0, spacing[0], 0), columnStep: SIMD3(spacing[1], 0, 0),
      normalStep: SIMD3(0, 0, spacing[2]), spacing: spacing, layout: FileLayout(), unitsCode: 0)
  }

  /// An axial slice centred on x = y = 0 at height `z`, stored with axes right, anterior, superior.
  ///
  /// - Parameters:
  ///   - height: of the slice, in pixels.
  ///   - width: of the slice, in pixels.
  ///   - spacing: pixel size in millimetres: between rows, between columns, across slices.
  ///   - z: the height of the slice in space, in millimetres.
  ///   - code: NIfTI code of the sform, such as 2 (aligned) or 4 (MNI 152).
  public static func axial(
    height: Int, width: Int, spacing: SIMD3<Double> = SIMD3(1, 1, 1), z: Double = 0, code: Int16 = 2
  ) -> SliceFrame {
    SliceFrame(
      origin: SIMD3(-Double(width - 1) / 2 * spacing[1], Double(height - 1) / 2 * spacing[0], z),
      rowStep: SIMD3(0, -spacing[0], 0), columnStep: SIMD3(spacing[1], 0, 0), normalStep: SIMD3(0, 0, spacing[2]),
      spacing: spacing, layout: FileLayout(rowsFlipped: true), sformCode: code)
  }

  /// The frame of a crop whose pixel (0, 0) is this frame's pixel (top, left); negative values pad.
  public func cropped(top: Int, left: Int) -> SliceFrame { moved(rows: Double(top), columns: Double(left)) }

  /// The frame after resizing: the new pixel size is the old one times the factor, and the outer edges stay in place,
  /// so the new first pixel's centre lies (factor - 1) / 2 old pixels further in.
  public func resized(rowFactor: Double, columnFactor: Double) -> SliceFrame {
    var frame = moved(rows: (rowFactor - 1) / 2, columns: (columnFactor - 1) / 2)
    frame.rowStep *= rowFactor
    frame.columnStep *= columnFactor
    frame.spacing *= SIMD3(rowFactor, columnFactor, 1)
    return frame
  }

  private func moved(rows: Double, columns: Double) -> SliceFrame {
    var frame = self
    frame.origin += rows * rowStep + columns * columnStep
    if let form = qform {
      let steps = form.steps(spacing: spacing, layout: layout)
      frame.qform?.origin += rows * steps.row + columns * steps.column
    }
    return frame
  }

  /// Whether the other frame lies in the same place within `tolerance` file units per pixel step and at the origin.
  public func isClose(to other: SliceFrame, tolerance: Double = 1e-4) -> Bool {
    func near(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Bool {
      let difference = a - b
      return (difference * difference).sum() <= tolerance * tolerance
    }
    return hasOrientation == other.hasOrientation && near(rowStep, other.rowStep)
      && near(columnStep, other.columnStep) && near(normalStep, other.normalStep) && near(origin, other.origin)
  }
}
