/// Mean, standard deviation, skewness and excess kurtosis of grey values; the last two are 0 when all are equal.
struct PixelMoments {
  let mean: Double
  /// In the order above.
  let values: [Double]

  /// - Parameter pixels: at least one.
  init(_ pixels: [Double]) {
    let count = Double(pixels.count)
    let mean = pixels.reduce(0, +) / count
    var (second, third, fourth) = (0.0, 0.0, 0.0)
    for value in pixels {
      let square = (value - mean) * (value - mean)
      second += square / count
      third += square * (value - mean) / count
      fourth += square * square / count
    }
    let deviation = second.squareRoot()
    let isFlat = second < 1e-24
    self.mean = mean
    values = [
      mean, deviation, isFlat ? 0 : third / (second * deviation), isFlat ? 0 : fourth / (second * second) - 3,
    ]
  }
}
