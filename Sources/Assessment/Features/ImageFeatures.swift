import Foundation
import Geometry
import Parallelism

/// Features of images of one size in the manner of radiomics: no network, no training, the same on every machine.
///
/// | group | features |
/// |---|---|
/// | first order | mean, standard deviation, skewness, excess kurtosis, percentiles 5, 25, 50, 75, 95 |
/// | histogram | 32 bins on [0, 1]: entropy in bits, uniformity (sum of squared shares) |
/// | moments | row and column of the centre of intensity, and spread about it along rows and columns, as shares of the image's sides |
/// | gradient | of central differences: mean magnitude, standard deviation, 95th percentile |
/// | sharpness | log10 of the variance of the 4-neighbour Laplacian (1e-12 added) |
/// | spectrum | log10 of the share of power (mean removed) in 8 rings of equal width of radial frequency, 0 to 0.5 cycles a pixel; what lies beyond counts to the last ring (1e-12 added) |
/// | texture | grey-level co-occurrence of 16 levels on [0, 1], neighbours at distance 1 in 4 directions, symmetric, pooled: contrast, dissimilarity, homogeneity, angular second moment, entropy in bits, correlation |
///
/// Of images in colour these are their luminance's, and six of their colours follow (`ColourFeatures`).
///
/// Sources: Zwanenburg et al., "The Image Biomarker Standardization Initiative", Radiology 295, 2020, for the names;
/// Haralick, Shanmugam and Dinstein, "Textural Features for Image Classification", 1973.
public struct ImageFeatures: Sendable {
  public static let kind = "radiomics-like image features"
  public let height: Int
  public let width: Int
  public let channels: Int
  private let spectrum: RadialSpectrum

  /// - Parameters: the images' size, at least 3 x 3, and channels, 1 or 3.
  public init(height: Int, width: Int, channels: Int = 1) {
    precondition(height >= 3 && width >= 3, "features of images of \(height) x \(width)")
    self.height = height
    self.width = width
    self.channels = channels
    spectrum = RadialSpectrum(height: height, width: width, rings: 8)
  }

  /// Of grey images; in colour more follow.
  public static let names: [String] =
    ["mean", "standard deviation", "skewness", "kurtosis"] + percentiles.map { "percentile \($0)" }
    + ["histogram entropy", "histogram uniformity", "centre row", "centre column", "row spread", "column spread"]
    + ["gradient mean", "gradient deviation", "gradient percentile 95", "log Laplacian variance"]
    + (1...8).map { "log power ring \($0)" }
    + ["contrast", "dissimilarity", "homogeneity", "angular second moment", "texture entropy", "texture correlation"]

  private static let percentiles = [5, 25, 50, 75, 95]

  /// The features of many images.
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
      kind: Self.kind, names: names,
      values: Matrix(rows: rows.count, columns: names.count, values: rows.flatMap { $0 }))
  }

  /// The features of one grey image, in the order of `names`.
  ///
  /// - Parameter pixels: in [0, 1], `[height, width]`.
  public func values(of pixels: [Double]) -> [Double] {
    precondition(pixels.count == height * width, "\(pixels.count) pixels for \(height) x \(width)")
    return firstOrder(pixels) + histogram(pixels) + moments(pixels) + edges(pixels) + spectrum.logShares(of: pixels)
      + CooccurrenceTexture(pixels, height: height, width: width).values
  }

  private func firstOrder(_ pixels: [Double]) -> [Double] {
    let sorted = pixels.sorted()
    return PixelMoments(pixels).values + Self.percentiles.map { SampleMoments.percentile(Double($0) / 100, of: sorted) }
  }

  private func histogram(_ pixels: [Double]) -> [Double] {
    var counts = [Double](repeating: 0, count: 32)
    for value in pixels { counts[min(31, max(0, Int(value * 32)))] += 1 }
    let shares = counts.map { $0 / Double(pixels.count) }
    return [shares.reduce(0) { $0 - ($1 > 0 ? $1 * log2($1) : 0) }, shares.reduce(0) { $0 + $1 * $1 }]
  }

  private func moments(_ pixels: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: 5)
    for row in 0..<height {
      for column in 0..<width {
        let value = pixels[row * width + column]
        let (y, x) = ((Double(row) + 0.5) / Double(height), (Double(column) + 0.5) / Double(width))
        for (index, term) in [value, value * y, value * x, value * y * y, value * x * x].enumerated() {
          sums[index] += term
        }
      }
    }
    guard sums[0] > 0 else { return [0.5, 0.5, 0, 0] }
    let (y, x) = (sums[1] / sums[0], sums[2] / sums[0])
    return [y, x, max(0, sums[3] / sums[0] - y * y).squareRoot(), max(0, sums[4] / sums[0] - x * x).squareRoot()]
  }

  /// Gradient and Laplacian at all pixels but those of the border.
  private func edges(_ pixels: [Double]) -> [Double] {
    var gradients: [Double] = []
    var laplacians: [Double] = []
    gradients.reserveCapacity(pixels.count)
    laplacians.reserveCapacity(pixels.count)
    for row in 1..<(height - 1) {
      for column in 1..<(width - 1) {
        let place = row * width + column
        let (up, down, left, right) = (
          pixels[place - width], pixels[place + width], pixels[place - 1], pixels[place + 1]
        )
        gradients.append((((down - up) * (down - up) + (right - left) * (right - left)) / 4).squareRoot())
        laplacians.append(up + down + left + right - 4 * pixels[place])
      }
    }
    func meanAndVariance(_ values: [Double]) -> (Double, Double) {
      let mean = values.reduce(0, +) / Double(values.count)
      return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
    }
    let (mean, variance) = meanAndVariance(gradients)
    return [
      mean, variance.squareRoot(), SampleMoments.percentile(0.95, of: gradients.sorted()),
      log10(meanAndVariance(laplacians).1 + 1e-12),
    ]
  }
}
