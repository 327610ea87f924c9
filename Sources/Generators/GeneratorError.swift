/// What can go wrong in building, training or sampling a generative model.
public enum GeneratorError: Error, Equatable, CustomStringConvertible {
  /// The architecture does not take images of this size.
  case unsupportedSize(architecture: VAEArchitecture.Name, height: Int, width: Int, expected: String)
  /// The loss is no longer a finite number.
  case diverged(epoch: Int, learningRate: Double)
  /// Too few images to fit what was asked for.
  case tooFewImages(what: String, needed: Int, actual: Int)

  public var description: String {
    switch self {
    case .unsupportedSize(let architecture, let height, let width, let expected):
      "The architecture '\(architecture.rawValue)' takes images of \(expected) pixels, not \(height) x \(width); "
        + "set another size in the preprocessing, or take another architecture"
        + (architecture == .compact ? "." : " such as 'compact'.")
    case .diverged(let epoch, let learningRate):
      "The loss is not a number in epoch \(epoch) at a learning rate of \(learningRate); "
        + "try a tenth of that learning rate, and look for broken images with 'manikin inspect'."
    case .tooFewImages(let what, let needed, let actual):
      "\(what) needs at least \(needed) training images and there are \(actual); add images or choose another method."
    }
  }
}
