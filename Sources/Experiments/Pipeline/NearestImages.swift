import Parallelism
import Tensors

/// Finds the training image nearest to each synthetic one.
package enum NearestImages {
  /// The index of the nearest candidate and the root mean square difference of its pixels (of all channels), for each
  /// image.
  ///
  /// - Parameters:
  ///   - images: `[image, height, width, channel]`.
  ///   - candidates: `[candidate, height, width, channel]`, at least one.
  ///   - othersOnly: for images among themselves: no image is its own neighbour; at least two.
  package static func find(
    _ images: Tensor, among candidates: Tensor, othersOnly: Bool = false
  ) -> [(index: Int, distance: Double)] {
    let length = images.shape.dropFirst().reduce(1, *)
    precondition(
      candidates.shape[0] > (othersOnly ? 1 : 0) && candidates.count == candidates.shape[0] * length,
      "images of one size")
    var result = [(index: Int, distance: Double)](repeating: (0, 0), count: images.shape[0])
    result.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let target = buffer
      concurrentForEach(images.shape[0]) { image in
        let source = images.pointer + image * length
        var best = (index: 0, square: Float.infinity)
        for candidate in 0..<candidates.shape[0] where !othersOnly || candidate != image {
          let square = squaredDistance(source, candidates.pointer + candidate * length, length)
          if square < best.square { best = (candidate, square) }
        }
        target[image] = (best.index, (Double(best.square) / Double(length)).squareRoot())
      }
    }
    return result
  }

  private static func squaredDistance(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
    var sums = SIMD16<Float>()
    var index = 0
    while index + 16 <= count {
      let difference =
        UnsafeRawPointer(a + index).loadUnaligned(as: SIMD16<Float>.self)
        - UnsafeRawPointer(b + index).loadUnaligned(as: SIMD16<Float>.self)
      sums += difference * difference
      index += 16
    }
    var total = sums.sum()
    while index < count {
      total += (a[index] - b[index]) * (a[index] - b[index])
      index += 1
    }
    return total
  }
}
