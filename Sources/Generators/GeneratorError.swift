/// What can go wrong in building, training or sampling a generative model.
public enum GeneratorError: Error, Equatable, CustomStringConvertible {
  /// The architecture does not take images of this size.
  case unsupportedSize(architecture: VAEArchitecture.Name, height: Int, width: Int, expected: String)
  /// The loss is no longer a finite number.
  case diverged(epoch: Int, learningRate: Double, kind: ModelKind)
  /// The loss needs more images at once.
  case batchTooSmall(what: String, needed: Int, actual: Int)
  /// There are no posterior variances of what the decoder reads.
  case noPosterior(purpose: String)
  /// The discriminator has no such layer.
  case noSuchLayer(number: Int, count: Int, architecture: VAEArchitecture.Name)

  public var description: String {
    switch self {
    case .unsupportedSize(let architecture, let height, let width, let expected):
      "The architecture '\(architecture.rawValue)' takes images of \(expected) pixels, not \(height) x \(width); "
        + "set another size in the preprocessing, or take another architecture"
        + (architecture == .compact ? "." : " such as 'compact'.")
    case .diverged(let epoch, let learningRate, let kind):
      "The loss of '\(kind.rawValue)' is not a number in epoch \(epoch) at a learning rate of \(learningRate); "
        + "try a tenth of that learning rate" + kind.steadier
        + ", and look for broken images with 'manikin inspect'."
    case .batchTooSmall(let what, let needed, let actual):
      "\(what) needs at least \(needed) images in a batch and there is \(actual); set a larger batch size or add images."
    case .noPosterior(let purpose):
      "\(purpose) needs a Gaussian posterior of each image, which this model does not have; take a model such as 'vae', "
        + "or a method such as 'gmm'."
    case .noSuchLayer(let number, let count, let architecture):
      "the discriminator for the architecture '\(architecture.rawValue)' has layers 1 to \(count), not \(number); set "
        + "another 'reconstruction-layer'."
    }
  }
}

extension ModelKind {
  /// What else makes a training steadier, for the message of one that diverged.
  fileprivate var steadier: String {
    switch self {
    case .aae, .vaegan: ", or a smaller 'adversarial-weight'"
    case .hvae, .rhvae: ", or a smaller 'step-size'"
    default: ""
    }
  }
}
