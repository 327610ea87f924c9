extension Slice {
  /// The slice about its centre at another size.
  ///
  /// An axis that is n pixels too long loses n / 2 (rounded down) at its start and the rest at its end; one that is too
  /// short gains them likewise, so cropping undoes padding.
  public func croppedOrPadded(to size: ImageSize, padding: Float = 0) -> Slice {
    let top = (height - size.height) / 2
    let left = (width - size.width) / 2
    var pixels = [Float](repeating: padding, count: size.height * size.width * channels)
    let rows = max(0, -top)..<min(size.height, height - top)
    let columns = max(0, -left)..<min(size.width, width - left)
    for row in rows {
      let source = ((row + top) * width + left) * channels
      let target = row * size.width * channels
      for place in columns.lowerBound * channels..<columns.upperBound * channels {
        pixels[target + place] = self.pixels[source + place]
      }
    }
    return with(pixels, size: size, frame: frame.cropped(top: top, left: left))
  }

  /// The slice stretched to another size, each channel by itself; see `Resampling`.
  public func resized(to size: ImageSize) -> Slice {
    let rows = Resampling(from: height, to: size.height)
    let columns = Resampling(from: width, to: size.width)
    let planes = (0..<channels).map { channel in
      let narrowed = columns.apply(plane(channel), lines: height, along: 1, lineStride: width)
      return rows.apply(narrowed, lines: size.width, along: size.width, lineStride: 1)
    }
    let pixels =
      channels == 1 ? planes[0] : planes[0].indices.flatMap { place in planes.map { $0[place] } }
    return with(
      pixels, size: size,
      frame: frame.resized(
        rowFactor: Double(height) / Double(size.height), columnFactor: Double(width) / Double(size.width)))
  }

  /// Other pixels of the same image.
  private func with(_ pixels: [Float], size: ImageSize, frame: SliceFrame) -> Slice {
    var slice = self
    (slice.height, slice.width, slice.pixels, slice.frame) = (size.height, size.width, pixels, frame)
    return slice
  }
}
