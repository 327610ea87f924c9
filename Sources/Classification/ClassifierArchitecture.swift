import Networks

/// The classifier of the paper's Table 5, adapted to any image size and number of classes.
///
/// Four stages of a 3 x 3 convolution (8, 16, 32, 64 channels), batch normalisation, LeakyReLU and 2 x 2 max pooling,
/// then 100 hidden units with ReLU and one score for each class. In the paper the convolutions have no padding and
/// strides 1, 1, 2, 2, which leaves 2 x 2 x 64 of 208 x 176. Where that does not fit a smaller image, the first of
/// these that does is taken: strides 1, 1, 2, 1; strides 1; strides 1 with a padding of 1; and, below 16 pixels, the
/// last with as many stages as fit.
///
/// LeakyReLU stands after the pooling here: it is monotone, so the two commute, and a quarter of the pixels is left.
public struct ClassifierArchitecture: Sendable, Equatable {
  public let layers: [LayerDescription]

  /// - Parameters:
  ///   - height: of the images, in pixels.
  ///   - width: of the images, in pixels.
  ///   - classes: at least 2.
  public init(height: Int, width: Int, classes: Int) {
    precondition(height >= 2 && width >= 2 && classes >= 2, "\(height) x \(width) pixels, \(classes) classes")
    var layers: [LayerDescription] = []
    for (channels, stage) in zip([8, 16, 32, 64], Self.stages(height: height, width: width)) {
      layers += [
        .convolution(channels: channels, stage, activation: .identity), .batchNormalisation,
        .maxPooling(Extent(2)), .activation(.leakyReLU(slope: 0.01)),
      ]
    }
    self.layers =
      layers + [.flatten, .linear(outputs: 100, activation: .relu), .linear(outputs: classes, activation: .identity)]
  }

  /// A layer and what the names of its parameters begin with.
  package struct NamedLayer: Codable, Sendable, Equatable {
    package var name: String
    package var layer: LayerDescription
  }

  /// The layers in their order by name; those without parameters have one too.
  package var named: [NamedLayer] {
    var number = 0
    return layers.map { layer in
      defer { number += layer.moduleCount }
      return NamedLayer(name: "classifier.\(number)", layer: layer)
    }
  }

  private static func stages(height: Int, width: Int) -> [ConvolutionGeometry] {
    let candidates: [(strides: [Int], padding: Int)] = [
      ([1, 1, 2, 2], 0), ([1, 1, 2, 1], 0), ([1, 1, 1, 1], 0), ([1, 1, 1, 1], 1), ([1, 1, 1], 1), ([1, 1], 1), ([1], 1),
    ]
    for (strides, padding) in candidates {
      let stages = strides.map {
        ConvolutionGeometry(kernel: Extent(3), stride: Extent($0), padding: Extent(padding))
      }
      var size = Extent(height, width)
      let fits = stages.allSatisfy { stage in
        guard min(size.height, size.width) + 2 * padding >= 3 else { return false }
        size = stage.outputSize(size)
        size = Extent(size.height / 2, size.width / 2)
        return size.height > 0 && size.width > 0
      }
      if fits { return stages }
    }
    return []
  }
}
