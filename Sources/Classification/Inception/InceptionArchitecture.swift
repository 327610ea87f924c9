import Networks

/// Inception v3 up to its last pooling, as torchvision builds and names it: convolutions without bias, each followed by
/// batch normalisation (epsilon 0.001) and a ReLU.
///
/// Of the original it is a variant: average pooling counts padding as 0, and the last block pools by averages.
///
/// Source: Szegedy and others, "Rethinking the Inception architecture for computer vision", CVPR 2016, table 1 and
/// figures 5 to 7; torchvision's `inception_v3` for names and channels.
enum InceptionArchitecture {
  /// A part of the network.
  indirect enum Part {
    /// `name` as in the file of the weights, where `.conv.weight` and `.bn.*` follow.
    case convolution(String, channels: Int, ConvolutionGeometry)
    case maximum(ConvolutionGeometry)
    case average(ConvolutionGeometry)
    /// Channels side by side, in this order.
    case branches([[Part]])
  }

  /// The number of features.
  static let features = 2048
  /// Height and width of the smallest image that has any.
  static let leastSide = 75
  static let normalisationEpsilon: Float = 0.001

  static let parts: [Part] =
    [
      convolution("Conv2d_1a_3x3", 32, kernel: 3, stride: 2), convolution("Conv2d_2a_3x3", 32, kernel: 3),
      convolution("Conv2d_2b_3x3", 64, kernel: 3, padding: 1), shrinkingMaximum,
      convolution("Conv2d_3b_1x1", 80), convolution("Conv2d_4a_3x3", 192, kernel: 3), shrinkingMaximum,
      blockA("Mixed_5b", pool: 32), blockA("Mixed_5c", pool: 64), blockA("Mixed_5d", pool: 64), blockB("Mixed_6a"),
      blockC("Mixed_6b", 128), blockC("Mixed_6c", 160), blockC("Mixed_6d", 160), blockC("Mixed_6e", 192),
      blockD("Mixed_7a"), blockE("Mixed_7b"), blockE("Mixed_7c"),
    ]

  /// The convolutions in parts, with the channels that reach them.
  ///
  /// - Parameter channels: what reaches the parts; what leaves them afterwards.
  static func convolutions(
    in parts: [Part], _ channels: inout Int
  ) -> [(name: String, geometry: ConvolutionGeometry, inputs: Int, outputs: Int)] {
    var found: [(name: String, geometry: ConvolutionGeometry, inputs: Int, outputs: Int)] = []
    for part in parts {
      switch part {
      case .convolution(let name, let outputs, let geometry):
        found.append((name, geometry, channels, outputs))
        channels = outputs
      case .maximum, .average: break
      case .branches(let branches):
        let inputs = channels
        channels = 0
        for branch in branches {
          var own = inputs
          found += convolutions(in: branch, &own)
          channels += own
        }
      }
    }
    return found
  }

  private static func convolution(
    _ name: String, _ channels: Int, kernel: Int = 1, stride: Int = 1, padding: Int = 0
  ) -> Part {
    .convolution(
      name, channels: channels,
      ConvolutionGeometry(kernel: Extent(kernel), stride: Extent(stride), padding: Extent(padding)))
  }

  /// A kernel of one row that keeps the size.
  private static func wide(_ name: String, _ channels: Int, _ width: Int) -> Part {
    .convolution(
      name, channels: channels, ConvolutionGeometry(kernel: Extent(1, width), padding: Extent(0, width / 2)))
  }

  /// A kernel of one column that keeps the size.
  private static func high(_ name: String, _ channels: Int, _ height: Int) -> Part {
    .convolution(
      name, channels: channels, ConvolutionGeometry(kernel: Extent(height, 1), padding: Extent(height / 2, 0)))
  }

  private static let shrinkingMaximum = Part.maximum(ConvolutionGeometry(kernel: Extent(3), stride: Extent(2)))
  private static let keepingAverage = Part.average(ConvolutionGeometry(kernel: Extent(3), padding: Extent(1)))

  private static func blockA(_ name: String, pool: Int) -> Part {
    .branches([
      [convolution("\(name).branch1x1", 64)],
      [convolution("\(name).branch5x5_1", 48), convolution("\(name).branch5x5_2", 64, kernel: 5, padding: 2)],
      [
        convolution("\(name).branch3x3dbl_1", 64), convolution("\(name).branch3x3dbl_2", 96, kernel: 3, padding: 1),
        convolution("\(name).branch3x3dbl_3", 96, kernel: 3, padding: 1),
      ],
      [keepingAverage, convolution("\(name).branch_pool", pool)],
    ])
  }

  private static func blockB(_ name: String) -> Part {
    .branches([
      [convolution("\(name).branch3x3", 384, kernel: 3, stride: 2)],
      [
        convolution("\(name).branch3x3dbl_1", 64), convolution("\(name).branch3x3dbl_2", 96, kernel: 3, padding: 1),
        convolution("\(name).branch3x3dbl_3", 96, kernel: 3, stride: 2),
      ],
      [shrinkingMaximum],
    ])
  }

  private static func blockC(_ name: String, _ inner: Int) -> Part {
    .branches([
      [convolution("\(name).branch1x1", 192)],
      [
        convolution("\(name).branch7x7_1", inner), wide("\(name).branch7x7_2", inner, 7),
        high("\(name).branch7x7_3", 192, 7),
      ],
      [
        convolution("\(name).branch7x7dbl_1", inner), high("\(name).branch7x7dbl_2", inner, 7),
        wide("\(name).branch7x7dbl_3", inner, 7), high("\(name).branch7x7dbl_4", inner, 7),
        wide("\(name).branch7x7dbl_5", 192, 7),
      ],
      [keepingAverage, convolution("\(name).branch_pool", 192)],
    ])
  }

  private static func blockD(_ name: String) -> Part {
    .branches([
      [convolution("\(name).branch3x3_1", 192), convolution("\(name).branch3x3_2", 320, kernel: 3, stride: 2)],
      [
        convolution("\(name).branch7x7x3_1", 192), wide("\(name).branch7x7x3_2", 192, 7),
        high("\(name).branch7x7x3_3", 192, 7), convolution("\(name).branch7x7x3_4", 192, kernel: 3, stride: 2),
      ],
      [shrinkingMaximum],
    ])
  }

  private static func blockE(_ name: String) -> Part {
    .branches([
      [convolution("\(name).branch1x1", 320)],
      [
        convolution("\(name).branch3x3_1", 384),
        .branches([[wide("\(name).branch3x3_2a", 384, 3)], [high("\(name).branch3x3_2b", 384, 3)]]),
      ],
      [
        convolution("\(name).branch3x3dbl_1", 448), convolution("\(name).branch3x3dbl_2", 384, kernel: 3, padding: 1),
        .branches([[wide("\(name).branch3x3dbl_3a", 384, 3)], [high("\(name).branch3x3dbl_3b", 384, 3)]]),
      ],
      [keepingAverage, convolution("\(name).branch_pool", 192)],
    ])
  }
}
