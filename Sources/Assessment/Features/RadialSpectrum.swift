import Foundation
import Geometry

/// How the power of an image is spread over radial spatial frequency, by discrete Fourier transforms that are matrix
/// products, so that any size will do.
struct RadialSpectrum: Sendable {
  private let height: Int
  private let width: Int
  private let rings: Int
  /// `[width, half]`, half = width / 2 + 1: the rest of the plane mirrors it.
  private let columnCosines: Matrix
  private let columnSines: Matrix
  /// `[height, height]`.
  private let rowCosines: Matrix
  private let rowSines: Matrix

  init(height: Int, width: Int, rings: Int) {
    (self.height, self.width, self.rings) = (height, width, rings)
    func table(_ rows: Int, _ columns: Int, _ function: (Double) -> Double) -> Matrix {
      Matrix(
        (0..<rows).map { row in
          (0..<columns).map { function(2 * Double.pi * Double(row * $0 % rows) / Double(rows)) }
        })
    }
    columnCosines = table(width, width / 2 + 1, cos)
    columnSines = table(width, width / 2 + 1, sin)
    rowCosines = table(height, height, cos)
    rowSines = table(height, height, sin)
  }

  /// log10 of (share of the power in each ring + 1e-12); the zero frequency does not count.
  func logShares(of pixels: [Double]) -> [Double] {
    let mean = pixels.reduce(0, +) / Double(pixels.count)
    let image = Matrix(rows: height, columns: width, values: pixels.map { $0 - mean })
    // exp(-i a) = cos a - i sin a, first along rows, then along columns.
    let real = image.multiplied(by: columnCosines)
    let imaginary = image.multiplied(by: columnSines)
    let cosReal = rowCosines.multiplied(by: real)
    let sinReal = rowSines.multiplied(by: real)
    let cosImaginary = rowCosines.multiplied(by: imaginary)
    let sinImaginary = rowSines.multiplied(by: imaginary)
    var power = [Double](repeating: 0, count: rings)
    for row in 0..<height {
      let vertical = Double(min(row, height - row)) / Double(height)
      for column in 0...(width / 2) where row + column > 0 {
        let a = cosReal[row, column] - sinImaginary[row, column]
        let b = sinReal[row, column] + cosImaginary[row, column]
        let horizontal = Double(column) / Double(width)
        let ring = min(rings - 1, Int((vertical * vertical + horizontal * horizontal).squareRoot() * 2 * Double(rings)))
        // Columns that have a mirror image count twice.
        power[ring] += (a * a + b * b) * (column == 0 || 2 * column == width ? 1 : 2)
      }
    }
    let total = power.reduce(0, +)
    return power.map { log10((total > 0 ? $0 / total : 0) + 1e-12) }
  }
}
