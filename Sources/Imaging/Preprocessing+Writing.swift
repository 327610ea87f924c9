extension Preprocessing {
  /// Prepared pixels as they go to a file: in the units of the originals where a window of these was prepared, so that
  /// what is written goes beside them; else as they are, since each original had limits of its own. Colours always go from
  /// 0 to 255, which is all that an RGB24 file holds. A picture's whole numbers are all used, unless the units of the
  /// originals go into them.
  ///
  /// - Parameters:
  ///   - channels: of the image, 1 or 3.
  ///   - storage: what is written. Values for a picture are not rounded yet.
  public func written(_ pixels: [Float], channels: Int = 1, storage: ImageStorage = .nifti) -> [Float] {
    guard let (low, high) = writtenWindow(channels: channels, storage: storage) else { return pixels }
    return pixels.map { Float(low + Double($0) * (high - low)) }
  }

  /// Fewer whole numbers than this, from black to white, make no picture.
  private static let fewestSteps = 16.0

  /// The intensities that 0 and 1 are written as; nil when they are written as 0 and 1.
  ///
  /// For a picture these are 0 and its largest number, or the limits of a window in the units of the originals where these
  /// lie within that and are 16 or more apart. Colours have no units.
  public func writtenWindow(
    channels: Int = 1, storage: ImageStorage = .nifti
  ) -> (low: Double, high: Double)? {
    var window: (low: Double, high: Double)?
    if intensity == .minMax, case .window(let low, let high) = range { window = (low, high) }
    guard storage.kind.isPicture else { return channels > 1 ? (0, 255) : window }
    guard channels == 1, let window, window.low >= 0, window.high <= storage.largest,
      window.high - window.low >= Self.fewestSteps
    else { return (0, storage.largest) }
    return window
  }

  /// What prepares images again that were written. Percentiles have left their outermost pixels out already.
  ///
  /// - Parameters:
  ///   - channels: of the images, 1 or 3.
  ///   - storage: what they were written as.
  public func ofWritten(channels: Int = 1, storage: ImageStorage = .nifti) -> Preprocessing {
    var preprocessing = self
    if storage.kind.isPicture, let (low, high) = writtenWindow(channels: channels, storage: storage) {
      if case .window = range { preprocessing.range = .window(low, high) }
      if case .percentiles = range { preprocessing.range = .extremes }
      if intensity == .none { (preprocessing.intensity, preprocessing.range) = (.minMax, .window(low, high)) }
      return preprocessing
    }
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
