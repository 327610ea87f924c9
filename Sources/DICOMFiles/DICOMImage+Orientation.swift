import ImageFiles

extension DICOMImage {
  /// The plane nearest to the image's own; nil where the file does not say how it lies.
  package var plane: Plane? {
    orientation.flatMap { orientation in Plane.allCases.first { Orientation.normal(of: $0) == orientation.world[2] } }
  }

  /// How the file's columns, rows and normal run, such as `LPS`; nil where the file does not say.
  package var letters: String? { orientation?.letters }

  /// The place along the plane's normal, in millimetres: of the image's centre.
  package var millimetres: Double? {
    guard let orientation, let steps = geometry.steps else { return nil }
    let (down, across) = (Double(stored.height - 1) / 2, Double(stored.width - 1) / 2)
    let axis = orientation.world[2]
    return steps.origin[axis] + steps.row[axis] * down + steps.column[axis] * across
  }

  private var orientation: Orientation? {
    geometry.steps.flatMap { Orientation(steps: [$0.column, $0.row, $0.normal]) }
  }

  /// The image in display orientation, whose frame makes it a RAS+ file as slices of volumes are; as it is stored where
  /// the file does not say how it lies.
  package var slice: Slice {
    guard let orientation, let steps = geometry.steps, let plane else { return stored }
    let layout = orientation.layout(normalAxis: 2, dimensionCount: 3)
    let extent = [stored.width, stored.height]
    let (height, width) = (extent[layout.rowAxis], extent[layout.columnAxis])
    let strides = [1, stored.width]
    let start =
      (layout.rowsFlipped ? (height - 1) * strides[layout.rowAxis] : 0)
      + (layout.columnsFlipped ? (width - 1) * strides[layout.columnAxis] : 0)
    let rowStride = strides[layout.rowAxis] * (layout.rowsFlipped ? -1 : 1)
    let columnStride = strides[layout.columnAxis] * (layout.columnsFlipped ? -1 : 1)
    var pixels: [Float] = []
    pixels.reserveCapacity(stored.pixels.count)
    for row in 0..<height {
      for column in 0..<width {
        let place = (start + row * rowStride + column * columnStride) * stored.channels
        pixels += stored.pixels[place..<place + stored.channels]
      }
    }
    let axes = [steps.column, steps.row, steps.normal]
    var origin = steps.origin
    if layout.rowsFlipped { origin += Double(height - 1) * axes[layout.rowAxis] }
    if layout.columnsFlipped { origin += Double(width - 1) * axes[layout.columnAxis] }
    // Adding 0 makes 0 of -0.
    func step(_ axis: Int, _ isFlipped: Bool) -> SIMD3<Double> {
      axes[axis] * (isFlipped ? -1 : 1) + SIMD3<Double>.zero
    }
    let spacing = [stored.frame.spacing[1], stored.frame.spacing[0]]
    let frame = SliceFrame(
      origin: origin, rowStep: step(layout.rowAxis, layout.rowsFlipped),
      columnStep: step(layout.columnAxis, layout.columnsFlipped),
      normalStep: step(2, !orientation.positive[2]),
      spacing: SIMD3(spacing[layout.rowAxis], spacing[layout.columnAxis], stored.frame.spacing[2]),
      layout: Orientation.assumed.layout(normalAxis: Orientation.normal(of: plane), dimensionCount: 3), sformCode: 1)
    return Slice(
      height: height, width: width, channels: stored.channels, pixels: pixels, frame: frame,
      isColour: stored.isColour)
  }
}
