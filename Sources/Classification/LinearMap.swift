import Foundation
import Networks
import Tensors

/// A linear classifier as its file has it: the softmax of `weight` x + `bias` over the pixels.
package struct LinearMap: Sendable {
  /// `[class][pixel]`, in the order of an image `[height, width, channel]`.
  private let weights: [[Double]]
  private let biases: [Double]
  package let entries: [(name: String, entry: SafeTensors.Entry)]

  /// Images that are brought to double precision at a time.
  private static let batch = 256

  /// - Parameters:
  ///   - entries: `weight` `[class, pixel]`, `bias` `[class]`, and what float32 leaves of them in `weight.rest` and `bias.rest`.
  ///   - path: named in errors.
  /// - Throws: `NetworkError.weights` if one is missing or has another shape.
  package init(_ entries: [String: SafeTensors.Entry], classes: Int, pixels: Int, path: String) throws {
    func values(_ name: String, _ shape: [Int]) throws -> [Double] {
      let (own, rest) = (Tensor(shape, values: Array(repeating: 0, count: shape.reduce(1, *))), name + ".rest")
      let further = own.copy()
      try SafeTensors.fill(own, named: name, from: entries, path: path)
      try SafeTensors.fill(further, named: rest, from: entries, path: path)
      return zip(own.values, further.values).map { Double($0) + Double($1) }
    }
    let all = try values("weight", [classes, pixels])
    weights = (0..<classes).map { Array(all[($0 * pixels)..<(($0 + 1) * pixels)]) }
    biases = try values("bias", [classes])
    self.entries = entries.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The probability of each class for each image: `[image, class]`.
  ///
  /// - Parameter images: `[height, width, channel]` each.
  package func probabilities(_ images: TensorRows) -> Tensor {
    let pixels = weights[0].count
    precondition(images.rowShape.reduce(1, *) == pixels, "images of \(images.rowShape), weights of \(pixels) pixels")
    var found: [Float] = []
    for start in stride(from: 0, to: images.count, by: Self.batch) {
      let rows = Array(start..<min(images.count, start + Self.batch))
      let tensor = images.rows(rows)
      for row in rows.indices {
        let scores = zip(weights, biases).map { weights, bias in
          var sum = bias
          for pixel in 0..<pixels { sum += weights[pixel] * Double(tensor.buffer[row * pixels + pixel]) }
          return sum
        }
        let largest = scores.max() ?? 0
        let total = scores.reduce(0) { $0 + exp($1 - largest) }
        found += scores.map { Float(exp($0 - largest) / total) }
      }
    }
    return Tensor([images.count, weights.count], values: found)
  }
}
