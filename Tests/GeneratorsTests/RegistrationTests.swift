import Foundation
import Generators
import Randomness
import Tensors
import Testing

/// The registration behind the method `deformation`, against known answers.
@Suite struct RegistrationTests {
  private static let (height, width) = (40, 36)

  /// A bright ring and a disc beside it; `radius` is the disc's.
  private func picture(radius: Float, shift: Float = 0) -> [Float] {
    var result: [Float] = []
    for line in 0..<Self.height {
      for column in 0..<Self.width {
        let (x, y) = (Float(column) - 17.5 - shift, Float(line) - 19.5)
        let (ring, disc) = (abs((x * x + y * y).squareRoot() - 13), ((x - 2) * (x - 2) + y * y).squareRoot())
        result.append(0.1 + 0.7 / (1 + exp(2 * (ring - 2))) + 0.5 / (1 + exp(2 * (disc - radius))))
      }
    }
    return result
  }

  private func random(_ count: Int, _ purpose: String, scale: Float) -> [Float] {
    var stream = RandomStream(seed: 4, purpose: purpose)
    return (0..<count).map { _ in scale * Float(stream.normal()) }
  }

  private func meanSquare(_ one: [Float], _ other: [Float]) -> Float {
    zip(one, other).map { ($0 - $1) * ($0 - $1) }.reduce(0, +) / Float(one.count)
  }

  /// The loss's gradient meets central differences, through scaling and squaring and the edges of the image. `distortion` makes it
  /// wrong in one value, which the same comparison finds.
  @Test(arguments: [Float(0), 0.05]) func gradientMeetsCentralDifferences(distortion: Float) {
    let registration = Registration(height: Self.height, width: Self.width)
    let template = registration.blurred(picture(radius: 4))
    let image = registration.blurred(picture(radius: 6, shift: 1))
    let velocity = random(registration.velocityCount, "velocity", scale: 1.5)
    let light = random(registration.brightness.count, "light", scale: 0.1)
    var found = registration.loss(template: template, image: image, velocity: velocity, logBrightness: light)
    let size = (found.velocity.map { $0 * $0 }.reduce(0, +) / Float(found.velocity.count)).squareRoot()
    found.velocity[21] += distortion * 30 * size
    var worst: Float = 0
    func compare(_ gradient: Float, _ loss: (Float) -> Double) {
      let step: Float = 0.02
      let difference = Float((loss(step) - loss(-step)) / Double(2 * step))
      worst = max(worst, abs(gradient - difference) / size)
    }
    for index in stride(from: 0, to: velocity.count, by: 7) {
      compare(found.velocity[index]) { step in
        var moved = velocity
        moved[index] += step
        return registration.loss(template: template, image: image, velocity: moved, logBrightness: light).loss
      }
    }
    // Bilinear interpolation has corners, which a difference of finite width steps over.
    #expect((worst < 0.25) == (distortion == 0), "\(worst)")
    let brightSize = (found.logBrightness.map { $0 * $0 }.reduce(0, +) / Float(light.count)).squareRoot()
    for index in light.indices {
      func loss(_ step: Float) -> Double {
        var moved = light
        moved[index] += step
        return registration.loss(template: template, image: image, velocity: velocity, logBrightness: moved).loss
      }
      let difference = Float((loss(0.01) - loss(-0.01)) / 0.02)
      #expect(abs(found.logBrightness[index] - difference) < 0.02 * brightSize)
    }
  }

  /// exp(v) after exp(-v) moves nothing, and exp keeps order: no pixel overtakes its neighbour.
  @Test func exponentialsAreInverses() {
    let registration = Registration(height: Self.height, width: Self.width)
    let velocity = random(registration.velocityCount, "velocity", scale: 1)
    let (forth, back) = (registration.exponential(velocity), registration.exponential(velocity.map { -$0 }))
    var both = forth
    registration.warp.compose(back, after: forth, to: &both)
    let moved = (forth.map { $0 * $0 }.reduce(0, +) / Float(forth.count)).squareRoot()
    let pixels = registration.grid.pixels
    var left: Float = 0
    for line in 6..<Self.height - 6 {
      for column in 6..<Self.width - 6 {
        for plane in 0..<2 { left = max(left, abs(both[plane * pixels + line * Self.width + column])) }
        let pixel = line * Self.width + column
        #expect(1 + forth[pixel + 1] - forth[pixel] > 0)
      }
    }
    #expect(moved > 0.5 && left < 0.25, "\(moved), \(left)")
  }

