/// How the loss and the learning rate of one class's model went, epoch by epoch.
public struct TrainingHistory: Sendable, Equatable {
  /// The class that this is about.
  public var className: String
  /// What the loss is, with its unit, as the label of the axis.
  public var lossName: String
  /// The epochs in order.
  public var epochs: [Epoch]
  /// The epoch whose weights were kept.
  public var keptEpoch: Int?

  /// Takes every value as given.
  public init(className: String, lossName: String = "Loss per image", epochs: [Epoch], keptEpoch: Int? = nil) {
    self.className = className
    self.lossName = lossName
    self.epochs = epochs
    self.keptEpoch = keptEpoch
  }

  /// One epoch; a loss that was not computed is nil.
  public struct Epoch: Sendable, Equatable {
    /// The number of the epoch, from 1.
    public var number: Int
    /// The mean loss over the training images.
    public var trainingLoss: Double?
    /// The mean loss over the validation images.
    public var validationLoss: Double?
    /// The learning rate of this epoch.
    public var learningRate: Double?

    /// Takes every value as given.
    public init(number: Int, trainingLoss: Double?, validationLoss: Double? = nil, learningRate: Double? = nil) {
      self.number = number
      self.trainingLoss = trainingLoss
      self.validationLoss = validationLoss
      self.learningRate = learningRate
    }
  }
}
