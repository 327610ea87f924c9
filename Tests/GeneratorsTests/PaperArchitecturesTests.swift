import Foundation
import Generators
import Geometry
import Networks
import Randomness
import Tensors
import Testing

/// The paper's networks by what its tables print, for one channel and for three; one after the other, since the large ones take
/// much memory.
@Suite(.serialized) struct PaperArchitecturesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: VAEArchitecture.Name
    var size: Extent
    var channels: Int
    var latentDimensions: Int
    /// What the encoder gives to the heads.
    var features: Int
    /// Trained weights.
    var weights: Int

    var testDescription: String { "\(name) \(size.height) x \(size.width) x \(channels)" }
  }

  /// Weights worked out by hand from the table: kernel area x input x output channels + output channels for each
  /// convolution, inputs x outputs + outputs for each dense layer, two for each normalised channel; the same that PyTorch
  /// counts.
  static let cases: [Case] = [
    .init(
      name: .oasis, size: Extent(208, 176), channels: 1, latentDimensions: 16, features: 16_384, weights: 36_460_577),
    .init(name: .mnist, size: Extent(32), channels: 1, latentDimensions: 16, features: 4096, weights: 22_755_233),
    .init(name: .cifar10, size: Extent(32), channels: 1, latentDimensions: 16, features: 4096, weights: 22_755_233),
    .init(name: .cifar10, size: Extent(32), channels: 3, latentDimensions: 32, features: 4096, weights: 23_947_203),
    .init(name: .svhn, size: Extent(32), channels: 1, latentDimensions: 16, features: 500, weights: 3_076_056),
    .init(name: .svhn, size: Extent(32), channels: 3, latentDimensions: 16, features: 500, weights: 7_174_104),
    .init(name: .celeba, size: Extent(64), channels: 1, latentDimensions: 64, features: 16_384, weights: 40_778_369),
    .init(name: .celeba, size: Extent(64), channels: 3, latentDimensions: 64, features: 16_384, weights: 40_791_171),
    .init(name: .resnet, size: Extent(32), channels: 1, latentDimensions: 16, features: 8192, weights: 977_953),
    .init(name: .resnet, size: Extent(32), channels: 3, latentDimensions: 16, features: 8192, weights: 982_051),
    .init(name: .resnet, size: Extent(64), channels: 1, latentDimensions: 64, features: 2048, weights: 1_750_529),
    .init(name: .resnet, size: Extent(64), channels: 3, latentDimensions: 64, features: 2048, weights: 1_754_627),
  ]

  private static func model(_ example: Case) throws -> VariationalAutoencoder {
    try VariationalAutoencoder(
      example.name, height: example.size.height, width: example.size.width, channels: example.channels,
      latentDimensions: example.latentDimensions, stream: RandomStream(seed: 1, purpose: "architecture"))
  }

  /// Smooth coloured images, each of its own.
  private static func images(_ count: Int, _ example: Case) -> Tensor {
    let (height, width, channels) = (example.size.height, example.size.width, example.channels)
    var stream = RandomStream(seed: 2, purpose: "images")
    return Tensor([count, height, width, channels]) { target in
      for image in 0..<count {
        let (row, column) = (stream.uniform(0.2, 0.8), stream.uniform(0.2, 0.8))
        for pixel in 0..<height * width {
          let (y, x) = (Double(pixel / width) / Double(height) - row, Double(pixel % width) / Double(width) - column)
          for channel in 0..<channels {
            let near = 1 - min(1, 3 * (y * y + x * x))
            target[(image * height * width + pixel) * channels + channel] = Float(near * Double(channel + 1) / 3)
          }
        }
      }
    }
  }

  @Test(arguments: cases) func sizesAndWeightsAreTheTables(example: Case) throws {
    let (height, width, channels) = (example.size.height, example.size.width, example.channels)
    let model = try Self.model(example)
    #expect(model.parameterCount == example.weights)
    #expect(model.networks.itemShape == [height, width, channels])
    let layers = try VAEArchitecture(example.name, height: height, width: width, channels: channels)
    var footprint = TrainingFootprint(input: [height, width, channels])
    #expect(footprint.append(layers.encoder, input: [height, width, channels]) == [example.features])
    let whole = try ModelKind.vae.footprint(
      ModelShape(
        example.name, height: height, width: width, channels: channels, latentDimensions: example.latentDimensions))
    #expect(whole.weights == example.weights)
    let decoded = model.decode(Matrix(rows: 2, columns: example.latentDimensions))
    #expect(decoded.shape == [2, height, width, channels])
    #expect(decoded.values.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(model.encode(decoded).means.columns == example.latentDimensions)
  }

  /// In PyTorch's layouts.
  @Test func weightsAreNamedAsPyTorchNamesThem() throws {
    func shapes(_ name: VAEArchitecture.Name, _ size: Int) throws -> [String: [Int]] {
      let model = try VariationalAutoencoder(
        name, height: size, width: size, channels: 3, latentDimensions: 8,
        stream: RandomStream(seed: 1, purpose: "architecture"))
      return Dictionary(
        uniqueKeysWithValues: model.entries.compactMap { name, entry in
          if case .float32(let tensor) = entry { (name, tensor.shape) } else { nil }
        })
    }
    let resnet = try shapes(.resnet, 64)
    #expect(resnet["encoder.0.weight"] == [64, 3, 4, 4])
    #expect(resnet["encoder.4.conv_block.1.weight"] == [32, 128, 3, 3])
    #expect(resnet["encoder.5.conv_block.3.weight"] == [128, 32, 1, 1])
    #expect(resnet["decoder.0.weight"] == [2048, 8])
    #expect(resnet["decoder.2.weight"] == [128, 128, 3, 3])
    #expect(resnet["decoder.3.conv_block.1.bias"] == [32])
    // A sigmoid of its own stands between this and the next.
    #expect(resnet["decoder.5.weight"] == [128, 128, 5, 5])
    #expect(resnet["decoder.7.weight"] == [128, 64, 5, 5])
    #expect(resnet["decoder.8.weight"] == [64, 3, 4, 4])
    let svhn = try shapes(.svhn, 32)
    #expect(svhn["encoder.1.weight"] == [1000, 3072] && svhn["encoder.3.weight"] == [500, 1000])
    #expect(svhn["decoder.0.weight"] == [500, 8] && svhn["decoder.4.weight"] == [3072, 1000])
    let celeba = try shapes(.celeba, 64)
    #expect(celeba["encoder.0.weight"] == [128, 3, 5, 5] && celeba["encoder.9.weight"] == [1024, 512, 5, 5])
    #expect(celeba["encoder.10.running_var"] == [1024])
    #expect(celeba["decoder.2.weight"] == [1024, 512, 5, 5] && celeba["decoder.11.weight"] == [128, 3, 5, 5])
    #expect(celeba["decoder.9.running_mean"] == [128])
  }

  @Test(arguments: cases.filter { $0.name == .svhn || $0.name == .resnet })
  func weightsComeBackFromAFile(example: Case) throws {
    let model = try Self.model(example)
    let other = try VariationalAutoencoder(
      example.name, height: example.size.height, width: example.size.width, channels: example.channels,
      latentDimensions: example.latentDimensions, stream: RandomStream(seed: 2, purpose: "architecture"))
    let probe = Matrix(
      rows: 2, columns: example.latentDimensions, values: (0..<2 * example.latentDimensions).map { sin(Double($0)) })
    let expected = model.decode(probe).values
    #expect(other.decode(probe).values != expected)
    try other.load(SafeTensors.decode(SafeTensors.encode(model.entries), path: "x").entries, path: "x")
    #expect(other.decode(probe).values == expected)
  }

  /// A network of one channel has no room for weights of three.
  @Test func weightsOfOtherChannelsAreRefused() throws {
    let (grey, colour) = (try Self.model(Self.cases[8]), try Self.model(Self.cases[9]))
    #expect(throws: NetworkError.self) {
      try grey.load(SafeTensors.decode(SafeTensors.encode(colour.entries), path: "x").entries, path: "x")
    }
  }

  /// What the weights of one channel are does not depend on whether channels are given.
  @Test func oneChannelIsTheDefault() throws {
    for name in [VAEArchitecture.Name.compact, .resnet] {
      #expect(
        try VAEArchitecture(name, height: 32, width: 32) == VAEArchitecture(name, height: 32, width: 32, channels: 1))
      #expect(
        try VAEArchitecture(name, height: 32, width: 32) != VAEArchitecture(name, height: 32, width: 32, channels: 3))
    }
    #expect(GeneratorConfiguration().resolvedBeta(height: 208, width: 176, channels: 3) == 3)
  }

  /// With few images and steps at the usual rate; the small networks also lose most of their first loss.
  @Test(arguments: cases.filter { $0.name != .oasis && $0.channels == 3 } + [compact])
  func trainingLowersTheLoss(example: Case) throws {
    let model = try Self.model(example)
    let isSmall = example.weights < 10_000_000
    var configuration = GeneratorConfiguration()
    configuration.architecture = example.name
    configuration.learningRate = example.name.usualLearningRate
    configuration.epochs = isSmall ? 40 : 6
    configuration.batchSize = 4
    let history = try GeneratorTraining(configuration).train(
      model, on: Self.images(isSmall ? 8 : 4, example), validation: nil, stream: RandomStream(seed: 1, purpose: "t"))
    let (first, last) = (history[0].reconstruction, history[history.count - 1].reconstruction)
    #expect(last < (isSmall ? 0.5 : 0.9) * first, "\(first) to \(last)")
  }

  private static let compact = Case(
    name: .compact, size: Extent(24, 20), channels: 3, latentDimensions: 4, features: 576, weights: 0)

  @Test func sizesAreTheTables() throws {
    #expect(VAEArchitecture.Name.resnet.sizeText == "32 x 32 or 64 x 64")
    #expect(VAEArchitecture.Name.compact.requiredSizes.isEmpty)
    let error = GeneratorError.unsupportedSize(
      architecture: .resnet, height: 48, width: 48, expected: "32 x 32 or 64 x 64")
    #expect(throws: error) { try VAEArchitecture(.resnet, height: 48, width: 48, channels: 3) }
    for name in VAEArchitecture.Name.allCases {
      for size in name.requiredSizes {
        let encoder = try VAEArchitecture(name, height: size.height, width: size.width, channels: 2)
        #expect(!encoder.encoder.isEmpty && name.takes(height: size.height, width: size.width))
      }
    }
  }
}
