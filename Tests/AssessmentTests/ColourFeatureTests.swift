import Assessment
import Foundation
import Randomness
import Testing

/// What features and the leak check say of colours.
@Suite struct ColourFeatureTests {
  private static let (height, width) = (9, 11)

  private static func greys(_ count: Int, seed: UInt64) -> [Float] {
    var random = RandomStream(seed: seed, purpose: "grey")
    return (0..<count * height * width).map { _ in Float(random.uniform(0.2, 0.8)) }
  }

  /// Of greys that are repeated over three channels all is as of the greys, and the colours say nothing.
  @Test func greysHaveNoColours() {
    let grey = Self.greys(4, seed: 1)
    let repeated = grey.flatMap { [$0, $0, $0] }
    let pairs = [
      (
        ImageFeatures(height: Self.height, width: Self.width).table(grey),
        ImageFeatures(height: Self.height, width: Self.width, channels: 3).table(repeated)
      ),
      (
        LeakStatistics(height: Self.height, width: Self.width).table(grey),
        LeakStatistics(height: Self.height, width: Self.width, channels: 3).table(repeated)
      ),
    ]
    for (alone, together) in pairs {
      #expect(together.names.count == alone.names.count + 6 && together.names.starts(with: alone.names))
      for row in 0..<4 {
        for (column, name) in together.names.enumerated() {
          let expected = column < alone.names.count ? alone.values[row, column] : 0
          #expect(abs(together.values[row, column] - expected) < 1e-6, "\(name)")
        }
      }
    }
  }

  /// A constant hue: red 0.2 above green and blue, so 0.7 x 0.2 above the luminance, and blue 0.299 x 0.2 below it.
  @Test func aHueIsMeasured() {
    let pixels = Self.greys(1, seed: 2).flatMap { [$0 + 0.2, $0, $0] }
    let table = ImageFeatures(height: Self.height, width: Self.width, channels: 3).table(pixels)
    let found = Array(table.values.row(0).suffix(6))
    let expected = [0.701 * 0.2, 0, 0, -0.299 * 0.2, 0, 0]
    for (value, wanted) in zip(found, expected) { #expect(abs(value - wanted) < 1e-6, "\(found)") }
    #expect(table.names.suffix(6).first == "red less luminance, mean")
  }

  /// Generated images of one class whose colours alone were smoothed are told by them, and not by the luminance.
  @Test func aMarkInTheColoursIsALeak() throws {
    let side = 16
    func images(seed: UInt64, smooth: Bool) -> [Float] {
      var random = RandomStream(seed: seed, purpose: "colours")
      return (0..<40).flatMap { _ -> [Float] in
        var hue = (0..<side * side).map { _ in Float(random.uniform(-0.1, 0.1)) }
        if smooth { hue = hue.indices.map { (hue[$0] + hue[($0 + 1) % hue.count]) / Float(2).squareRoot() } }
        // The luminance stays as it is.
        return hue.flatMap { hue -> [Float] in
          let grey = Float(random.uniform(0.3, 0.6))
          return [grey + hue, grey, grey - hue * 299 / 114]
        }
      }
    }
    let statistics = LeakStatistics(height: side, width: side, channels: 3)
    func check(smooth: Bool) -> LeakCheck {
      LeakCheck(
        [("A", smooth, 1), ("B", false, 2)].map { name, smooth, seed in
          LeakCheck.Images(
            className: name, real: statistics.table(images(seed: seed, smooth: false)),
            generated: statistics.table(images(seed: seed + 10, smooth: smooth)), origins: Array(0..<40))
        }, stream: RandomStream(seed: 3, purpose: "leak"))
    }
    let found = check(smooth: true)
    #expect(found.verdict == .leak, "\(found.sentence)")
    let rough = try #require(found.pairs[0].statistics.first { $0.name == "red less luminance, roughness" })
    #expect(rough.generated > 0.95)
    let sharpness = try #require(found.pairs[0].statistics.first { $0.name == "sharpness" })
    #expect(sharpness.generated < 0.75)
    #expect(check(smooth: false).verdict != .leak)
  }
}
