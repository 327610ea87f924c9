import Classification
import Randomness
import Tensors
import Testing

@Suite struct ElasticAugmentationTests {
  private static let (height, width) = (60, 48)

  private static func stream() -> RandomStream { RandomStream(seed: 8, purpose: "test") }

  /// Images that grow by a constant from one pixel to the next, across or down: the sampled value says where it comes from.
  private static func ramps(_ count: Int, across: Bool) -> Tensor {
    Tensor([count, height, width, 1]) { target in
      for index in target.indices {
        target[index] = Float(across ? index % width : index / width % height) / Float(height)
      }
    }
  }

  /// How far each pixel of an image comes from, in pixels, along one axis, away from the edges.
  private static func displacements(_ ramps: Tensor, _ changed: Tensor, image: Int) -> [[Float]] {
    (10..<height - 10).map { line in
      (10..<width - 10).map { column in
        let index = (image * height + line) * width + column
        return (changed.buffer[index] - ramps.buffer[index]) * Float(height)
      }
    }
  }

  /// Displacements have the size that was asked for, mean zero, and change slowly from one pixel to the next.
  @Test(arguments: [true, false]) func displacementsAreOfTheirSizeAndSmooth(across: Bool) {
    let images = Self.ramps(60, across: across)
    let changed = ElasticAugmentation().apply(to: images, stream: Self.stream())
    var (sum, squares, steps, count) = (Float(0), Float(0), Float(0), Float(0))
    for image in 0..<60 {
      for line in Self.displacements(images, changed, image: image) {
        for (value, next) in zip(line, line.dropFirst()) {
          (sum, squares, steps, count) = (
            sum + value, squares + value * value, steps + (next - value) * (next - value), count + 1
          )
        }
      }
    }
    // 2 % of 60 pixels are 1.2 at the grid's points, 5 pixels apart. Between them the weights' squares sum to less than 1 (to 0.64
    // half-way along one axis), which leaves about 0.8 of it.
    let deviation = (squares / count).squareRoot()
    #expect(abs(sum / count) < 0.05, "\(sum / count)")
    #expect((0.8...1.15).contains(deviation), "\(deviation)")
    let step = (steps / count).squareRoot()
    #expect(step < 0.4 * deviation && step > 0.05 * deviation, "\(step)")
  }

  @Test func aDeviationOfNothingChangesNothing() {
    var still = ElasticAugmentation()
    still.deviation = 0
    let images = Self.ramps(2, across: true)
    let changed = still.apply(to: images, stream: Self.stream())
    #expect(zip(changed.values, images.values).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  /// An image's changes follow from its place in the epoch, not from the batch that it is in; and values stay within [0, 1].
  @Test func batchesDoNotMatter() {
    let whole = ElasticAugmentation().apply(to: Self.ramps(5, across: true), stream: Self.stream())
    let rest = ElasticAugmentation().apply(to: Self.ramps(3, across: true), stream: Self.stream(), from: 2)
    let size = Self.height * Self.width
    let (tail, others) = (Array(whole.values[(2 * size)...]), rest.values)
    #expect(zip(tail, others).allSatisfy { $0 == $1 })
    #expect(zip(whole.rows([0]).values, whole.rows([1]).values).contains { $0 != $1 })
    #expect(whole.values.allSatisfy { (0...1).contains($0) })
  }

  /// The smallest images that Manikin takes: the grid keeps three points along each axis.
  @Test func smallImages() {
    let images = Tensor([1, 2, 3, 1], values: [0, 0.2, 0.4, 0.6, 0.8, 1])
    let changed = ElasticAugmentation().apply(to: images, stream: Self.stream())
    #expect(changed.values.allSatisfy { (0...1).contains($0) } && changed.values != images.values)
  }
}
