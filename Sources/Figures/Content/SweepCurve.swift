/// How the scores of several methods change with one setting.
public struct SweepCurve: Sendable, Equatable {
  /// One method at one value.
  public struct Point: Sendable, Equatable {
    public var value: Double
    /// A fraction.
    public var mean: Double
    public var interval: ClosedRange<Double>?

    /// Takes every value as given.
    public init(value: Double, mean: Double, interval: ClosedRange<Double>?) {
      self.value = value
      self.mean = mean
      self.interval = interval
    }
  }

  /// One method.
  public struct Line: Sendable, Equatable {
    public var name: String
    /// Whether the page's accent colour marks this method.
    public var isHighlighted: Bool
    /// By ascending value.
    public var points: [Point]

    /// Takes every value as given.
    public init(name: String, isHighlighted: Bool, points: [Point]) {
      self.name = name
      self.isHighlighted = isHighlighted
      self.points = points
    }
  }

  /// What the values are.
  public var axis: String
  public var lines: [Line]
  /// One or two sentences: what the bands are.
  public var explanation: String

  /// Takes every value as given.
  public init(axis: String, lines: [Line], explanation: String) {
    self.axis = axis
    self.lines = lines
    self.explanation = explanation
  }
}
