import Networks

/// The networks of a variational autoencoder as data: an encoder, the heads' shape, and a decoder.
public struct VAEArchitecture: Sendable, Equatable {
  /// The named architectures.
  public enum Name: String, Codable, Sendable, CaseIterable {
    /// The default: any size from 16 x 16, about a million weights.
    case compact
    /// The paper's network for OASIS, 208 x 176 only, 47 million weights.
    case oasis
    /// The paper's Table 4, 32 x 32 only, with batch normalisation.
    case mnist

    /// Optimiser steps, in batches of 20, after which a small set has been learned. `mnist` costs sixty times a step of
    /// `compact` at its size, and its batch normalisation needs fewer.
    public var usualSteps: Int { self == .mnist ? 300 : 3000 }

    /// The precision of training that suits the network on a processor.
    ///
    /// - Parameter multipliesBFloat16: whether the processor has instructions for it.
    public func usualPrecision(multipliesBFloat16: Bool) -> Precision {
      multipliesBFloat16 && self != .compact ? .bfloat16 : .float32
    }

    /// The learning rate that suits so many steps. On 60 photographs `mnist` comes to a validation loss of 31 in 140 steps
    /// at 0.0002 and to 58 at 0.001, where it also goes astray now and then.
    public var usualLearningRate: Double { self == .mnist ? 2e-4 : 1e-3 }
  }

  /// `[height, width, channel]` to features.
  public let encoder: [LayerDescription]
  /// Bounds the log-variance head's values.
  public let logVarianceActivation: Activation
  /// `[latent dimension]` to `[height, width, channel]`, values in (0, 1).
  public let decoder: [LayerDescription]

  /// - Parameters:
  ///   - height: of the images, in pixels.
  ///   - width: of the images, in pixels.
  ///   - channels: of the images, at least 1: 1 for grey, 3 for colour.
  /// - Throws: `GeneratorError.unsupportedSize`.
  public init(_ name: Name, height: Int, width: Int, channels: Int = 1) throws {
    precondition(channels > 0, "\(channels) channels")
    switch name {
    case .compact: try self.init(compactForHeight: height, width: width, channels: channels)
    case .oasis: try self.init(oasisForHeight: height, width: width, channels: channels)
    case .mnist: try self.init(mnistForHeight: height, width: width, channels: channels)
    }
  }

  private init(encoder: [LayerDescription], logVarianceActivation: Activation, decoder: [LayerDescription]) {
    self.encoder = encoder
    self.logVarianceActivation = logVarianceActivation
    self.decoder = decoder
  }

  /// Up to five 5 x 5 convolutions of stride 2 (16, 32, 64, 128, 128 channels), as many as leave at least 3 pixels on
  /// the shorter side, and the mirror of them. The log-variance is free.
  private init(compactForHeight height: Int, width: Int, channels imageChannels: Int) throws {
    guard height >= 16, width >= 16 else {
      throw GeneratorError.unsupportedSize(
        architecture: .compact, height: height, width: width, expected: "at least 16 x 16")
    }
    let geometry = ConvolutionGeometry(kernel: Extent(5), stride: Extent(2), padding: Extent(2))
    var sizes = [Extent(height, width)]
    var channels: [Int] = []
    for next in [16, 32, 64, 128, 128] {
      let size = geometry.outputSize(sizes[sizes.count - 1])
      guard min(size.height, size.width) >= 3 else { break }
      channels.append(next)
      sizes.append(size)
    }
    let last = sizes[channels.count]
    let features = last.height * last.width * channels[channels.count - 1]
    var decoder: [LayerDescription] = [
      .linear(outputs: features, activation: .identity), .unflatten(last, channels: channels[channels.count - 1]),
    ]
    for stage in channels.indices.reversed() {
      let from = sizes[stage + 1]
      let unpadded = geometry.transposedSize(from)
      decoder.append(
        .transposedConvolution(
          channels: stage == 0 ? imageChannels : channels[stage - 1], geometry,
          outputPadding: Extent(sizes[stage].height - unpadded.height, sizes[stage].width - unpadded.width),
          activation: stage == 0 ? .sigmoid : .relu))
    }
    self.init(
      encoder: channels.map { .convolution(channels: $0, geometry, activation: .relu) } + [.flatten],
      logVarianceActivation: .identity, decoder: decoder)
  }

  /// 5 x 5 convolutions 64 to 1024 down to 4 x 4, the log-variance within (-1, 1), and transposed convolutions back.
  ///
  /// Source: the paper's Appendix C.3, with the paddings that give its printed sizes.
  private init(oasisForHeight height: Int, width: Int, channels: Int) throws {
    guard height == 208, width == 176 else {
      throw GeneratorError.unsupportedSize(architecture: .oasis, height: height, width: width, expected: "208 x 176")
    }
    func geometry(_ stride: Extent = Extent(2), padding: Extent) -> ConvolutionGeometry {
      ConvolutionGeometry(kernel: Extent(5), stride: stride, padding: padding)
    }
    let down = [(64, Extent(1)), (128, Extent(1)), (256, Extent(1)), (512, Extent(1, 2)), (1024, Extent(0))]
    self.init(
      encoder: down.map { .convolution(channels: $0, geometry(padding: $1), activation: .relu) } + [.flatten],
      logVarianceActivation: .tanh,
      decoder: [
        .linear(outputs: 65_536, activation: .identity),
        .unflatten(Extent(8), channels: 1024),
        .transposedConvolution(
          channels: 512, geometry(Extent(3, 2), padding: Extent(1, 0)), outputPadding: Extent(0), activation: .relu),
        .transposedConvolution(
          channels: 256, geometry(padding: Extent(1, 0)), outputPadding: Extent(0), activation: .relu),
        .transposedConvolution(
          channels: 128, geometry(padding: Extent(0)), outputPadding: Extent(0), activation: .relu),
        .transposedConvolution(
          channels: 64, geometry(padding: Extent(0)), outputPadding: Extent(1), activation: .relu),
        .transposedConvolution(
          channels: channels, geometry(Extent(1), padding: Extent(1)), outputPadding: Extent(0), activation: .sigmoid),
      ])
  }

  /// 4 x 4 convolutions 128 to 1024 with batch normalisation, and transposed convolutions back.
  ///
  /// Source: the paper's Table 4. Its last layer is a ReLU there; a sigmoid here, as in the authors' code, since
  /// images lie in [0, 1].
  private init(mnistForHeight height: Int, width: Int, channels: Int) throws {
    guard height == 32, width == 32 else {
      throw GeneratorError.unsupportedSize(architecture: .mnist, height: height, width: width, expected: "32 x 32")
    }
    let geometry = ConvolutionGeometry(kernel: Extent(4), stride: Extent(2), padding: Extent(1))
    let last = ConvolutionGeometry(kernel: Extent(4), padding: Extent(2))
    self.init(
      encoder: [128, 256, 512, 1024].flatMap { channels -> [LayerDescription] in
        [.convolution(channels: channels, geometry, activation: .identity), .batchNormalisation, .activation(.relu)]
      } + [.flatten],
      logVarianceActivation: .identity,
      decoder: [
        .linear(outputs: 65_536, activation: .identity),
        .unflatten(Extent(8), channels: 1024),
        .transposedConvolution(channels: 512, geometry, outputPadding: Extent(0), activation: .identity),
        .batchNormalisation, .activation(.relu),
        .transposedConvolution(channels: 256, geometry, outputPadding: Extent(1), activation: .identity),
        .batchNormalisation, .activation(.relu),
        .transposedConvolution(channels: channels, last, outputPadding: Extent(0), activation: .sigmoid),
      ])
  }
}
