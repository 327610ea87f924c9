/// A coarse grid of values over an image, made smooth between its points by cubic interpolation (Catmull and Rom, 1974).
///
/// The first and the last point of the grid lie on the image's edges.
package struct ControlGrid: Sendable {
  package let height: Int
  package let width: Int
  package let rows: Int
  package let columns: Int
  private let down: Taps
  private let across: Taps

  /// For each pixel along an axis the four points that it is made of, and their weights.
  private struct Taps: Sendable {
    var points: [Int32] = []
    var weights: [Float] = []

    init(pixels: Int, points count: Int) {
      for pixel in 0..<pixels {
        let place = Float(pixel) * Float(count - 1) / Float(max(pixels - 1, 1))
        let base = min(Int(place), max(count - 2, 0))
        let t = place - Float(base)
        weights += [
          0.5 * (-t + 2 * t * t - t * t * t), 0.5 * (2 - 5 * t * t + 3 * t * t * t),
          0.5 * (t + 4 * t * t - 3 * t * t * t), 0.5 * (-t * t + t * t * t),
        ]
        points += (-1...2).map { Int32(min(max(base + $0, 0), count - 1)) }
      }
    }
  }

  /// - Parameters:
  ///   - height: of the image, in pixels.
  ///   - width: of the image, in pixels.
  ///   - rows: of the grid, at least 2.
  ///   - columns: of the grid, at least 2.
  package init(height: Int, width: Int, rows: Int, columns: Int) {
    precondition(rows > 1 && columns > 1, "a grid of \(rows) x \(columns)")
    (self.height, self.width, self.rows, self.columns) = (height, width, rows, columns)
    down = Taps(pixels: height, points: rows)
    across = Taps(pixels: width, points: columns)
  }

  package var count: Int { rows * columns }
  package var pixels: Int { height * width }

  /// The value at every pixel.
  package func spread(_ coarse: UnsafePointer<Float>, to fine: UnsafeMutablePointer<Float>) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: rows * width) { wide in
      for row in 0..<rows {
        for pixel in 0..<width {
          var sum: Float = 0
          for tap in 4 * pixel..<4 * pixel + 4 {
            sum += across.weights[tap] * coarse[row * columns + Int(across.points[tap])]
          }
          wide[row * width + pixel] = sum
        }
      }
      for line in 0..<height {
        let target = fine + line * width
        for pixel in 0..<width { target[pixel] = 0 }
        for tap in 4 * line..<4 * line + 4 {
          let (weight, source) = (down.weights[tap], wide.baseAddress! + Int(down.points[tap]) * width)
          for pixel in 0..<width { target[pixel] += weight * source[pixel] }
        }
      }
    }
  }

  /// The adjoint of `spread`: what each point of the grid had to do with the pixels.
  package func gather(_ fine: UnsafePointer<Float>, to coarse: UnsafeMutablePointer<Float>) {
    for index in 0..<count { coarse[index] = 0 }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: rows * width) { wide in
      for index in wide.indices { wide[index] = 0 }
      for line in 0..<height {
        let source = fine + line * width
        for tap in 4 * line..<4 * line + 4 {
          let (weight, target) = (down.weights[tap], wide.baseAddress! + Int(down.points[tap]) * width)
          for pixel in 0..<width { target[pixel] += weight * source[pixel] }
        }
      }
      for row in 0..<rows {
        for pixel in 0..<width {
          for tap in 4 * pixel..<4 * pixel + 4 {
            coarse[row * columns + Int(across.points[tap])] += across.weights[tap] * wide[row * width + pixel]
          }
        }
      }
    }
  }
}
