/// Multiplies the learning rate by a factor when a score has not improved for a number of epochs.
///
/// An improvement is a decrease by more than `threshold` of the best value, as in PyTorch's `ReduceLROnPlateau`
/// (mode "min", threshold mode "rel").
public struct PlateauSchedule: Sendable, Equatable, Codable {
  public let patience: Int
  public let factor: Float
  public let threshold: Double
  public private(set) var best = Double.infinity
  public private(set) var epochsWithoutImprovement = 0

  public init(patience: Int, factor: Float, threshold: Double = 1e-4) {
    self.patience = patience
    self.factor = factor
    self.threshold = threshold
  }

  /// The learning rate for the next epoch.
  ///
  /// - Parameters:
  ///   - score: this epoch's value of what should fall.
  ///   - learningRate: that of the epoch just done.
  /// - Returns: `learningRate`, or `factor` times it.
  public mutating func next(after score: Double, learningRate: Float) -> Float {
    if score < best - abs(best == .infinity ? 0 : best) * threshold || best == .infinity {
      best = score
      epochsWithoutImprovement = 0
      return learningRate
    }
    epochsWithoutImprovement += 1
    guard epochsWithoutImprovement > patience else { return learningRate }
    epochsWithoutImprovement = 0
    return learningRate * factor
  }
}
