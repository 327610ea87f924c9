import Foundation
import Geometry
import Parallelism

/// Ten numbers of a grey image that say how it was made rather than what it shows: what a decoder's mark is made of.
///
/// | statistic | of an image in [0, 1] |
/// |---|---|
/// | sharpness | mean absolute 4-neighbour Laplacian over the mean intensity |
/// | spectral slope | least-squares slope of log10 power against log10 radial frequency over 8 rings |
/// | power, 4 bands | log10 of the share of power in a quarter of the radial frequencies from 0 to 0.5 cycles a pixel |
/// | mean, deviation, skewness, kurtosis | of the histogram |
public struct LeakStatistics: Sendable {
  public static let names =
    ["sharpness", "spectral slope"] + (1...4).map { "power in band \($0) of 4" }
    + ["mean", "standard deviation", "skewness", "kurtosis"]

  public let height: Int
  public let width: Int
  private let spectrum: RadialSpectrum

  /// - Parameters: the images' size, at least 3 x 3.
  public init(height: Int, width: Int) {
    precondition(height >= 3 && width >= 3, "statistics of images of \(height) x \(width)")
    (self.height, self.width) = (height, width)
    spectrum = RadialSpectrum(height: height, width: width, rings: 8)
  }

  /// The statistics of many images.
  ///
  /// - Parameter pixels: in [0, 1], `[image, height, width]`.
  public func table(_ pixels: [Float]) -> FeatureTable {
    let length = height * width
    precondition(pixels.count % length == 0, "\(pixels.count) pixels are no images of \(height) x \(width)")
    let rows = concurrentMap(pixels.count / length) { index in
      values(of: pixels[(index * length)..<((index + 1) * length)].map(Double.init))
    }
    return FeatureTable(
      kind: "simple image statistics", names: Self.names,
      values: Matrix(rows: rows.count, columns: Self.names.count, values: rows.flatMap { $0 }))
  }

  private func values(of pixels: [Double]) -> [Double] {
    let moments = PixelMoments(pixels)
    var laplacian = 0.0
    for row in 1..<(height - 1) {
      for column in 1..<(width - 1) {
        let place = row * width + column
        let neighbours = pixels[place - width] + pixels[place + width] + pixels[place - 1] + pixels[place + 1]
        laplacian += abs(neighbours - 4 * pixels[place])
      }
    }
    laplacian /= Double((height - 2) * (width - 2))
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
