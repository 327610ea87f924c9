import Tensors

/// How much memory training a network takes, predicted from its layers.
///
/// The forward pass keeps what each layer made. The backward pass walks from the end and frees it on the way; at a layer
/// it holds the gradients of the layer's output and input; inside of a residual block the gradient of the sum waits beside
/// them. So the most is the largest, over layers, of all kept up to there and these two or three. Transposed convolutions at the end make of a large batch only what a part of it needs at a time
/// (`TailPlan`). Beside it stand the weights with Adam's two moments, and the scratch memory of the kernel that asks for
/// most.
public struct TrainingFootprint: Sendable, Equatable {
  /// Trained weights.
  public private(set) var weights = 0
  /// Bytes of scratch memory, which do not grow with the batch.
  public private(set) var scratch = 0

  /// Bytes kept for one image by a forward pass, and the most at any time of a step.
  private var kept = 0
  private var most = 0
  private var largestGradient = 0
  /// Bytes that do not grow with the batch, beside weights and scratch.
  private var fixed = 0
  /// Bytes of gradients that wait while the walk is inside of residual blocks.
  private var waiting = 0
  private let precision: Precision
  private var end: [End] = []

  /// A transposed convolution after which nothing else comes.
  private struct End: Equatable {
    var values: Int
    var weights: Int
    /// Bytes of its input and of its output.
    var before: Int
    var after: Int
    /// What was kept, and the most, before it.
    var kept: Int
    var most: Int
  }

  /// - Parameters:
  ///   - input: the shape of one image, which is in memory itself.
  ///   - precision: of the convolutions.
  public init(input: [Int], precision: Precision = .float32) {
    self.precision = precision
    kept = 4 * input.reduce(1, *)
    most = kept
  }

  /// - Parameters:
  ///   - layers: applied in order; further networks may follow by `append`.
  ///   - input: `[height, width, channel]` or `[feature]`.
  /// - Returns: the shape of the output.
  @discardableResult
  public mutating func append(_ layers: [LayerDescription], input: [Int]) -> [Int] {
    var shape = input
    var before = 4 * shape.reduce(1, *)
    end = []
    var isInStage = false
    for (index, layer) in layers.enumerated() {
      let next = index + 1 < layers.count ? layers[index + 1] : nil
      var ends: (weights: Int, values: Int)?
      switch layer {
      case .convolution(let channels, let geometry, _):
        let size = geometry.outputSize(Extent(shape[0], shape[1]))
        let area = geometry.kernel.height * geometry.kernel.width
        weights += channels * (shape[2] * area + 1)
        addScratch(shape[2], channels, area, stride: geometry.stride)
        let stage = stageBytes(layers[index...], input: shape, inputGradient: index > 0)
        shape = [size.height, size.width, channels]
        if let stage {
          // Neither its output nor the gradient by it is in memory, but for what the kernel keeps.
          kept += stage
          isInStage = true
          continue
        }
      case .transposedConvolution(let channels, let geometry, let outputPadding, _):
        let size = geometry.transposedSize(Extent(shape[0], shape[1]), outputPadding: outputPadding)
        let area = geometry.kernel.height * geometry.kernel.width
        weights += channels * (shape[2] * area + 1)
        addScratch(channels, shape[2], area, stride: geometry.stride)
        ends = (channels * shape[2] * area, size.height * size.width * channels)
        shape = [size.height, size.width, channels]
      case .linear(let outputs, let activation):
        weights += outputs * (shape[0] + 1)
        // The gradient of the weights, beside all else, until the optimiser has used it.
        largestGradient = max(largestGradient, 4 * outputs * shape[0])
        shape = [outputs]
        if activation != .identity { kept += 4 * outputs }
      case .batchNormalisation:
        weights += 2 * shape[shape.count - 1]
        // Joined with the pooling and the activation that follow; only what the last of them makes is kept.
        switch next {
        case .maxPooling, .activation: continue
        default: break
        }
      case .maxPooling(let size):
        shape = [shape[0] / size.height, shape[1] / size.width, shape[2]]
        if case .activation = next {
          if !isInStage { most = max(most, kept + waiting + 2 * before) }
          continue
        }
      case .activation: break
      case .flatten: shape = [shape.reduce(1, *)]
      case .unflatten(let size, let channels): shape = [size.height, size.width, channels]
      case .residual(let block):
        waiting += before
        shape = append(block, input: shape)
        waiting -= before
      }
      let after = Self.bytes(of: shape, after: layer, before: next, precision)
      if let ends {
        end.append(
          End(
            values: ends.values, weights: ends.weights, before: before, after: after, kept: kept, most: most))
      } else {
        end = []
      }
      kept += after
      most = max(most, kept + waiting + after + before)
      before = after
      isInStage = false
    }
    return shape
  }

