extension Preprocessing {
  /// Prepared pixels as they go to a file: in the units of the originals where a window of these was prepared, so that
  /// what is written goes beside them; else as they are, since each original had limits of its own. Colours always go from
  /// 0 to 255, which is all that an RGB24 file holds.
  ///
  /// - Parameter channels: of the image, 1 or 3.
  public func written(_ pixels: [Float], channels: Int = 1) -> [Float] {
    guard let (low, high) = writtenWindow(channels: channels) else { return pixels }
    return pixels.map { Float(low + Double($0) * (high - low)) }
  }

  /// The intensities that 0 and 1 are written as; nil when they are written as 0 and 1.
  public func writtenWindow(channels: Int = 1) -> (low: Double, high: Double)? {
    if channels > 1 { return (0, 255) }
    guard intensity == .minMax, case .window(let low, let high) = range else { return nil }
    return (low, high)
  }

  /// What prepares images again that were written. Percentiles have left their outermost pixels out already.
  ///
  /// - Parameter channels: of the images, 1 or 3.
  public func ofWritten(channels: Int = 1) -> Preprocessing {
    var preprocessing = self
    switch range {
    case .percentiles: preprocessing.range = .extremes
    case .window where channels > 1: preprocessing.range = .window(0, 255)
    case .window, .extremes: break
    }
    if channels > 1, intensity == .none {
      (preprocessing.intensity, preprocessing.range) = (.minMax, .window(0, 255))
    }
    return preprocessing
  }

  /// An automatic colour is not written, so that models of one channel are what they were before there were others.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    if colour != .auto { try container.encode(colour, forKey: .colour) }
    try container.encode(intensity, forKey: .intensity)
    try container.encode(range, forKey: .range)
    try container.encodeIfPresent(size, forKey: .size)
    try container.encode(fit, forKey: .fit)
  }

  /// Models of earlier versions do not say the range, which was the extremes.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      intensity: try container.decode(Intensity.self, forKey: .intensity),
      range: try container.decodeIfPresent(IntensityLimits.self, forKey: .range) ?? .extremes,
      size: try container.decodeIfPresent(ImageSize.self, forKey: .size),
      fit: try container.decode(Fit.self, forKey: .fit),
      colour: try container.decodeIfPresent(Colour.self, forKey: .colour) ?? .auto)
  }
}
