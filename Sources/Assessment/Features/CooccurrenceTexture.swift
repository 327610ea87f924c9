import Foundation

/// Texture from how often two grey levels stand side by side; see `ImageFeatures`.
struct CooccurrenceTexture {
  private static let levels = 16
  /// Contrast, dissimilarity, homogeneity, angular second moment, entropy in bits, correlation.
  let values: [Double]

  /// - Parameter pixels: in [0, 1], `[height, width]`.
  init(_ pixels: [Double], height: Int, width: Int) {
    let levels = Self.levels
    let grey = pixels.map { min(levels - 1, max(0, Int($0 * Double(levels)))) }
    var counts = [Double](repeating: 0, count: levels * levels)
    for (down, right) in [(0, 1), (1, 1), (1, 0), (1, -1)] {
      for row in 0..<(height - down) {
        for column in max(0, -right)..<(width - max(0, right)) {
          let first = grey[row * width + column]
          let second = grey[(row + down) * width + column + right]
          counts[first * levels + second] += 1
          counts[second * levels + first] += 1
        }
      }
    }
    let total = counts.reduce(0, +)
    var (contrast, dissimilarity, homogeneity, moment, entropy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    var (mean, square, product) = (0.0, 0.0, 0.0)
    for i in 0..<levels {
      for j in 0..<levels {
        let share = counts[i * levels + j] / total
        guard share > 0 else { continue }
        let difference = Double(i - j)
        contrast += share * difference * difference
        dissimilarity += share * abs(difference)
        homogeneity += share / (1 + difference * difference)
        moment += share * share
        entropy -= share * log2(share)
        mean += share * Double(i)
        square += share * Double(i * i)
        product += share * Double(i * j)
      }
    }
    let variance = square - mean * mean
    let correlation = variance > 1e-12 ? (product - mean * mean) / variance : 1
    values = [contrast, dissimilarity, homogeneity, moment, entropy, correlation]
  }
}
