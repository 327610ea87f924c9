extension Preprocessing {
  /// Prepared pixels as they go to a file: in the units of the originals where a window of these was prepared, so that
  /// what is written goes beside them; else as they are, since each original had limits of its own.
  public func written(_ pixels: [Float]) -> [Float] {
    guard let (low, high) = writtenWindow else { return pixels }
    return pixels.map { Float(low + Double($0) * (high - low)) }
  }

  /// The intensities that 0 and 1 are written as; nil when they are written as 0 and 1.
  public var writtenWindow: (low: Double, high: Double)? {
    guard intensity == .minMax, case .window(let low, let high) = range else { return nil }
    return (low, high)
  }

  /// What prepares images again that were written. Percentiles have left their outermost pixels out already.
  public var ofWritten: Preprocessing {
    var preprocessing = self
    if case .percentiles = range { preprocessing.range = .extremes }
    return preprocessing
  }

  /// Models of earlier versions do not say the range, which was the extremes.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      intensity: try container.decode(Intensity.self, forKey: .intensity),
      range: try container.decodeIfPresent(IntensityLimits.self, forKey: .range) ?? .extremes,
      size: try container.decodeIfPresent(ImageSize.self, forKey: .size),
      fit: try container.decode(Fit.self, forKey: .fit))
  }
}
