import Files

/// Which intensities of an image become 0 and 1; what lies outside is clipped.
public enum IntensityLimits: Sendable, Equatable, Hashable {
  /// The least and the greatest of each image.
  case extremes
  /// Percentiles of each image, 0 to 100, the lower one first.
  case percentiles(Double, Double)
  /// The same two values for all images, in the units that the files store (after slope and intercept), such as the
  /// Hounsfield units of a CT; the lower one first.
  case window(Double, Double)

  /// The limits of one image.
  ///
  /// A percentile p of n pixels lies at place p / 100 (n - 1) of these in ascending order, counted from 0, and between
  /// two places linearly between their values.
  ///
  /// Source: Hyndman and Fan, "Sample quantiles in statistical packages", The American Statistician 50, 1996, definition 7.
  ///
  /// - Parameter pixels: at least one.
  func values(of pixels: [Float]) -> (low: Double, high: Double) {
    switch self {
    case .extremes:
      let (low, high) = Preprocessing.range(of: pixels)
      return (Double(low), Double(high))
    case .window(let low, let high): return (low, high)
    case .percentiles(let lower, let upper):
      let sorted = pixels.sorted()
      func percentile(_ percent: Double) -> Double {
        let place = percent / 100 * Double(sorted.count - 1)
        let below = Int(place)
        let (low, high) = (Double(sorted[below]), Double(sorted[min(below + 1, sorted.count - 1)]))
        return low + (place - Double(below)) * (high - low)
      }
      return (percentile(lower), percentile(upper))
    }
  }
}

extension IntensityLimits: LosslessStringConvertible {
  /// `min-max`, percentiles such as `0.5%..99.5%`, or a window such as `-160..240`; nil for anything else, for limits that
  /// are not finite or not in ascending order, and for percentiles outside 0 to 100.
  public init?(_ text: String) {
    if text == Self.extremes.description {
      self = .extremes
      return
    }
    guard let dots = text.firstRange(of: "..") else { return nil }
    let parts = [text[..<dots.lowerBound], text[dots.upperBound...]]
    let arePercentiles = parts.allSatisfy { $0.hasSuffix("%") }
    let numbers = parts.compactMap { Self.number(arePercentiles ? $0.dropLast() : $0) }
    guard numbers.count == 2, numbers[0] < numbers[1] else { return nil }
    guard arePercentiles else {
      self = .window(numbers[0], numbers[1])
      return
    }
    guard numbers[0] >= 0, numbers[1] <= 100 else { return nil }
    self = .percentiles(numbers[0], numbers[1])
  }

  public var description: String {
    switch self {
    case .extremes: "min-max"
    case .percentiles(let lower, let upper): "\(DecimalText.shortest(lower))%..\(DecimalText.shortest(upper))%"
    case .window(let low, let high): "\(DecimalText.shortest(low))..\(DecimalText.shortest(high))"
    }
  }

  /// The largest limit of a window: intensities are read as float32.
  private static let largest = Double(Float.greatestFiniteMagnitude)

  private static func number(_ text: Substring) -> Double? {
    DecimalText.number(text).flatMap { abs($0) <= largest ? $0 : nil }
  }
}

extension IntensityLimits: Codable {
  /// Reads the text that `description` gives.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let limits = Self(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no range of intensities")
    }
    self = limits
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
