/// The scores on images of another place, and how these images differ from those that were learned from.
public struct ExternalScores: Sendable, Equatable {
  /// One method.
  public struct Row: Sendable, Equatable {
    public var method: String
    /// The mean balanced accuracy on the test images of the splits, from 0 to 1.
    public var within: Double?
    public var balancedAccuracy: Score
    public var rocArea: Score

    /// Takes every value as given.
    public init(method: String, within: Double?, balancedAccuracy: Score, rocArea: Score) {
      (self.method, self.within, self.balancedAccuracy, self.rocArea) = (method, within, balancedAccuracy, rocArea)
    }
  }

  /// One property, as the two places have it.
  public struct Shift: Sendable, Equatable {
    public var name: String
    public var first: String
    public var second: String
    public var differs: Bool

    /// Takes every value as given.
    public init(name: String, first: String, second: String, differs: Bool) {
      (self.name, self.first, self.second, self.differs) = (name, first, second, differs)
    }
  }

  /// What the place is called.
  public var name: String
  /// What the place is to the classifiers, and how many images of what it has.
  public var summary: String
  public var answer: String
  /// What the columns and intervals are.
  public var explanation: String
  public var rows: [Row]
  public var shift: [Shift]
  /// The place that was learned from, and this one.
  public var places: [String]
  /// What differs.
  public var sentences: [String]

  /// Takes every value as given.
  public init(
    name: String, summary: String, answer: String, explanation: String, rows: [Row], shift: [Shift], places: [String],
    sentences: [String]
  ) {
    (self.name, self.summary, self.answer, self.explanation) = (name, summary, answer, explanation)
    (self.rows, self.shift, self.places, self.sentences) = (rows, shift, places, sentences)
  }
}
