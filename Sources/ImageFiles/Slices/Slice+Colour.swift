extension Slice {
  /// A slice of pixels that a file stores as red, green and blue, `[height, width, 3]`: in colour if any pixel's components
  /// differ, else grey.
  package init(
    height: Int, width: Int, storedColours pixels: [Float], frame: SliceFrame, nonFiniteCount: Int = 0
  ) {
    let reds = stride(from: 0, to: pixels.count, by: 3)
    let isColour = reds.contains { (red: Int) -> Bool in
      pixels[red] != pixels[red + 1] || pixels[red] != pixels[red + 2]
    }
    self.init(
      height: height, width: width, channels: isColour ? 3 : 1, pixels: isColour ? pixels : reds.map { pixels[$0] },
      frame: frame, nonFiniteCount: nonFiniteCount, isColour: isColour)
  }

  /// The slice in grey: of colours the luminance, 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601).
  public var luminance: Slice {
    guard channels == 3 else { return self }
    var grey = self
    grey.channels = 1
    grey.pixels = stride(from: 0, to: pixels.count, by: 3).map { index in
      // Thousandths, so that equal components give exactly themselves.
      (299 * pixels[index] + 587 * pixels[index + 1] + 114 * pixels[index + 2]) / 1000
    }
    return grey
  }

  /// The slice with 1 channel, by its luminance, or with 3, a grey one repeated.
  public func withChannels(_ count: Int) -> Slice {
    precondition(count == 1 || count == 3, "\(count) channels")
    guard count != channels else { return self }
    guard count == 3 else { return luminance }
    var colour = self
    colour.channels = 3
    colour.pixels = pixels.flatMap { [$0, $0, $0] }
    return colour
  }

  /// One channel by itself, `[height, width]`.
  func plane(_ channel: Int) -> [Float] {
    channels == 1 ? pixels : stride(from: channel, to: pixels.count, by: channels).map { pixels[$0] }
  }
}
