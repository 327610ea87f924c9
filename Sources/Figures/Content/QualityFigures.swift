/// Whether one method's images carry a mark of their class, and how many training images stand behind them.
public struct QualityFigures: Sendable, Equatable {
  /// How well one statistic tells sets of images apart: an area under the ROC curve, 0.5 to 1, for each column.
  public struct Row: Sendable, Equatable {
    public var statistic: String
    public var values: [Double]

    /// Takes every value as given.
    public init(statistic: String, values: [Double]) {
      (self.statistic, self.values) = (statistic, values)
    }
  }

  /// The training images behind a class's generated ones: how many different ones, and how many evenly used ones would be
  /// as varied.
  public struct Crowd: Sendable, Equatable {
    public var className: String
    public var generated: Int
    public var training: Int
    public var differentByCode: Int
    public var effectiveByCode: Double
    public var differentByPixels: Int
    public var effectiveByPixels: Double

    /// Takes every value as given.
    public init(
      className: String, generated: Int, training: Int, differentByCode: Int, effectiveByCode: Double,
      differentByPixels: Int, effectiveByPixels: Double
    ) {
      (self.className, self.generated, self.training) = (className, generated, training)
      (self.differentByCode, self.effectiveByCode) = (differentByCode, effectiveByCode)
      (self.differentByPixels, self.effectiveByPixels) = (differentByPixels, effectiveByPixels)
    }
  }

  public var method: String
  /// In plain words; nil when nothing was checked.
  public var verdict: String?
  public var isLeak: Bool
  /// What is told apart in each column, such as `generated AD | CN`.
  public var columns: [String]
  public var areas: [Row]
  public var crowding: [Crowd]
  /// The same method's images in the other splits; empty for one split.
  public var otherSplits: [QualityFigures] = []

  /// Takes every value as given.
  public init(
    method: String, verdict: String?, isLeak: Bool, columns: [String], areas: [Row], crowding: [Crowd]
  ) {
    (self.method, self.verdict, self.isLeak) = (method, verdict, isLeak)
    (self.columns, self.areas, self.crowding) = (columns, areas, crowding)
  }
}
