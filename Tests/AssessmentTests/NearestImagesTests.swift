import Assessment
import Tensors
import Testing

@Suite struct NearestImagesTests {
  /// Pixels that differ between images, from a formula; 5 x 7 is no multiple of a vector's width.
  private static func images(_ count: Int, phase: Int) -> Tensor {
    Tensor([count, 5, 7, 1]) { target in
      for index in target.indices { target[index] = Float((index * index + 31 * phase) % 97) / 97 }
    }
  }

  @Test func aPlantedCopyIsFound() {
    let candidates = Self.images(40, phase: 1)
    let images = Tensor.concatenated([
      Self.images(2, phase: 5), candidates.rows([17]), candidates.rows([0]), candidates.rows([39]),
    ])
    let nearest = NearestImages.find(images, among: candidates)
    #expect(nearest.count == 5)
    #expect(nearest[2...].map { $0.index } == [17, 0, 39])
    #expect(nearest[2...].map { $0.distance } == [0, 0, 0])
    #expect(nearest[..<2].allSatisfy { $0.distance > 0.01 })
  }

  /// One pixel of 35 is off by 0.7, so that the root mean square is 0.7 / sqrt(35).
  @Test func theDistanceIsTheRootMeanSquare() {
    for pixel in [0, 15, 16, 31, 32, 34] {
      let candidates = Tensor.zeros([1, 5, 7, 1])
      let image = candidates.copy()
      image.mutate { $0[pixel] = 0.7 }
      let nearest = NearestImages.find(image, among: candidates)
      #expect(nearest[0].index == 0)
      #expect(abs(nearest[0].distance - 0.7 / 35.0.squareRoot()) < 1e-7)
    }
  }

  /// One value of 3 x 35 is off by 0.7, in the last channel of the last pixel.
  @Test func everyChannelCounts() {
    let candidates = Tensor.zeros([1, 5, 7, 3])
    let image = candidates.copy()
    image.mutate { $0[104] = 0.7 }
    #expect(abs(NearestImages.find(image, among: candidates)[0].distance - 0.7 / 105.0.squareRoot()) < 1e-7)
  }

  @Test func itMeetsLoops() {
    let (images, candidates) = (Self.images(9, phase: 3), Self.images(23, phase: 8))
    let (x, y) = (images.values, candidates.values)
    for (image, found) in NearestImages.find(images, among: candidates).enumerated() {
      let squares = (0..<23).map { candidate in
        (0..<35).reduce(0.0) { sum, pixel in
          let difference = Double(x[image * 35 + pixel] - y[candidate * 35 + pixel])
          return sum + difference * difference
        }
      }
      #expect(abs(found.distance - (squares.min()! / 35).squareRoot()) < 1e-6)
      #expect(squares[found.index] < squares.min()! + 1e-5)
    }
  }

  /// More images and candidates than are looked at together. Image i is the number i / 1000, so that the nearest of the
  /// others is the one before or after; of equals, the first.
  @Test func manyImagesGoInPieces() {
    let images = Tensor([600, 1, 2, 1], values: (0..<600).flatMap { [Float($0) / 1024, Float($0) / 1024] })
    let rows = TensorRows(images)
    let others = NearestImages.find(rows, among: rows, othersOnly: true)
    #expect(others.map(\.index) == [1] + (0..<599))
    #expect(others.allSatisfy { $0.distance == 1.0 / 1024 })
    #expect(NearestImages.find(rows, among: rows).map(\.index) == Array(0..<600))
    let backwards = rows.selecting((0..<600).reversed())
    #expect(NearestImages.find(rows, among: backwards).map(\.index) == (0..<600).reversed())
  }
}
