/// Images and displacement fields under displacements. A field is two planes, across and then down, in pixels; what lies outside an
/// image is what lies on its edge.
package struct Warp: Sendable {
  private let height: Int
  private let width: Int

  /// - Parameters:
  ///   - height: of the images, at least 2 pixels.
  ///   - width: of the images, at least 2 pixels.
  package init(height: Int, width: Int) {
    precondition(height > 1 && width > 1, "a warp of \(height) x \(width)")
    (self.height, self.width) = (height, width)
  }

  private var pixels: Int { height * width }

  /// The lower of the two pixels that a position lies between, how far it is from it, and 1 inside the image, 0 outside.
  @inline(__always)
  private static func locate(_ position: Float, _ size: Int) -> (index: Int, fraction: Float, slope: Float) {
    // Written so that what is no number counts as outside.
    guard position > 0 else { return (0, 0, 0) }
    guard position < Float(size - 1) else { return (size - 2, 1, 0) }
    let index = Int(position)
    return (index, position - Float(index), 1)
  }

  /// Calls `body` for each pixel with the place that a field sends it to.
  @inline(__always)
  private func forEachPlace(
    _ field: UnsafePointer<Float>,
    _ body: (
      _ pixel: Int, _ corner: Int, _ fx: Float, _ fy: Float, _ slopeX: Float, _ slopeY: Float
    ) -> Void
  ) {
    for line in 0..<height {
      for column in 0..<width {
        let pixel = line * width + column
        let x = Self.locate(Float(column) + field[pixel], width)
        let y = Self.locate(Float(line) + field[pixels + pixel], height)
        body(pixel, y.index * width + x.index, x.fraction, y.fraction, x.slope, y.slope)
      }
    }
  }

  @inline(__always)
  private func value(_ plane: UnsafePointer<Float>, _ corner: Int, _ fx: Float, _ fy: Float) -> Float {
    // In this form the pixels themselves at the ends of both fractions.
    let top = (1 - fx) * plane[corner] + fx * plane[corner + 1]
    let bottom = (1 - fx) * plane[corner + width] + fx * plane[corner + width + 1]
    return (1 - fy) * top + fy * bottom
  }

  @inline(__always)
  private func slopes(_ plane: UnsafePointer<Float>, _ corner: Int, _ fx: Float, _ fy: Float) -> (Float, Float) {
    let (a, b, c, d) = (plane[corner], plane[corner + 1], plane[corner + width], plane[corner + width + 1])
    return (b - a + fy * (d - c - b + a), c - a + fx * (d - b - c + a))
  }

  /// result = image at x + field(x), linearly interpolated.
  package func sample(
    _ image: UnsafePointer<Float>, _ field: UnsafePointer<Float>, to result: UnsafeMutablePointer<Float>
  ) {
    forEachPlace(field) { pixel, corner, fx, fy, _, _ in result[pixel] = value(image, corner, fx, fy) }
  }

  /// The same of an image of several channels, `[height, width, channel]`, each by itself under one field.
  package func sample(
    _ image: UnsafePointer<Float>, channels: Int, _ field: UnsafePointer<Float>,
    to result: UnsafeMutablePointer<Float>
  ) {
    forEachPlane(of: image, channels: channels, to: result) { sample($0, field, to: $1) }
  }

  /// Calls `body` with each channel's plane of an image and of a result.
  private func forEachPlane(
    of image: UnsafePointer<Float>, channels: Int, to result: UnsafeMutablePointer<Float>,
    _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) {
    guard channels > 1 else { return body(image, result) }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * pixels) { planes in
      let (source, target) = (planes.baseAddress!, planes.baseAddress! + pixels)
      for channel in 0..<channels {
        for pixel in 0..<pixels { source[pixel] = image[pixel * channels + channel] }
        body(source, target)
        for pixel in 0..<pixels { result[pixel * channels + channel] = target[pixel] }
      }
    }
  }

  /// The gradient by the field, from the one by the sampled image.
  package func sampleAdjoint(
    _ image: UnsafePointer<Float>, _ field: UnsafePointer<Float>, gradient: UnsafePointer<Float>,
    to result: UnsafeMutablePointer<Float>
  ) {
    forEachPlace(field) { pixel, corner, fx, fy, slopeX, slopeY in
      let (x, y) = slopes(image, corner, fx, fy)
      result[pixel] = gradient[pixel] * x * slopeX
      result[pixels + pixel] = gradient[pixel] * y * slopeY
    }
  }

  /// result = outer field at x + inner(x), plus inner(x): first the inner displacement, then the outer one.
  package func compose(
    _ outer: UnsafePointer<Float>, after inner: UnsafePointer<Float>, to result: UnsafeMutablePointer<Float>
  ) {
    forEachPlace(inner) { pixel, corner, fx, fy, _, _ in
      result[pixel] = inner[pixel] + value(outer, corner, fx, fy)
      result[pixels + pixel] = inner[pixels + pixel] + value(outer + pixels, corner, fx, fy)
    }
  }

  /// The gradient by a field, from the one by the field composed with itself.
  package func squareAdjoint(
    _ field: UnsafePointer<Float>, gradient: UnsafePointer<Float>, to result: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<2 * pixels { result[index] = gradient[index] }
    forEachPlace(field) { pixel, corner, fx, fy, slopeX, slopeY in
      for plane in 0..<2 {
        let incoming = gradient[plane * pixels + pixel]
        let target = result + plane * pixels + corner
        target[0] += incoming * (1 - fx) * (1 - fy)
        target[1] += incoming * fx * (1 - fy)
        target[width] += incoming * (1 - fx) * fy
        target[width + 1] += incoming * fx * fy
        let (x, y) = slopes(field + plane * pixels, corner, fx, fy)
        result[pixel] += incoming * x * slopeX
        result[pixels + pixel] += incoming * y * slopeY
      }
    }
  }

  /// result = image at x + field(x), by cubic interpolation (Catmull and Rom), which keeps more of what is fine.
  ///
  /// - Parameter channels: of the image, `[height, width, channel]`, each by itself under one field.
  package func sampleSharply(
    _ image: UnsafePointer<Float>, channels: Int = 1, _ field: UnsafePointer<Float>,
    to result: UnsafeMutablePointer<Float>
  ) {
    forEachPlane(of: image, channels: channels, to: result) { samplePlaneSharply($0, field, to: $1) }
  }

  private func samplePlaneSharply(
    _ image: UnsafePointer<Float>, _ field: UnsafePointer<Float>, to result: UnsafeMutablePointer<Float>
  ) {
    func weights(_ t: Float) -> SIMD4<Float> {
      let (t2, t3) = (t * t, t * t * t)
      return 0.5 * SIMD4(-t + 2 * t2 - t3, 2 - 5 * t2 + 3 * t3, t + 4 * t2 - 3 * t3, -t2 + t3)
    }
    forEachPlace(field) { pixel, corner, fx, fy, _, _ in
      let (across, down) = (weights(fx), weights(fy))
      let (line, column) = (corner / width, corner % width)
      var sum: Float = 0
      for v in 0..<4 {
        let row = image + min(max(line + v - 1, 0), height - 1) * width
        var part: Float = 0
        for u in 0..<4 { part += across[u] * row[min(max(column + u - 1, 0), width - 1)] }
        sum += down[v] * part
      }
      result[pixel] = sum
    }
  }
}
