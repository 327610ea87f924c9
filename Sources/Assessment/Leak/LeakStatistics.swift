import Foundation
import Geometry
import Parallelism

/// Ten numbers of an image that say how it was made rather than what it shows: what a decoder's mark is made of.
///
/// | statistic | of an image in [0, 1] |
/// |---|---|
/// | sharpness | mean absolute 4-neighbour Laplacian over the mean intensity |
/// | spectral slope | least-squares slope of log10 power against log10 radial frequency over 8 rings |
/// | power, 4 bands | log10 of the share of power in a quarter of the radial frequencies from 0 to 0.5 cycles a pixel |
/// | mean, deviation, skewness, kurtosis | of the histogram |
///
/// Of an image in colour these are its luminance's, and six of its colours follow (`ColourFeatures`).
public struct LeakStatistics: Sendable {
  /// Of grey images; in colour more follow.
  public static let names =
    ["sharpness", "spectral slope"] + (1...4).map { "power in band \($0) of 4" }
    + ["mean", "standard deviation", "skewness", "kurtosis"]

  public let height: Int
  public let width: Int
  public let channels: Int
  private let spectrum: RadialSpectrum

  /// - Parameters: the images' size, at least 3 x 3, and channels, 1 or 3.
  public init(height: Int, width: Int, channels: Int = 1) {
    precondition(height >= 3 && width >= 3, "statistics of images of \(height) x \(width)")
    (self.height, self.width, self.channels) = (height, width, channels)
    spectrum = RadialSpectrum(height: height, width: width, rings: 8)
  }

  /// The statistics of many images.
  ///
  /// - Parameter pixels: in [0, 1], `[image, height, width, channel]`.
  public func table(_ pixels: [Float]) -> FeatureTable {
    let length = height * width * channels
    precondition(pixels.count % length == 0, "\(pixels.count) pixels are no images of \(height) x \(width)")
    let rows = concurrentMap(pixels.count / length) { index in
      let colours = ColourFeatures(
        pixels[(index * length)..<((index + 1) * length)], height: height, width: width, channels: channels)
      return values(of: colours.luminance) + colours.values
    }
    let names = Self.names + (channels == 3 ? ColourFeatures.names : [])
    return FeatureTable(
      kind: "simple image statistics", names: names,
      values: Matrix(rows: rows.count, columns: names.count, values: rows.flatMap { $0 }))
  }

  private func values(of pixels: [Double]) -> [Double] {
    let moments = PixelMoments(pixels)
    let laplacian = ColourFeatures.roughness(of: pixels, height: height, width: width)
    let rings = spectrum.logShares(of: pixels)
    let bands = (0..<4).map { band in log10(pow(10, rings[2 * band]) + pow(10, rings[2 * band + 1])) }
    return [laplacian / max(moments.mean, 1e-6), slope(rings)] + bands + moments.values
  }

  /// Power falls with frequency about as a power of it; the exponent, by least squares over the rings.
  private func slope(_ logPower: [Double]) -> Double {
    let logFrequency = logPower.indices.map { log10(Double($0) + 0.5) }
    let (x, y) = (
      logFrequency.reduce(0, +) / Double(logPower.count), logPower.reduce(0, +) / Double(logPower.count)
    )
    let products = zip(logFrequency, logPower).reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) }
    return products / logFrequency.reduce(0) { $0 + ($1 - x) * ($1 - x) }
  }
}
