/// How much memory training a network takes, predicted from its layers.
///
/// The forward pass keeps what each layer made. The backward pass walks from the end and frees it on the way; at a layer
/// it holds the gradients of the layer's output and input. So the most is the largest, over layers, of all kept up to
/// there and these two. Beside it stand the weights with
/// Adam's two moments, and the scratch memory of the kernel that asks for most.
public struct TrainingFootprint: Sendable, Equatable {
  /// Trained weights.
  public private(set) var weights = 0
  /// Values kept for one image by a forward pass.
  public private(set) var kept = 0
  /// The most values for one image at any time of a step.
  public private(set) var most = 0
  /// Values of scratch memory, which do not grow with the batch.
  public private(set) var scratch = 0

  private var largestGradient = 0

  /// - Parameter input: the shape of one image, which is in memory itself.
  public init(input: [Int]) {
    kept = input.reduce(1, *)
    most = kept
  }

  /// - Parameters:
  ///   - layers: applied in order; further networks may follow by `append`.
  ///   - input: `[height, width, channel]` or `[feature]`.
  /// - Returns: the shape of the output.
  @discardableResult
  public mutating func append(_ layers: [LayerDescription], input: [Int]) -> [Int] {
    var shape = input
    for (index, layer) in layers.enumerated() {
      let before = shape.reduce(1, *)
      switch layer {
      case .convolution(let channels, let geometry, _):
        let size = geometry.outputSize(Extent(shape[0], shape[1]))
        let area = geometry.kernel.height * geometry.kernel.width
        weights += channels * (shape[2] * area + 1)
        addScratch(shape[2], channels, area, stride: geometry.stride)
        shape = [size.height, size.width, channels]
      case .transposedConvolution(let channels, let geometry, let outputPadding, _):
        let size = geometry.transposedSize(Extent(shape[0], shape[1]), outputPadding: outputPadding)
        let area = geometry.kernel.height * geometry.kernel.width
        weights += channels * (shape[2] * area + 1)
        addScratch(channels, shape[2], area, stride: geometry.stride)
        shape = [size.height, size.width, channels]
      case .linear(let outputs, let activation):
        weights += outputs * (shape[0] + 1)
        // The gradient of the weights, beside all else, until the optimiser has used it.
        largestGradient = max(largestGradient, outputs * shape[0])
        shape = [outputs]
        if activation != .identity { kept += outputs }
      case .batchNormalisation:
        weights += 2 * shape[shape.count - 1]
        // Joined with the pooling and the activation that follow; only what the last of them makes is kept.
        guard index + 1 < layers.count else { break }
        switch layers[index + 1] {
        case .maxPooling, .activation: continue
        default: break
        }
      case .maxPooling(let size):
        shape = [shape[0] / size.height, shape[1] / size.width, shape[2]]
        if index + 1 < layers.count, case .activation = layers[index + 1] {
          most = max(most, kept + 2 * before)
          continue
        }
      case .activation, .flatten: if case .flatten = layer { shape = [before] }
      case .unflatten(let size, let channels): shape = [size.height, size.width, channels]
      }
      let after = shape.reduce(1, *)
      kept += after
      most = max(most, kept + after + before)
    }
    return shape
  }

  private mutating func addScratch(_ inputs: Int, _ outputs: Int, _ area: Int, stride: Extent) {
    let weights = inputs * outputs * area
    largestGradient = max(largestGradient, weights)
    // Filters of the tiled kernels have (k + s) / k values along an axis for each of the kernel's k; see phase_tiles.h.
    let side = Double(area).squareRoot()
    let growth = (side + Double(stride.height)) / side * (side + Double(stride.width)) / side
    let isTiled = inputs % 8 == 0 && outputs % 8 == 0 && inputs >= 16 && outputs >= 16 && area >= 16
    let filters = isTiled ? Int(growth * Double(weights)) : weights
    let tiles = isTiled ? max(1 << 20, 256 * (Int(growth * Double(area)) * inputs + 16 * outputs)) : 1 << 20
    scratch = max(scratch, filters + tiles)
  }

  /// Bytes of a training.
  ///
  /// - Parameters:
  ///   - images: in memory at once.
  ///   - keepsBest: whether the best weights so far are kept beside the present ones.
  ///   - accumulates: whether a batch is worked off in parts, whose gradients are added up.
  public func bytes(images: Int, keepsBest: Bool, accumulates: Bool) -> Int {
    let copies = 3 + (keepsBest ? 1 : 0) + (accumulates ? 1 : 0)
    return 4 * (copies * weights + images * most + scratch + largestGradient)
  }
}
