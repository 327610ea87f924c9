import Foundation
import Randomness
import Tensors

/// Images of 16 x 16 pixels with one bright disc at a random place: two degrees of freedom.
enum ToyDiscs {
  static func images(_ count: Int, seed: UInt64, inverted: Bool = false) -> Tensor {
    var random = RandomStream(seed: seed, purpose: "discs")
    return Tensor([count, 16, 16, 1]) { target in
      for image in 0..<count {
        let (row, column) = (random.uniform(4, 11), random.uniform(4, 11))
        for pixel in 0..<256 {
          let (y, x) = (Double(pixel / 16), Double(pixel % 16))
          let value = exp(-((y - row) * (y - row) + (x - column) * (x - column)) / 8)
          target[image * 256 + pixel] = Float(inverted ? 1 - value : value)
        }
      }
    }
  }
}
