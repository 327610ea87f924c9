import Foundation
import Networks
import Tensors

/// Features of images for the Fréchet distance (FID): what Inception v3, with weights that the user brings, makes of an
/// image in its last pooling, 2048 numbers.
///
/// Images are brought to 299 x 299 and to [-1, 1] as `InceptionInput` says, which is what torchvision's network does to
/// its own input under `transform_input`. Distances compare only with such that were measured with the same weights:
/// those of torchvision are not those that were carried over from TensorFlow for FID, whose network differs in details
/// besides.
///
/// Source: Heusel and others, "GANs trained by a two time-scale update rule", NeurIPS 2017, for the use.
public final class InceptionFeatures: Sendable {
  /// Height and width to which images are brought.
  public let side: Int

  private let stages: [Stage]

  /// A part with its weights; batch normalisation is folded into them.
  private indirect enum Stage: Sendable {
    case convolution(ConvolutionGeometry, weights: Variable, bias: Variable)
    case maximum(ConvolutionGeometry)
    case average(ConvolutionGeometry)
    case branches([[Stage]])
  }

  /// What a file of weights has to hold: names, and shapes as PyTorch has them.
  public static var tensors: [(name: String, shape: [Int])] {
    var channels = 3
    return InceptionArchitecture.convolutions(in: InceptionArchitecture.parts, &channels).flatMap { part in
      [
        (
          name: "\(part.name).conv.weight",
          shape: [part.outputs, part.inputs, part.geometry.kernel.height, part.geometry.kernel.width]
        )
      ]
        + ["weight", "bias", "running_mean", "running_var"].map {
          (name: "\(part.name).bn.\($0)", shape: [part.outputs])
        }
    }
  }

  /// - Parameters:
  ///   - weights: the bytes of a safetensors file, float32, with the names of torchvision's `inception_v3`, such as
  ///     `Conv2d_1a_3x3.conv.weight` and `Conv2d_1a_3x3.bn.running_mean`; what it holds beyond them is ignored.
  ///   - path: what errors call them.
  ///   - side: to which images are brought, at least 75.
  /// - Throws: `InceptionError.weights`, which names the tensor that is missing, of another shape, or not sound.
  public convenience init(weights: Data, path: String, side: Int = InceptionInput.usualSide) throws {
    let entries: [String: SafeTensors.Entry]
    do {
      entries = try SafeTensors.decode(weights, path: path).entries
    } catch NetworkError.weights(_, let problem) {
      throw InceptionError.weights(path: path, problem: problem)
    }
    try self.init(entries, path: path, side: side)
  }

  /// As `init(weights:path:side:)`, from tensors by name.
  public init(_ entries: [String: SafeTensors.Entry], path: String, side: Int = InceptionInput.usualSide) throws {
    precondition(side >= InceptionArchitecture.leastSide, "images of \(side) x \(side) are too small")
    self.side = side
    let source = InceptionWeights(entries: entries, path: path)
    var channels = 3
    stages = try Self.stages(InceptionArchitecture.parts, source, &channels)
    precondition(channels == InceptionArchitecture.features, "\(channels) features")
  }

  /// The parts with their weights.
  ///
  /// - Parameter channels: what reaches them; what leaves them afterwards.
  private static func stages(
    _ parts: [InceptionArchitecture.Part], _ source: InceptionWeights, _ channels: inout Int
  ) throws -> [Stage] {
    try parts.map { part in
      switch part {
      case .convolution(let name, let outputs, let geometry):
        let (weights, bias) = try source.convolution(name, geometry, inputs: channels, outputs: outputs)
        channels = outputs
        return .convolution(geometry, weights: Variable(weights), bias: Variable(bias))
      case .maximum(let geometry): return .maximum(geometry)
      case .average(let geometry): return .average(geometry)
      case .branches(let branches):
        var total = 0
        let inputs = channels
        let built = try branches.map { branch in
          var own = inputs
          defer { total += own }
          return try stages(branch, source, &own)
        }
        channels = total
        return .branches(built)
      }
    }
  }

  /// The features of images, `[image, 2048]`.
  ///
  /// - Parameters:
  ///   - images: in [0, 1], `[image, height, width, channel]` with one channel, which stands for all three, or red, green
  ///     and blue; at least one image.
  ///   - batch: images that are worked on at once; memory grows with it, about 20 MB each at 299 x 299.
  /// - Throws: `InceptionError.notFinite` if weights take some image beyond what numbers hold.
  public func features(_ images: Tensor, batch: Int = 16) throws -> Tensor {
    precondition(images.shape.count == 4 && images.shape[0] > 0 && batch > 0, "features of \(images.shape)")
    let input = InceptionInput(height: images.shape[1], width: images.shape[2], channels: images.shape[3], side: side)
    let count = images.shape[0]
    let parts = Recording.off {
      stride(from: 0, to: count, by: batch).map { start in
        let rows = images.rows(Array(start..<min(start + batch, count)))
        return Self.apply(stages, to: Variable(input.prepared(rows))).averagedOverPixels().value
      }
    }
    let features = Tensor.concatenated(parts)
    guard features.buffer.allSatisfy(\.isFinite) else { throw InceptionError.notFinite }
    return features
  }

  private static func apply(_ stages: [Stage], to input: Variable) -> Variable {
    stages.reduce(input) { value, stage in
      switch stage {
      case .convolution(let geometry, let weights, let bias):
        value.convolution(geometry, weights: weights, bias: bias, activation: .relu)
      case .maximum(let geometry): value.maxPooled(geometry)
      case .average(let geometry): value.averagePooled(geometry)
      case .branches(let branches): .channelsJoined(branches.map { apply($0, to: value) })
      }
    }
  }
}

/// What can go wrong with Inception's features; each description is one sentence.
public enum InceptionError: Error, Equatable, CustomStringConvertible {
  /// A file that is not Inception's weights.
  case weights(path: String, problem: String)
  case notFinite

  public var description: String {
    switch self {
    case .weights(let path, let problem):
      "\(path): \(problem); save the state_dict of torchvision's inception_v3 as safetensors in float32"
    case .notFinite:
      "Inception's features are not finite with these weights; use the weights of a network that was trained"
    }
  }
}
