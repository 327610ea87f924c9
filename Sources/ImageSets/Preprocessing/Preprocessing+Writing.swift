import ImageFiles

extension Preprocessing {
  /// Prepared pixels as they go to a NIfTI file: in the units of the originals where a window of these was prepared, so that
  /// what is written goes beside them; else as they are, since each original had limits of its own. Colours always go from
  /// 0 to 255, which is all that an RGB24 file holds.
  ///
  /// - Parameters:
  ///   - pixels: prepared, in [0, 1], the channels of a pixel together.
  ///   - channels: of the image, 1 or 3.
  public func written(_ pixels: [Float], channels: Int = 1) -> [Float] {
    guard let (low, high) = writtenWindow(channels: channels) else { return pixels }
    return pixels.map { Float(low + Double($0) * (high - low)) }
  }

  /// The intensities that 0 and 1 are written as in a NIfTI file; nil when they are written as 0 and 1.
  public func writtenWindow(channels: Int = 1) -> (low: Double, high: Double)? {
    channels > 1 ? (0, 255) : window
  }

  /// The limits that all images share, if they do.
  private var window: (low: Double, high: Double)? {
    guard intensity == .minMax, case .window(let low, let high) = range else { return nil }
    return (low, high)
  }

  /// Fewer whole numbers than this, from black to white, make no picture.
  private static let fewestSteps = 16.0

  /// The whole numbers of a picture that 0 and 1 are written as.
  ///
  /// Where the originals are pictures too, these are the limits that an original was prepared from, so that what is written
  /// has the light of the originals; 16 bits of what had 8 are 257 times as much, and 8 of what had 16 the 257th part. Where
  /// they are not, a window of their units that fits is kept. Else all numbers that the picture has are used. A TIFF of floats
  /// keeps any limits as they are.
  ///
  /// - Parameters:
  ///   - storage: a kind of picture.
  ///   - source: what the originals are; nil if that is not known.
  ///   - limits: what became 0 and 1 of the original whose light the image is to have; nil if that is not known.
  public func pictureWindow(
    _ storage: ImageStorage, source: ImageStorage?, limits: SIMD2<Float>?
  ) -> (low: Double, high: Double) {
    let own = limits.map { (low: Double($0[0]), high: Double($0[1])) } ?? window
    if storage.isFloat { return own ?? (0, 1) }
    guard let own, source?.kind.isPicture != true || source?.isFloat == false, own.low >= 0 else {
      return (0, storage.largest)
    }
    if let source, source.kind.isPicture {
      let factor = storage.factor(from: source)
      return own.high <= source.largest ? (own.low * factor, own.high * factor) : (0, storage.largest)
    }
    guard let window, window.high <= storage.largest, window.high - window.low >= Self.fewestSteps else {
      return (0, storage.largest)
    }
    return window
  }

  /// What prepares images again that were written as pictures. Percentiles have left their outermost pixels out already.
  ///
  /// - Parameters:
  ///   - storage: what they were written as.
  ///   - source: what the originals are.
  public func ofWritten(_ storage: ImageStorage, source: ImageStorage) -> Preprocessing {
    var preprocessing = self
    let (low, high) = pictureWindow(storage, source: source, limits: nil)
    switch (intensity, range) {
    case (.none, _): (preprocessing.intensity, preprocessing.range) = (.minMax, .window(low, high))
    case (.minMax, .window): preprocessing.range = .window(low, high)
    case (.minMax, .percentiles): preprocessing.range = .extremes
    case (.minMax, .extremes): break
    }
    return preprocessing
  }

  /// What prepares images again that were written as NIfTI. Percentiles have left their outermost pixels out already.
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
