import Generators
import Randomness
import Tensors
import Testing

/// Residuals and shapes of images of three channels.
@Suite struct ColourTests {
  private static func white(_ shape: [Int], deviation: Float, seed: UInt64) -> Tensor {
    var random = RandomStream(seed: seed, purpose: "white")
    return Tensor(shape) { target in
      for index in target.indices { target[index] = deviation * Float(random.normal()) }
    }
  }

  private static func repeated(_ grey: Tensor) -> Tensor {
    Tensor(Array(grey.shape.dropLast()) + [3]) { target in
      for index in target.indices { target[index] = grey.buffer[index / 3] }
    }
  }

  /// Independent noise has one power along every axis; noise that all channels share is along the grey axis alone, three
  /// times as strong.
  @Test func powerIsOfItsAxis() {
    let tolerance = 4 * (2.0 / 400).squareRoot()
    let noise = Self.white([400, 20, 16, 3], deviation: 0.1, seed: 1)
    let independent = ResidualSpectrum(of: noise, less: .zeros(noise.shape)).power
    #expect(independent.count == 36)
    for power in independent { #expect(abs(power / 0.01 - 1) < tolerance) }
    let grey = Self.repeated(Self.white([400, 20, 16, 1], deviation: 0.1, seed: 2))
    let shared = ResidualSpectrum(of: grey, less: .zeros(grey.shape)).power
    for (place, power) in shared.enumerated() {
      #expect(place < 12 ? abs(power / 0.03 - 1) < tolerance : power < 1e-9, "\(place): \(power)")
    }
  }

  /// Noise drawn from a spectrum has it again, axis by axis; along the grey axis it is the same in all channels.
  @Test func noiseHasItsSpectrum() {
    let wanted = (0..<36).map { 0.0004 / Double(1 + $0) }
    let grey = Tensor([600, 20, 16, 3], repeating: 0.5)
    let stream = RandomStream(seed: 9, purpose: "render")
    let noisy = ResidualSpectrum(power: wanted).adding(to: grey, stream: stream)
    let found = ResidualSpectrum(of: noisy, less: grey).power
    let tolerance = 4 * (2.0 / 600).squareRoot()
    for (place, power) in wanted.enumerated() { #expect(abs(found[place] / power - 1) < tolerance) }
    let only = wanted.enumerated().map { $0 < 12 ? $1 : 0 }
    let shared = ResidualSpectrum(power: only).adding(to: grey.rows([0]), stream: stream).values
    for pixel in 0..<320 {
      #expect(abs(shared[3 * pixel] - shared[3 * pixel + 1]) < 1e-6)
      #expect(abs(shared[3 * pixel] - shared[3 * pixel + 2]) < 1e-6)
    }
  }

  /// A grey image that is repeated over three channels takes the shapes that the grey one takes, in all of them.
  @Test func shapesAreThoseOfTheLuminance() {
    let grey = ToyDiscs.images(6, seed: 2)
    let stream = RandomStream(seed: 1, purpose: "draw")
    let alone = ShapeSpace([TensorRows(grey)], steps: 20).draw(class: 0, count: 4, stream: stream)
    let together = ShapeSpace([TensorRows(Self.repeated(grey))], steps: 20).draw(class: 0, count: 4, stream: stream)
    #expect(together.sources == alone.sources && together.images.shape == Array(alone.images.shape.dropLast()) + [3])
    let differences = zip(together.images.values, Self.repeated(alone.images).values).map { abs($0 - $1) }
    #expect(differences.max()! < 1e-3, "\(differences.max()!)")
    // One channel by itself is warped like the others.
    let red = Self.repeated(grey)
    red.mutate { target in for index in target.indices where index % 3 > 0 { target[index] *= 0.25 } }
    let drawn = ShapeSpace([TensorRows(red)], steps: 20).draw(class: 0, count: 4, stream: stream).images.values
    let error = stride(from: 0, to: drawn.count, by: 3).map { abs(drawn[$0] * 0.25 - drawn[$0 + 1]) }.max()!
    // Clipping to [0, 1] comes after, so overshoot of the brighter channel is cut first.
    #expect(error < 0.05, "\(error)")
  }
}
