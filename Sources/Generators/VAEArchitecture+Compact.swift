import Networks

extension VAEArchitecture {
  /// Manikin's own network.
  ///
  /// Up to five 5 x 5 convolutions of stride 2 (16, 32, 64, 128, 128 channels), as many as leave at least 3 pixels on
  /// the shorter side, and the mirror of them. The log-variance is free.
  static func compact(_ size: Extent, channels imageChannels: Int) -> VAEArchitecture {
    let geometry = ConvolutionGeometry(kernel: Extent(5), stride: Extent(2), padding: Extent(2))
    var sizes = [size]
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
    return VAEArchitecture(
      encoder: channels.map { .convolution(channels: $0, geometry, activation: .relu) } + [.flatten], decoder: decoder)
  }
}
