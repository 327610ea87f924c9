import Networks

/// The residual networks of the paper's Table 3, of which Appendix C.4 says only that they are simpler. These are the layers,
/// sizes and activations of the authors' published benchmark networks: of the one for CIFAR 10 at 32 x 32, and of the one
/// for CelebA at 64 x 64, down to the sigmoid inside of the latter's decoder.
extension VAEArchitecture {
  static func residual(_ size: Extent, channels: Int) -> VAEArchitecture {
    size == Extent(32) ? residual32(channels: channels) : residual64(channels: channels)
  }

  /// Two convolutions of stride 2 and one of stride 1 down to 8 x 8 x 128, two residual blocks, and back.
  private static func residual32(channels: Int) -> VAEArchitecture {
    VAEArchitecture(
      encoder: [
        .convolution(channels: 64, half, activation: .identity),
        .convolution(channels: 128, half, activation: .identity),
        .convolution(channels: 128, geometry(3, stride: 1, padding: 1), activation: .identity), block, block, .flatten,
      ],
      decoder: [
        .linear(outputs: 8192, activation: .identity), .unflatten(Extent(8), channels: 128), block, block,
        .transposedConvolution(channels: 64, half, outputPadding: Extent(0), activation: .identity),
        .transposedConvolution(channels: channels, half, outputPadding: Extent(0), activation: .sigmoid),
      ])
  }

  /// Four convolutions of stride 2 down to 4 x 4 x 128, two residual blocks, and back.
  private static func residual64(channels: Int) -> VAEArchitecture {
    let (three, five) = (geometry(3, stride: 2, padding: 1), geometry(5, stride: 2, padding: 1))
    return VAEArchitecture(
      encoder: [
        .convolution(channels: 64, half, activation: .identity),
        .convolution(channels: 128, half, activation: .identity),
        .convolution(channels: 128, three, activation: .identity),
        .convolution(channels: 128, three, activation: .identity), block, block, .flatten,
      ],
      decoder: [
        .linear(outputs: 2048, activation: .identity), .unflatten(Extent(4), channels: 128),
        .transposedConvolution(channels: 128, three, outputPadding: Extent(0), activation: .identity), block, block,
        .transposedConvolution(channels: 128, five, outputPadding: Extent(0), activation: .sigmoid),
        .transposedConvolution(channels: 64, five, outputPadding: Extent(1), activation: .identity),
        .transposedConvolution(channels: channels, half, outputPadding: Extent(0), activation: .sigmoid),
      ])
  }

  /// A ReLU, a 3 x 3 convolution to 32 channels, a ReLU, and a 1 x 1 convolution back to 128, added to what came in.
  private static let block = LayerDescription.residual([
    .activation(.relu), .convolution(channels: 32, geometry(3, stride: 1, padding: 1), activation: .relu),
    .convolution(channels: 128, geometry(1, stride: 1, padding: 0), activation: .identity),
  ])

  /// Halves or doubles a size.
  private static let half = geometry(4, stride: 2, padding: 1)

  private static func geometry(_ kernel: Int, stride: Int, padding: Int) -> ConvolutionGeometry {
    ConvolutionGeometry(kernel: Extent(kernel), stride: Extent(stride), padding: Extent(padding))
  }
}
