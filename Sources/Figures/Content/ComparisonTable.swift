/// How much every method lies above one baseline.
public struct ComparisonTable: Sendable, Equatable {
  /// One method against the baseline.
  public struct Row: Sendable, Equatable {
    public var method: String
    /// The mean difference as a fraction; nil when it is not defined.
    public var difference: Double?
    public var interval: ClosedRange<Double>?
    /// Corrected for the number of comparisons; nil when nothing was tested.
    public var pValue: Double?
    /// Whether the splits are too few for an interval.
    public var hasTooFewSplits: Bool
    /// Whether the page's accent colour marks this method.
    public var isHighlighted: Bool

    /// Takes every value as given.
    public init(
      method: String, difference: Double?, interval: ClosedRange<Double>?, pValue: Double?,
      hasTooFewSplits: Bool = false,
      isHighlighted: Bool = false
    ) {
      self.method = method
      self.difference = difference
      self.interval = interval
      self.pValue = pValue
      self.hasTooFewSplits = hasTooFewSplits
      self.isHighlighted = isHighlighted
    }
  }

  public var baseline: String
  public var rows: [Row]
  /// One or two sentences: how the intervals were found, and what they do not cover.
  public var explanation: String

  /// Takes every value as given.
  public init(baseline: String, rows: [Row], explanation: String) {
    self.baseline = baseline
    self.rows = rows
    self.explanation = explanation
  }
}
