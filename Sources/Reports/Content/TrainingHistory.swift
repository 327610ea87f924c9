/// How the loss and the learning rate of one class's model went, epoch by epoch.
public struct TrainingHistory: Sendable, Equatable {
  public var className: String
  /// What the loss is, with its unit, as the label of the axis.
  public var lossName: String
  public var epochs: [Epoch]
  /// The epoch whose weights were kept.
  public var keptEpoch: Int?

  public init(className: String, lossName: String = "Loss per image", epochs: [Epoch], keptEpoch: Int? = nil) {
    self.className = className
    self.lossName = lossName
    self.epochs = epochs
    self.keptEpoch = keptEpoch
  }

  /// One epoch; a loss that was not computed is nil.
  public struct Epoch: Sendable, Equatable {
    public var number: Int
    public var trainingLoss: Double?
    public var validationLoss: Double?
    public var learningRate: Double?

    public init(number: Int, trainingLoss: Double?, validationLoss: Double? = nil, learningRate: Double? = nil) {
      self.number = number
      self.trainingLoss = trainingLoss
      self.validationLoss = validationLoss
      self.learningRate = learningRate
    }
  }
}
