import Foundation
import Geometry
import Randomness
import Testing

@Suite struct VectorExponentialTests {
  /// The library's own error stays below 0.52 ulp, so a distance of 1 ulp bounds ours by 1.5.
  @Test func staysWithinOneUnitOfTheLibrary() {
    var stream = RandomStream(seed: 1, purpose: "test")
    var worst = (distance: 0.0, at: 0.0)
    for round in 0..<100_000 {
      let reach = [1e-8, 1, 40, 700][round % 4]
      var x = SIMD8<Double>()
      for lane in 0..<8 { x[lane] = stream.uniform(-reach, reach) }
      let result = vectorExponential(x)
      for lane in 0..<8 {
        let expected = exp(x[lane])
        let distance = abs(result[lane] - expected) / expected.ulp
        if distance > worst.distance { worst = (distance, x[lane]) }
      }
    }
    #expect(worst.distance <= 1, "\(worst.distance) ulp at \(worst.at)")
  }

  @Test(
    arguments: [
      (0, 1), (-0.0, 1), (-708, exp(-708.0)), (-709, 0), (-745, 0), (-1e30, 0), (-.infinity, 0), (709, exp(709.0)),
    ] as [(Double, Double)])
  func meetsTheEndsOfItsRange(argument: Double, expected: Double) {
    let result = vectorExponential(SIMD8(repeating: argument))
    for lane in 0..<8 { #expect(abs(result[lane] - expected) <= expected.ulp) }
  }

  @Test func notANumberStaysNotANumber() {
    #expect(vectorExponential(SIMD8(repeating: .nan))[3].isNaN)
  }
}