  /// What is kept of one image by a stage that is one operation; nil if the layers do not begin with such a one.
  private func stageBytes(_ layers: ArraySlice<LayerDescription>, input: [Int], inputGradient: Bool) -> Int? {
    guard precision == .float32, layers.count > 2,
      case .convolution(let channels, let geometry, .identity) = layers[layers.startIndex],
      case .batchNormalisation = layers[layers.startIndex + 1],
      case .maxPooling(PooledConvolution.window) = layers[layers.startIndex + 2]
    else { return nil }
    return PooledConvolution.keptBytes(
      geometry, input: input, outputChannels: channels, inputGradient: inputGradient)
  }

  /// What is kept of a layer's output for one image: in the precision's numbers between convolutions.
  private static func bytes(
    of shape: [Int], after layer: LayerDescription, before next: LayerDescription?, _ precision: Precision
  ) -> Int {
    let count = shape.reduce(1, *)
    switch (layer, next) {
    case (.convolution, .convolution), (.convolution, .transposedConvolution), (.transposedConvolution, .convolution),
      (.transposedConvolution, .transposedConvolution), (.unflatten, .convolution),
      (.unflatten, .transposedConvolution):
      return precision.element.byteCount * count
    default: return 4 * count
    }
  }

  private mutating func addScratch(_ inputs: Int, _ outputs: Int, _ area: Int, stride: Extent) {
    let weights = inputs * outputs * area
    largestGradient = max(largestGradient, 4 * weights)
    // Filters of the tiled kernels have (k + s) / k values along an axis for each of the kernel's k; see phase_tiles.h.
    let side = Double(area).squareRoot()
    let growth = (side + Double(stride.height)) / side * (side + Double(stride.width)) / side
    let isTiled = inputs % 8 == 0 && outputs % 8 == 0 && inputs >= 16 && outputs >= 16 && area >= 16
    let filters = isTiled ? Int(growth * Double(weights)) : weights
    let tiles = isTiled ? max(1 << 20, 256 * (Int(growth * Double(area)) * inputs + 16 * outputs)) : 1 << 20
    // The sums of the weights' gradient are float32 always.
    scratch = max(scratch, 4 * filters + precision.element.byteCount * tiles)
  }

  /// Bytes of a training.
  ///
  /// - Parameters:
  ///   - images: in memory at once.
  ///   - keepsBest: whether the best weights so far are kept beside the present ones.
  ///   - accumulates: whether a batch is worked off in parts, whose gradients are added up.
  public func bytes(images: Int, keepsBest: Bool, accumulates: Bool) -> Int {
    let copies = 3 + (keepsBest ? 1 : 0) + (accumulates ? 1 : 0)
    return 4 * copies * weights + imageBytes(images) + scratch + largestGradient + fixed
  }

  /// The most images of a step for which a training takes no more than so many bytes; 0 if there are none.
  ///
  /// - Parameters:
  ///   - bytes: of memory that the training may take.
  ///   - limit: images of the batch, the most that are asked for.
  ///   - keepsBest: whether the best weights so far are kept beside the present ones.
  ///   - accumulates: whether a batch is worked off in parts, whose gradients are added up.
  public func images(within bytes: Int, of limit: Int, keepsBest: Bool, accumulates: Bool) -> Int {
    (1...max(limit, 1)).last { self.bytes(images: $0, keepsBest: keepsBest, accumulates: accumulates) <= bytes } ?? 0
  }

  private func imageBytes(_ images: Int) -> Int {
    guard let plan = TailPlan(end.map { .init(values: $0.values, weights: $0.weights) }, batch: images) else {
      return images * most
    }
    let tail = end.suffix(plan.layers)
    let first = tail[tail.startIndex]
    let pair = tail.map { $0.before + $0.after }.max()!
    let part = tail.reduce(first.before) { $0 + $1.after } + pair
    // Up to the cut, the gradient there, and a part's own.
    return max(images * first.most, images * (first.kept + first.before) + plan.images * part)
  }
}

extension TrainingFootprint {
  /// Layers that one step passes several times, all of which it keeps.
  ///
  /// - Parameters:
  ///   - layers: that the input goes through in order.
  ///   - input: the shape of one input, without the batch.
  ///   - passes: how often; what a pass keeps for second derivatives counts as one or more.
  ///   - images: that go through them whatever the batch; nil for those of the batch.
  /// - Returns: the shape of the output.
  @discardableResult
  public mutating func append(
    _ layers: [LayerDescription], input: [Int], passes: Double, images: Int? = nil
  ) -> [Int] {
    let (keptBefore, mostBefore) = (kept, most)
    let shape = append(layers, input: input)
    let more = (kept: passes * Double(kept - keptBefore), most: passes * Double(max(most, keptBefore) - keptBefore))
    if let images {
      fixed += Int(more.most) * images
      (kept, most) = (keptBefore, mostBefore)
    } else {
      kept = keptBefore + Int(more.kept)
      most = max(mostBefore, keptBefore + Int(more.most))
    }
    end = []
    return shape
  }
}
