import Networks

/// The networks of a variational autoencoder as data: an encoder, the heads' shape, and a decoder.
public struct VAEArchitecture: Sendable, Equatable {
  /// `[height, width, channel]` to features.
  public let encoder: [LayerDescription]
  /// Bounds the log-variance head's values.
  public let logVarianceActivation: Activation
  /// `[latent dimension]` to `[height, width, channel]`, values in (0, 1).
  public let decoder: [LayerDescription]

  /// The layers for images of one size.
  ///
  /// - Parameters:
  ///   - name: which of the architectures.
  ///   - height: of the images, in pixels.
  ///   - width: of the images, in pixels.
  ///   - channels: of the images, at least 1: 1 for grey, 3 for colour.
  /// - Throws: `GeneratorError.unsupportedSize` for a size that these networks do not take.
  public init(_ name: Name, height: Int, width: Int, channels: Int = 1) throws {
    precondition(channels > 0, "\(channels) channels")
    guard name.takes(height: height, width: width) else {
      throw GeneratorError.unsupportedSize(
        architecture: name, height: height, width: width, expected: name.sizeText)
    }
    self = name.layers(Extent(height, width), channels)
  }

  init(encoder: [LayerDescription], logVarianceActivation: Activation = .identity, decoder: [LayerDescription]) {
    self.encoder = encoder
    self.logVarianceActivation = logVarianceActivation
    self.decoder = decoder
  }
}
