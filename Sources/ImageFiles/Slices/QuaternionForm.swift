/// A NIfTI qform as the header stores it: a rotation as a quaternion, and where pixel (0, 0) lies.
///
/// The quaternion is kept as read, because turning it into a matrix and back would not give the same bits.
/// Source: NIfTI-1 standard, `nifti1.h`, "METHOD 2".
public struct QuaternionForm: Sendable, Equatable, Codable {
  /// `quatern_b`, `quatern_c`, `quatern_d`; the real part follows from the unit length.
  public var imaginary: SIMD3<Float>
  /// -1 if the k axis is mirrored (`pixdim[0]`), else 1.
  public var handedness: Float
  /// Centre of pixel (0, 0) of the slice.
  public var origin: SIMD3<Double>

  public init(imaginary: SIMD3<Float>, handedness: Float, origin: SIMD3<Double>) {
    self.imaginary = imaginary
    self.handedness = handedness
    self.origin = origin
  }

  /// Unit vectors along the file axes i, j, k.
  public var axes: [SIMD3<Double>] {
    var (b, c, d) = (Double(imaginary[0]), Double(imaginary[1]), Double(imaginary[2]))
    let square = b * b + c * c + d * d
    var a = 0.0
    if 1 - square < 1e-7 {
      // A half turn: the real part is 0 and the rest is brought to unit length.
      let scale = 1 / square.squareRoot()
      (b, c, d) = (b * scale, c * scale, d * scale)
    } else {
      a = (1 - square).squareRoot()
    }
    let i = SIMD3(a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c))
    let j = SIMD3(2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b))
    let k = SIMD3(2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - c * c - b * b)
    return [i, j, k * Double(handedness)]
  }

  /// From one row, and from one column, to the next; `spacing` is (row, column, normal).
  func steps(spacing: SIMD3<Double>, layout: FileLayout) -> (row: SIMD3<Double>, column: SIMD3<Double>) {
    let axes = axes
    return (
      axes[layout.rowAxis] * (layout.rowsFlipped ? -spacing[0] : spacing[0]),
      axes[layout.columnAxis] * (layout.columnsFlipped ? -spacing[1] : spacing[1])
    )
  }
}
