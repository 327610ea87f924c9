/// How a classifier is trained.
///
/// Source: the paper, Appendix D: batches of 200, 50 epochs, Adam at 1e-4, halved after 5 epochs without improvement.
public struct ClassifierConfiguration: Codable, Sendable, Equatable {
  /// Passes over the training set, at least 1.
  public var epochs = 50
  /// Images in a step, at least 2.
  public var batchSize = 200
  /// The most images in memory at once, at least 2; nil for a whole batch. A larger batch is worked off in parts whose
  /// gradients are added up; batch normalisation then takes its statistics from each part.
  public var imagesAtOnce: Int?
  public var learningRate = 1e-4
  /// Epochs without a better validation loss before the learning rate falls.
  public var plateauPatience = 5
  /// What the learning rate is multiplied by then, in (0, 1].
  public var plateauFactor = 0.5
  /// Which epoch's weights a training with validation images ends with.
  public var keep = KeptEpoch.best

  public enum KeptEpoch: String, Codable, Sendable, CaseIterable {
    /// The one with the best balanced accuracy on validation images; of a few dozen images that is a rough choice.
    case best
    case last
  }

  public init() {}
}
