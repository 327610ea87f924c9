import Networks

/// The networks of the paper's Table 4, which leaves paddings open: those here give its printed sizes, and in the decoders are
/// those of the authors' published benchmark networks. The table has a batch normalisation before the last sigmoid of the
/// decoders for MNIST, CIFAR 10 and CelebA; the published networks have none, nor have these, since it would bring every batch of
/// images to the same mean.
extension VAEArchitecture {
  /// 5 x 5 convolutions 64 to 1024 down to 4 x 4, the log-variance within (-1, 1), and transposed convolutions back.
  ///
  /// Source: the paper's Table 4, with paddings that give its printed sizes. Its last layer is a ReLU there; a sigmoid
  /// here, since images lie in [0, 1].
  static func oasis(_ size: Extent, channels: Int) -> VAEArchitecture {
    func geometry(_ stride: Extent = Extent(2), padding: Extent) -> ConvolutionGeometry {
      ConvolutionGeometry(kernel: Extent(5), stride: stride, padding: padding)
    }
    let down = [(64, Extent(1)), (128, Extent(1)), (256, Extent(1)), (512, Extent(1, 2)), (1024, Extent(0))]
    return VAEArchitecture(
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

  /// 4 x 4 convolutions 128 to 1024 with batch normalisation, and transposed convolutions back; for MNIST and CIFAR 10.
  ///
  /// Source: the paper's Table 4.
  static func mnist(_ size: Extent, channels: Int) -> VAEArchitecture {
    let geometry = ConvolutionGeometry(kernel: Extent(4), stride: Extent(2), padding: Extent(1))
    let last = ConvolutionGeometry(kernel: Extent(4), padding: Extent(2))
    return VAEArchitecture(
      encoder: down(to: 1024, geometry),
      decoder: [.linear(outputs: 65_536, activation: .identity), .unflatten(Extent(8), channels: 1024)]
        + up(512, geometry) + up(256, geometry, outputPadding: 1) + [
          .transposedConvolution(channels: channels, last, outputPadding: Extent(0), activation: .sigmoid)
        ])
  }

  /// 5 x 5 convolutions 128 to 1024 with batch normalisation down to 4 x 4, and transposed convolutions back.
  ///
  /// Source: the paper's Table 4.
  static func celeba(_ size: Extent, channels: Int) -> VAEArchitecture {
    func geometry(stride: Int = 2, padding: Int) -> ConvolutionGeometry {
      ConvolutionGeometry(kernel: Extent(5), stride: Extent(stride), padding: Extent(padding))
    }
    return VAEArchitecture(
      encoder: down(to: 1024, geometry(padding: 2)),
      decoder: [.linear(outputs: 65_536, activation: .identity), .unflatten(Extent(8), channels: 1024)]
        + up(512, geometry(padding: 2)) + up(256, geometry(padding: 1))
        + up(128, geometry(padding: 2), outputPadding: 1) + [
          .transposedConvolution(
            channels: channels, geometry(stride: 1, padding: 1), outputPadding: Extent(0), activation: .sigmoid)
        ])
  }

  /// Dense layers of 1000 and 500 features, and back.
  ///
  /// Source: the paper's Table 4.
  static func svhn(_ size: Extent, channels: Int) -> VAEArchitecture {
    VAEArchitecture(
      encoder: [.flatten, .linear(outputs: 1000, activation: .relu), .linear(outputs: 500, activation: .relu)],
      decoder: [
        .linear(outputs: 500, activation: .relu), .linear(outputs: 1000, activation: .relu),
        .linear(outputs: size.height * size.width * channels, activation: .sigmoid),
        .unflatten(size, channels: channels),
      ])
  }

  /// Convolutions of 128 channels, then twice as many each, with batch normalisation.
  private static func down(to most: Int, _ geometry: ConvolutionGeometry) -> [LayerDescription] {
    sequence(first: 128) { $0 < most ? 2 * $0 : nil }.flatMap { channels -> [LayerDescription] in
      [.convolution(channels: channels, geometry, activation: .identity), .batchNormalisation, .activation(.relu)]
    } + [.flatten]
  }

  private static func up(
    _ channels: Int, _ geometry: ConvolutionGeometry, outputPadding: Int = 0
  ) -> [LayerDescription] {
    [
      .transposedConvolution(
        channels: channels, geometry, outputPadding: Extent(outputPadding), activation: .identity),
      .batchNormalisation, .activation(.relu),
    ]
  }
}
