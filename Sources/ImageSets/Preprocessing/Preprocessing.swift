import Files
import Foundation
import ImageFiles

/// What is done to every image before a network sees it; the same for every class, and recorded with the model.
///
/// The channels come first, the size second and the intensities third, so that scaling by an image's own minimum and
/// maximum always fills [0, 1]. Red, green and blue are scaled by one range, so that colours keep their balance.
public struct Preprocessing: Codable, Sendable, Equatable {
  /// How intensities are brought into [0, 1].
  public enum Intensity: String, Codable, Sendable, CaseIterable {
    /// From the limits of `range`: (x - low) / (high - low), clipped to [0, 1].
    case minMax = "min-max"
    /// As they are; they must lie in [0, 1].
    case none
  }

  /// How an image is brought to the size.
  public enum Fit: String, Codable, Sendable, CaseIterable {
    /// About the centre, pixel sizes kept: crops an axis that is too long, pads one that is too short (with the image's
    /// minimum before min-max scaling, else with 0).
    case cropOrPad = "crop-or-pad"
    /// Stretches each axis, pixel sizes changed: see `Resampling`.
    case resize
  }

  /// How many channels an image gets.
  public enum Colour: String, Codable, Sendable, CaseIterable {
    /// Three for all images of a cohort if any of it is in colour, else one. For one image by itself: as it is.
    case auto
    /// One, of colours the luminance.
    case grey
    /// Three, a grey image's values repeated.
    case rgb

    /// What gives this number of channels, 1 or 3.
    public init(channels: Int) { self = channels == 3 ? .rgb : .grey }
  }

  enum CodingKeys: CodingKey { case colour, intensity, range, size, fit }

  public var colour: Colour
  public var intensity: Intensity
  /// What becomes 0 and 1 where intensities are scaled.
  public var range: IntensityLimits
  /// The size of all images; nil keeps their own.
  public var size: ImageSize?
  public var fit: Fit

  public init(
    intensity: Intensity = .minMax, range: IntensityLimits = .extremes, size: ImageSize? = nil, fit: Fit = .cropOrPad,
    colour: Colour = .auto
  ) {
    self.colour = colour
    self.intensity = intensity
    self.range = range
    self.size = size
    self.fit = fit
  }

  /// The slice at the size, with its channels, pixels in [0, 1] and its frame adapted.
  ///
  /// - Parameters:
  ///   - slice: as its file has it.
  ///   - url: the file, for the message of an error.
  /// - Throws: `ImagingError` for an image whose pixels are all equal, or become so within the range (it carries no
  ///   information), for pixels outside [0, 1] where they are not scaled, and for a size that is not positive.
  public func apply(_ slice: Slice, from url: URL? = nil) throws -> Slice { try applied(slice, from: url).slice }

  /// As `apply`, with the intensities that became 0 and 1.
  func applied(_ slice: Slice, from url: URL? = nil) throws -> (slice: Slice, limits: SIMD2<Float>) {
    if let size {
      guard size.isUsable else {
        throw ImagingError.invalid(what: "the image size \(size) makes no image", remedy: "give 1 to 16384 pixels")
      }
    }
    let path = url?.path ?? "the image"
    let slice = coloured(slice)
    var result = fitted(slice)
    var limits = SIMD2<Float>(0, 1)
    switch intensity {
    case .minMax:
      let (least, greatest) = Self.range(of: result.pixels)
      guard greatest > least else { throw constant(slice, value: least, path: path) }
      let (low, high) = range.values(of: result.pixels)
      guard low < high, Double(greatest) > low, Double(least) < high else {
        throw ImagingError.invalid(
          what: "\(path) has intensities from \(least) to \(greatest), all of which become one within the range "
            + "\(range), so it carries no information",
          remedy: "set a wider range in the preprocessing, or remove the file")
      }
      let scale = 1 / (high - low)
      limits = SIMD2(Float(low), Float(high))
      for index in result.pixels.indices {
        result.pixels[index] = Float(min(1, max(0, (Double(result.pixels[index]) - low) * scale)))
      }
    case .none:
      let (low, high) = Self.range(of: slice.pixels)
      guard low >= 0, high <= 1 else {
        throw ImagingError.invalid(
          what: "\(path) has intensities from \(low) to \(high), not from 0 to 1, and is not scaled",
          remedy: "set the intensity of the preprocessing to min-max")
      }
    }
    return (result, limits)
  }

  /// The same for images of 1 or 3 channels, whatever they store.
  public func with(channels: Int) -> Preprocessing {
    var preprocessing = self
    preprocessing.colour = Colour(channels: channels)
    return preprocessing
  }

  /// The least and the greatest of the pixels.
  package static func range(of pixels: [Float]) -> (low: Float, high: Float) {
    // In lanes, so that no comparison waits for the one before it.
    var lows = SIMD16<Float>(repeating: .infinity)
    var highs = -lows
    return pixels.withUnsafeBytes { bytes in
      var place = 0
      while place + 16 <= pixels.count {
        let values = bytes.loadUnaligned(fromByteOffset: 4 * place, as: SIMD16<Float>.self)
        // The standard library's pointwise minimum and maximum go lane by lane, 200 times as slow.
        lows.replace(with: values, where: values .< lows)
        highs.replace(with: values, where: values .> highs)
        place += 16
      }
      var (low, high) = (lows.min(), highs.max())
      while place < pixels.count {
        low = min(low, pixels[place])
        high = max(high, pixels[place])
        place += 1
      }
      return (low, high)
    }
  }

  private func coloured(_ slice: Slice) -> Slice {
    switch colour {
    case .auto: slice
    case .grey: slice.withChannels(1)
    case .rgb: slice.withChannels(3)
    }
  }

  private func fitted(_ slice: Slice) -> Slice {
    guard let size, size != ImageSize(height: slice.height, width: slice.width) else { return slice }
    switch fit {
    case .cropOrPad:
      return slice.croppedOrPadded(to: size, padding: intensity == .minMax ? Self.range(of: slice.pixels).low : 0)
    case .resize: return slice.resized(to: size)
    }
  }

  private func constant(_ slice: Slice, value: Float, path: String) -> ImagingError {
    let isWhole = size == nil || Self.range(of: slice.pixels) == (value, value)
    return .invalid(
      what: "all pixels of \(path) are \(value)\(isWhole ? "" : " once it is cropped"), so it carries no information",
      remedy: "remove the file\(isWhole ? "" : " or crop less")")
  }
}
