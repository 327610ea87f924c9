extension Slice {
  /// The slice about its centre at another size.
  ///
  /// An axis that is n pixels too long loses n / 2 (rounded down) at its start and the rest at its end; one that is too
  /// short gains them likewise, so cropping undoes padding.
  public func croppedOrPadded(to size: ImageSize, padding: Float = 0) -> Slice {
    let top = (height - size.height) / 2
    let left = (width - size.width) / 2
    var pixels = [Float](repeating: padding, count: size.height * size.width)
    let rows = max(0, -top)..<min(size.height, height - top)
    let columns = max(0, -left)..<min(size.width, width - left)
    for row in rows {
      let source = (row + top) * width + left
      for column in columns { pixels[row * size.width + column] = self.pixels[source + column] }
    }
    return Slice(
      height: size.height, width: size.width, pixels: pixels, frame: frame.cropped(top: top, left: left),
      nonFiniteCount: nonFiniteCount, isColour: isColour)
  }

  /// The slice stretched to another size; see `Resampling`.
  public func resized(to size: ImageSize) -> Slice {
    let rows = Resampling(from: height, to: size.height)
    let columns = Resampling(from: width, to: size.width)
    let narrowed = columns.apply(pixels, lines: height, along: 1, lineStride: width)
    let pixels = rows.apply(narrowed, lines: size.width, along: size.width, lineStride: 1)
    return Slice(
      height: size.height, width: size.width, pixels: pixels,
      frame: frame.resized(
        rowFactor: Double(height) / Double(size.height), columnFactor: Double(width) / Double(size.width)),
      nonFiniteCount: nonFiniteCount, isColour: isColour)
  }
}
