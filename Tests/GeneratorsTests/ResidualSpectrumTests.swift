import Foundation
import Generators
import Randomness
import Tensors
import Testing

@Suite struct ResidualSpectrumTests {
  private static func white(_ shape: [Int], deviation: Float, seed: UInt64) -> Tensor {
    var random = RandomStream(seed: seed, purpose: "white")
    return Tensor(shape) { target in
      for index in target.indices { target[index] = deviation * Float(random.normal()) }
    }
  }

  @Test func whiteNoiseHasOnePowerInAllRings() {
    let noise = Self.white([400, 20, 16, 1], deviation: 0.1, seed: 1)
    let spectrum = ResidualSpectrum(of: noise, less: .zeros(noise.shape))
    #expect(spectrum.power.count == 12)
    // The first ring is one coefficient in 400 images: relative standard error sqrt(2 / 400).
    let tolerance = 4 * (2.0 / 400).squareRoot()
    for power in spectrum.power { #expect(abs(power / 0.01 - 1) < tolerance) }
  }

  /// A stripe of one frequency puts its power, amplitude squared / 2 for each pixel, in that frequency's ring.
  @Test func aStripeIsInItsRing() {
    let images = Tensor([1, 16, 16, 1]) { target in
      for index in target.indices { target[index] = 0.2 * cos(Float(index % 16) * 3 * Float.pi / 8) }
    }
    let power = ResidualSpectrum(of: images, less: .zeros(images.shape)).power
    for (ring, value) in power.enumerated() where ring != 3 { #expect(value < 1e-9) }
    #expect(power[3] > 1e-3)
  }

  /// Noise drawn from a spectrum has it again, at any frequency, and the deviation that it adds up to.
  @Test func noiseHasItsSpectrum() throws {
    let wanted = (0..<12).map { 0.0004 / Double(1 + $0 * $0) }
    let grey = Tensor([600, 20, 16, 1], repeating: 0.5)
    let spectrum = ResidualSpectrum(power: wanted)
    let stream = RandomStream(seed: 9, purpose: "render")
    let noisy = spectrum.adding(to: grey, stream: stream)
    let found = ResidualSpectrum(of: noisy, less: grey).power
    let tolerance = 4 * (2.0 / 600).squareRoot()
    for (ring, power) in wanted.enumerated() { #expect(abs(found[ring] / power - 1) < tolerance) }
    #expect(spectrum.adding(to: grey, stream: stream).values == noisy.values)
    // An image's noise does not depend on how many there are.
    #expect(spectrum.adding(to: grey.rows([0, 1]), stream: stream).values == noisy.rows([0, 1]).values)
    let other = ResidualSpectrum(power: wanted.map { 3 * $0 })
    let mean = try #require(ResidualSpectrum.mean([spectrum, other]))
    for (a, b) in zip(mean.power, wanted) { #expect(abs(a / (2 * b) - 1) < 1e-12) }
    #expect(ResidualSpectrum.mean([spectrum, ResidualSpectrum(power: [1])]) == nil)
  }

  @Test func whatIsAddedStaysAnImage() {
    let images = Tensor([5, 16, 16, 1], repeating: 0.98)
    let noisy = ResidualSpectrum(power: [Double](repeating: 0.01, count: 12)).adding(
      to: images, stream: RandomStream(seed: 1, purpose: "render"))
    #expect(noisy.values.allSatisfy { $0 >= 0 && $0 <= 1 } && noisy.values.contains(1))
  }
}
