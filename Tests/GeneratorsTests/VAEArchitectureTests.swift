import Generators
import Networks
import Randomness
import Testing

@Suite struct VAEArchitectureTests {
  private let stream = RandomStream(seed: 1, purpose: "architecture")

  private static func encoder(_ name: VAEArchitecture.Name, _ height: Int, _ width: Int) throws -> Network {
    try Network(
      name: "encoder", inputShape: [height, width, 1],
      layers: VAEArchitecture(name, height: height, width: width).encoder,
      stream: RandomStream(seed: 1, purpose: "architecture"))
  }

  private static func shapes(_ entries: [(name: String, entry: SafeTensors.Entry)]) -> [String: [Int]] {
    Dictionary(
      uniqueKeysWithValues: entries.compactMap { name, entry in
        if case .float32(let tensor) = entry { (name, tensor.shape) } else { nil }
      })
  }

  /// Expected: the paper's Table 4 in PyTorch's layouts, 4 x 4 x 1024 features and 8 x 8 x 1024 to decode.
  @Test func thePapersNetworkForOASIS() throws {
    let vae = try VariationalAutoencoder(.oasis, height: 208, width: 176, latentDimensions: 16, stream: stream)
    let shapes = Self.shapes(vae.entries)
    let weights = [
      "encoder.0.weight": [64, 1, 5, 5], "encoder.2.weight": [128, 64, 5, 5], "encoder.4.weight": [256, 128, 5, 5],
      "encoder.6.weight": [512, 256, 5, 5], "encoder.8.weight": [1024, 512, 5, 5], "mean.weight": [16, 16_384],
      "log_variance.weight": [16, 16_384], "decoder.0.weight": [65_536, 16], "decoder.2.weight": [1024, 512, 5, 5],
      "decoder.4.weight": [512, 256, 5, 5], "decoder.6.weight": [256, 128, 5, 5], "decoder.8.weight": [128, 64, 5, 5],
      "decoder.10.weight": [64, 1, 5, 5],
    ]
    for (name, shape) in weights { #expect(shapes[name] == shape, "\(name)") }
    #expect(shapes.count == 2 * weights.count)
    #expect(try VAEArchitecture(.oasis, height: 208, width: 176).logVarianceActivation == .tanh)
    #expect(vae.decode(.init(rows: 1, columns: 16)).shape == [1, 208, 176, 1])
  }

  /// Expected: the paper's Table 4 in PyTorch's layouts.
  @Test func thePapersNetworkForMNIST() throws {
    #expect(try Self.encoder(.mnist, 32, 32).outputShape == [2 * 2 * 1024])
    let vae = try VariationalAutoencoder(.mnist, height: 32, width: 32, latentDimensions: 8, stream: stream)
    let shapes = Self.shapes(vae.entries)
    #expect(shapes["encoder.0.weight"] == [128, 1, 4, 4])
    #expect(shapes["encoder.9.weight"] == [1024, 512, 4, 4])
    #expect(shapes["encoder.1.running_mean"] == [128])
    #expect(shapes["decoder.0.weight"] == [65_536, 8])
    #expect(shapes["decoder.8.weight"] == [256, 1, 4, 4])
    #expect(vae.decode(.init(rows: 2, columns: 8)).shape == [2, 32, 32, 1])
  }

  @Test(
    arguments: [
      (208, 176, [7, 6, 128]), (104, 88, [4, 3, 128]), (32, 32, [4, 4, 64]), (16, 16, [4, 4, 32]),
      (17, 23, [3, 3, 64]), (16, 100, [4, 25, 32]), (33, 47, [3, 3, 128]), (64, 56, [4, 4, 128]),
    ])
  func compactTakesAnySizeFromSixteen(height: Int, width: Int, features: [Int]) throws {
    let architecture = try VAEArchitecture(.compact, height: height, width: width)
    #expect(try Self.encoder(.compact, height, width).outputShape == [features.reduce(1, *)])
    #expect(architecture.decoder[1] == .unflatten(Extent(features[0], features[1]), channels: features[2]))
    let decoder = try Network(name: "decoder", inputShape: [5], layers: architecture.decoder, stream: stream)
    #expect(decoder.outputShape == [height, width, 1])
  }

  /// The output paddings of the mirrored stages must fit every remainder.
  @Test func compactMirrorsEverySizeFromSixteenToSeventy() throws {
    for height in 16...70 {
      for width in [16, 17, height, 2 * height + 1] {
        let layers = try VAEArchitecture(.compact, height: height, width: width).decoder
        var size = Extent(0)
        for layer in layers {
          switch layer {
          case .unflatten(let extent, _): size = extent
          case .transposedConvolution(_, let geometry, let outputPadding, _):
            size = geometry.transposedSize(size, outputPadding: outputPadding)
            #expect([0, 1].contains(outputPadding.height) && [0, 1].contains(outputPadding.width))
          default: break
          }
        }
        #expect(size == Extent(height, width))
      }
    }
  }

  @Test(
    arguments: [
      (VAEArchitecture.Name.oasis, 176, 208, "208 x 176"), (.oasis, 104, 88, "208 x 176"), (.mnist, 28, 28, "32 x 32"),
      (.compact, 15, 40, "at least 16 x 16"), (.compact, 0, 0, "at least 16 x 16"),
    ])
  func otherSizesAreRefusedInASentence(name: VAEArchitecture.Name, height: Int, width: Int, expected: String) {
    let error = GeneratorError.unsupportedSize(architecture: name, height: height, width: width, expected: expected)
    #expect(throws: error) { try VAEArchitecture(name, height: height, width: width) }
    #expect(throws: error) {
      try VariationalAutoencoder(name, height: height, width: width, latentDimensions: 2, stream: stream)
    }
    let text = "\(error)"
    #expect(text.contains(expected) && text.contains("\(height) x \(width)") && text.contains(name.rawValue))
    #expect(text.hasSuffix(".") && !text.contains("\n"))
  }
}
