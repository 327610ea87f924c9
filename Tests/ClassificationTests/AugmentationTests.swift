import Classification
import Networks
import Randomness
import Tensors
import Testing

@Suite struct AugmentationTests {
  /// A bright square off the centre of a dark image.
  private static func square(_ count: Int = 1) -> Tensor {
    Tensor([count, 16, 20, 1]) { target in
      for index in target.indices {
        let (row, column) = (index / 20 % 16, index % 20)
        target[index] = (3..<7).contains(row) && (4..<9).contains(column) ? 0.8 : 0
      }
    }
  }

  private static func stream(_ index: Int = 0) -> RandomStream { RandomStream(seed: 5, purpose: "test", index: index) }

  @Test func withoutChangesNothingChanges() {
    let images = Self.square(3)
    #expect(ClassicalAugmentation.identity.apply(to: images, stream: Self.stream()).values == images.values)
  }

  /// Each figure alone does what it says, and no more than it says.
  @Test func eachFigureAlone() {
    let image = Self.square()
    func results(_ change: (inout ClassicalAugmentation) -> Void) -> [[Float]] {
      var augmentation = ClassicalAugmentation.identity
      change(&augmentation)
      return (0..<40).map { augmentation.apply(to: image, stream: Self.stream($0)).values }
    }
    func moment(_ values: [Float], _ weight: (Int, Int) -> Float) -> Float {
      values.enumerated().reduce(0) { $0 + $1.1 * weight($1.0 / 20, $1.0 % 20) } / values.reduce(0, +)
    }
    func centre(_ values: [Float]) -> (row: Float, column: Float) {
      (moment(values) { row, _ in Float(row) }, moment(values) { _, column in Float(column) })
    }
    let start = centre(image.values)
    #expect(abs(start.row - 4.5) < 1e-4 && abs(start.column - 6) < 1e-4)
    let total = image.values.reduce(0, +)

    let shifted = results { $0.shift = 0.1 }.map(centre)
    #expect(shifted.allSatisfy { abs($0.row - 4.5) < 1.61 && abs($0.column - 6) < 2.01 })
    #expect(shifted.contains { $0.row < 3.5 } && shifted.contains { $0.row > 5.5 })
    #expect(shifted.contains { $0.column < 4.8 } && shifted.contains { $0.column > 7.2 })

    // About the centre (7.5, 9.5): the distance to it stays, the direction turns by 20 degrees at most.
    let turned = results { $0.rotation = 20 }.map(centre)
    for place in turned {
      let (down, right) = (place.row - 7.5, place.column - 9.5)
      #expect(abs((down * down + right * right).squareRoot() - (3 * 3 + 3.5 * 3.5 as Float).squareRoot()) < 0.15)
    }
    #expect(turned.contains { $0.row < 3.9 } && turned.contains { $0.row > 5.1 })

    let scaled = results { $0.scale = 0.2 }.map { $0.reduce(0, +) / total }
    #expect(scaled.allSatisfy { (0.6...1.5).contains($0) } && scaled.min()! < 0.8 && scaled.max()! > 1.25)
    let dimmed = results { $0.intensity = 0.1 }.map { $0.reduce(0, +) / total }
    #expect(dimmed.allSatisfy { (0.899...1.101).contains($0) } && dimmed.min()! < 0.94 && dimmed.max()! > 1.06)

    let noisy = results { $0.noise = 0.05 }
    #expect(noisy.allSatisfy { $0.allSatisfy { (0...1).contains($0) } } && Set(noisy.map { $0[90] }).count > 10)

    let flipped = results { $0.flips = true }.map { centre($0).column }
    #expect(Set(flipped.map { ($0 * 1000).rounded() }) == [6000, 13000])
    #expect(results { _ in }.allSatisfy { $0 == image.values })
  }

  /// An image's changes follow from its place in the epoch, not from the batch that it is in.
  @Test func batchesDoNotMatter() {
    let augmentation = ClassicalAugmentation(flips: true)
    let whole = augmentation.apply(to: Self.square(5), stream: Self.stream())
    let rest = augmentation.apply(to: Self.square(3), stream: Self.stream(), from: 2)
    #expect(Array(whole.values[(2 * 320)...]) == rest.values)
    #expect(whole.rows([0]).values != whole.rows([1]).values)
  }

  /// Shares of Beta(0.2, 0.2): mean 1/2 and variance 1 / (4 (2 alpha + 1)).
  @Test func mixupMixesImagesAndClassesAlike() {
    let count = 4000
    let images = Tensor([count, 1, 1, 1], values: (0..<count).map { Float($0 % 2) })
    let targets = Tensor([count, 2], values: (0..<count).flatMap { $0 % 2 == 0 ? [1, 0] as [Float] : [0, 1] })
    let (mixed, classes) = Mixup().apply(to: images, targets: targets, stream: Self.stream())
    var shares: [Double] = []
    for row in 0..<count {
      // The image is 0 for class 0 and 1 for class 1, so that the pixel is the share of class 1.
      #expect(abs(mixed.buffer[row] - classes.buffer[2 * row + 1]) < 1e-6)
      #expect(abs(classes.buffer[2 * row] + classes.buffer[2 * row + 1] - 1) < 1e-6)
      if mixed.buffer[row] != Float(row % 2) {
        shares.append(Double(row % 2 == 1 ? mixed.buffer[row] : 1 - mixed.buffer[row]))
      }
    }
    #expect((1700...2300).contains(shares.count))
    let mean = shares.reduce(0, +) / Double(shares.count)
    let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(shares.count)
    #expect(abs(mean - 0.5) < 0.04 && abs(variance - 1 / 5.6) < 0.01, "\(mean), \(variance)")
  }

  /// -(0.25 log 0.5 + 0.75 log 0.5) for even scores, and weights like PyTorch's: the weighted mean over the batch.
  @Test func softTargets() throws {
    let even = Variable(Tensor([1, 2], values: [1, 1]))
    #expect(abs(even.crossEntropy(targets: Tensor([1, 2], values: [0.25, 0.75])).value.item - 0.693147) < 1e-5)
    let scores = Variable.parameter(Tensor([2, 2], values: [2, 0, 0.5, 1]))
    let hard = scores.crossEntropy(labels: [0, 1]).value.item
    #expect(scores.crossEntropy(targets: Tensor([2, 2], values: [1, 0, 0, 1])).value.item == hard)
    // torch.nn.functional.cross_entropy(scores, [0, 1], weight=[3, 1])
    let weighted = scores.crossEntropy(targets: Tensor([2, 2], values: [3, 0, 0, 1]))
    #expect(abs(weighted.value.item - 0.213715) < 1e-5)
    let gradient = try gradients(of: weighted, by: [scores])[0]
    // Rows of weight times (softmax - target), over the sum of the weights.
    let expected: [Float] = [-0.0894022, 0.0894022, 0.0943852, -0.0943852]
    #expect(zip(gradient.value.values, expected).allSatisfy { abs($0 - $1) < 1e-5 })
  }
}