  @Test func aKnownChangeOfShapeIsFound() {
    let registration = Registration(height: Self.height, width: Self.width)
    let (template, image) = (picture(radius: 4), picture(radius: 6, shift: 1.5))
    let velocity = registration.velocity(from: template, to: image, steps: 100)
    let still = [Float](repeating: 0, count: velocity.count)
    let reached = registration.reshaped(template, from: still, to: velocity.map { $0 })
    let before = meanSquare(template.map { min(1, $0) }, image.map { min(1, $0) })
    let after = meanSquare(reached, image.map { min(1, $0) })
    #expect(after < 0.1 * before, "\(before) to \(after)")
    // A shape that does not change leaves the image as it is, but for twice the interpolation.
    let kept = registration.reshaped(image, from: velocity, to: velocity)
    #expect(meanSquare(kept, image.map { min(1, $0) }) < 0.05 * before)
  }

  @Test func drawsUseEveryImageAndRepeat() {
    func discs(_ count: Int, base: Float) -> Tensor {
      Tensor([count, Self.height, Self.width, 1]) { target in
        for index in 0..<count {
          let image = picture(radius: base + 0.4 * Float(index))
          for pixel in image.indices { target[index * image.count + pixel] = min(1, image[pixel]) }
        }
      }
    }
    let sets = [discs(3, base: 3), discs(5, base: 4)]
    let calls = Counter()
    let shapes = ShapeSpace(sets.map { TensorRows($0) }, steps: 30) { calls.add() }
    #expect(calls.count == ShapeSpace.registrations([3, 5]) && calls.count == 18)
    let stream = RandomStream(seed: 1, purpose: "draw")
    let draw = shapes.draw(class: 0, count: 7, stream: stream)
    #expect(draw.images.shape == [7, Self.height, Self.width, 1])
    #expect(draw.images.values.allSatisfy { (0...1).contains($0) })
    #expect((0..<3).allSatisfy { image in (2...3).contains(draw.sources.count { $0 == image }) })
    #expect(shapes.draw(class: 0, count: 7, stream: stream).images.values == draw.images.values)
    // None is its source itself, and none is far from it.
    let pixels = Self.height * Self.width
    for (index, source) in draw.sources.enumerated() {
      let made = Array(draw.images.buffer[index * pixels..<(index + 1) * pixels])
      let from = Array(sets[0].buffer[source * pixels..<(source + 1) * pixels])
      #expect((1e-7..<0.05).contains(meanSquare(made, from)), "\(meanSquare(made, from))")
    }
  }

  /// Rows that count how many of them were copied at once at most.
  private struct Lent: RowSource {
    let tensor: Tensor
    let copied = Counter()
    var rowCount: Int { tensor.shape[0] }
    var rowShape: [Int] { Array(tensor.shape.dropFirst()) }
    var canExpect: Bool { false }
    func copyRow(_ row: Int, to target: UnsafeMutablePointer<Float>) {
      copied.add()
      let length = rowShape.reduce(1, *)
      target.update(from: Array(tensor.buffer[row * length..<(row + 1) * length]), count: length)
    }
    func expect(_ rows: [Int]) {}
  }

  /// Images that lie elsewhere give the bytes of images in memory, in more than one piece, and are taken one by one.
  @Test func shapesOfImagesElsewhereAreTheSame() {
    var random = RandomStream(seed: 3, purpose: "images")
    let many = Tensor([300, 8, 8, 1], values: (0..<300 * 64).map { _ in Float(random.uniform()) })
    let few = Tensor([5, 8, 8, 1], values: (0..<5 * 64).map { _ in Float(random.uniform()) })
    let lent = [Lent(tensor: few), Lent(tensor: many)]
    let stream = RandomStream(seed: 1, purpose: "draw")
    let here = ShapeSpace([TensorRows(few), TensorRows(many)], steps: 2).draw(class: 0, count: 270, stream: stream)
    let there = ShapeSpace(lent.map { TensorRows($0) }, steps: 2).draw(class: 0, count: 270, stream: stream)
    #expect(here.images.values == there.images.values && here.sources == there.sources)
    // The mean, two rounds of registration and reshaping, and the last registration.
    #expect(lent[1].copied.count == 6 * 300 && lent[0].copied.count == 5 + 270)
    let other = ShapeSpace([TensorRows(few), TensorRows(many.rows(Array(0..<299)))], steps: 2)
    #expect(other.draw(class: 0, count: 270, stream: stream).images.values != here.images.values)
  }

  private final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var value = 0
    var count: Int { lock.withLock { value } }
    func add() { lock.withLock { value += 1 } }
  }
}
