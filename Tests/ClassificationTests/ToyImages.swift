import Classification
import Foundation
import Randomness
import Tensors

/// Images of 32 x 32 pixels that are easy to tell apart: stripes (class 0) and blobs (class 1) in noise.
enum ToyImages {
  static func set(_ count: Int, seed: UInt64, swappingLabels: Bool = false) -> LabelledImages {
    var random = RandomStream(seed: seed, purpose: "toy")
    let kinds = (0..<count).map { $0 % 2 }
    let images = Tensor([count, 32, 32, 1]) { target in
      for image in 0..<count {
        let phase = random.uniform(0, 6.3)
        let (row, column) = (random.uniform(10, 22), random.uniform(10, 22))
        for pixel in 0..<1024 {
          let (y, x) = (Double(pixel / 32), Double(pixel % 32))
          let shape =
            kinds[image] == 0
            ? 0.5 + 0.3 * sin(y + phase) : 0.3 + 0.5 * exp(-((y - row) * (y - row) + (x - column) * (x - column)) / 30)
          target[image * 1024 + pixel] = Float(min(1, max(0, shape + 0.1 * random.normal())))
        }
      }
    }
    return LabelledImages(images: images, labels: swappingLabels ? kinds.map { 1 - $0 } : kinds)
  }
}
