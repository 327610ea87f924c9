import Classification
import Foundation
import Networks
import Tensors
import Testing

/// Inception's features beside those of torchvision's own network, for weights and images that both make by formulas
/// (`Fixtures/inception-features.py`).
@Suite(.serialized) struct InceptionTests {
  /// Numbers in [0, 1) from a name: FNV-1a, then a mixing of each index.
  private static func uniform(_ name: String, _ count: Int) -> [Double] {
    let seed = name.utf8.reduce(UInt32(0x811C_9DC5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    return (0..<count).map { index in
      var x = seed &+ UInt32(truncatingIfNeeded: index) &* 2_654_435_761
      x ^= x >> 16
      x &*= 0x7FEB_352D
      x ^= x >> 15
      x &*= 0x846C_A68B
      x ^= x >> 16
      return Double(x) / 0x1p32
    }
  }

  private static let entries: [String: SafeTensors.Entry] = {
    let pairs = InceptionFeatures.tensors.map { name, shape -> (String, SafeTensors.Entry) in
      let numbers = uniform(name, shape.reduce(1, *))
      let bound = (6 / Double(shape.dropFirst().reduce(1, *))).squareRoot()
      let isScale = name.hasSuffix("bn.weight") || name.hasSuffix("running_var")
      return (
        name,
        .float32(
          Tensor(shape) { target in
            for (index, u) in numbers.enumerated() {
              target[index] = Float(shape.count == 4 ? (2 * u - 1) * bound : isScale ? 0.5 + u : 0.2 * (2 * u - 1))
            }
          })
      )
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }()

  private struct Case: Decodable {
    let channels, height, width, side: Int
    let mean: Double
    let every128: [Double]

    var image: Tensor {
      Tensor(
        [1, height, width, channels], values: uniform("image \(channels)", height * width * channels).map(Float.init))
    }
  }

  private static let cases: [Case] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/inception-features.json")
    return try! JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
  }()

  /// The largest difference from torchvision's, relative to the mean feature.
  private func distance(_ features: [Float], _ expected: Case) -> Double {
    let mean = features.reduce(0.0) { $0 + Double($1) } / Double(features.count)
    let each = zip(stride(from: 0, to: features.count, by: 128), expected.every128).map {
      abs(Double(features[$0]) - $1)
    }
    return max(abs(mean - expected.mean), each.max()!) / expected.mean
  }

  @Test(arguments: 0..<4) func featuresAreTorchvisions(number: Int) throws {
    let expected = Self.cases[number]
    let network = try InceptionFeatures(Self.entries, path: "made", side: expected.side)
    let features = try network.features(expected.image)
    #expect(features.shape == [1, 2048])
    #expect(distance(features.values, expected) < 1e-3)
  }

  /// What a slightly wrong network would give is told apart: red and blue exchanged, and another shift of one channel.
  @Test func anotherNetworkIsNoticed() throws {
    let expected = Self.cases[2]
    let pixels = expected.image
    let exchanged = Tensor(pixels.shape) { target in
      for place in target.indices { target[place] = pixels.buffer[place / 3 * 3 + 2 - place % 3] }
    }
    let network = try InceptionFeatures(Self.entries, path: "made", side: expected.side)
    #expect(distance(try network.features(exchanged).values, expected) > 1e-2)
    var entries = Self.entries
    let name = "Mixed_6c.branch_pool.bn.bias"
    entries[name] = .float32(Tensor([192], repeating: 0))
    let other = try InceptionFeatures(entries, path: "made", side: expected.side)
    #expect(distance(try other.features(expected.image).values, expected) > 1e-2)
  }

  @Test func batchesDoNotMatter() throws {
    let network = try InceptionFeatures(Self.entries, path: "made", side: 75)
    let images = Tensor([3, 9, 8, 1], values: Self.uniform("images", 216).map(Float.init))
    let together = try network.features(images)
    let apart = try network.features(images, batch: 2)
    #expect(together.shape == [3, 2048])
    #expect(zip(together.values, apart.values).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  private func refusal(_ change: (inout [String: SafeTensors.Entry]) -> Void) -> String {
    var entries = Self.entries
    change(&entries)
    do {
      _ = try InceptionFeatures(entries, path: "weights.safetensors")
      return "accepted"
    } catch { return "\(error)" }
  }

  @Test func otherWeightsAreRefusedByName() throws {
    #expect(
      refusal { $0["Mixed_7c.branch_pool.bn.running_var"] = nil }
        == "weights.safetensors: there is no tensor 'Mixed_7c.branch_pool.bn.running_var'; save the state_dict of "
        + "torchvision's inception_v3 as safetensors in float32")
    #expect(
      refusal { $0["Mixed_5b.branch5x5_2.conv.weight"] = .float32(Tensor.zeros([64, 48, 3, 3])) }
        .contains("the tensor 'Mixed_5b.branch5x5_2.conv.weight' is 64 x 48 x 3 x 3 and should be 64 x 48 x 5 x 5"))
    #expect(
      refusal { $0["Conv2d_1a_3x3.bn.bias"] = .float32(Tensor([32], repeating: .nan)) }
        .contains("'Conv2d_1a_3x3.bn.bias' has values that are not finite"))
    #expect(
      refusal { $0["Conv2d_1a_3x3.bn.running_var"] = .float32(Tensor([32], repeating: -1)) }.contains("below 0"))
    #expect(
      refusal { $0["Conv2d_1a_3x3.bn.weight"] = .float32(Tensor([32], repeating: 3e38)) }.contains("too large for"))
    #expect(throws: InceptionError.self) { try InceptionFeatures(weights: Data([1, 2, 3]), path: "x") }
  }

  @Test func weightsThatOverflowAreSaid() throws {
    var entries = Self.entries
    entries["Mixed_7c.branch_pool.conv.weight"] = .float32(Tensor([192, 2048, 1, 1], repeating: 1e37))
    let network = try InceptionFeatures(entries, path: "made", side: 75)
    #expect(throws: InceptionError.notFinite) { try network.features(Tensor([1, 75, 75, 1], repeating: 1)) }
  }
}
