import Parallelism
import Tensors

/// Finds the training image nearest to each synthetic one.
package enum NearestImages {
  /// The index of the nearest candidate and the root mean square difference of its pixels (of all channels), for each
  /// image.
  ///
  /// - Parameters:
  ///   - images: `[height, width, channel]` each.
  ///   - candidates: as these, at least one. A piece of each is in memory at a time.
  ///   - othersOnly: for images among themselves: no image is its own neighbour; at least two.
  package static func find(
    _ images: TensorRows, among candidates: TensorRows, othersOnly: Bool = false
  ) -> [(index: Int, distance: Double)] {
    let length = images.rowShape.reduce(1, *)
    precondition(
      candidates.count > (othersOnly ? 1 : 0) && candidates.rowShape.reduce(1, *) == length, "images of one size")
    var best = [(index: Int, square: Float)](repeating: (0, .infinity), count: images.count)
    best.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let best = buffer
      images.forPieces(of: imagesAtOnce) { own, piece in
        candidates.forPieces(of: candidatesAtOnce) { others, candidates in
          concurrentForEach(own.count) { offset in
            let image = own.lowerBound + offset
            let source = piece.pointer + offset * length
            for (place, candidate) in others.enumerated() where !othersOnly || candidate != image {
              let square = squaredDistance(source, candidates.pointer + place * length, length)
              if square < best[image].square { best[image] = (candidate, square) }
            }
          }
        }
      }
    }
    return best.map { ($0.index, (Double($0.square) / Double(length)).squareRoot()) }
  }

  private static let imagesAtOnce = 256
  private static let candidatesAtOnce = 64

  /// The same for images in memory, `[image, height, width, channel]`.
  package static func find(_ images: Tensor, among candidates: Tensor) -> [(index: Int, distance: Double)] {
    find(TensorRows(images), among: TensorRows(candidates))
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
