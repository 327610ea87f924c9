/// The classifier's scores for each method of making its training set.
public struct ScoreTable: Sendable, Equatable {
  /// The methods in the order of the table.
  public var methods: [MethodScores]
  /// One or two sentences under the table: what a run is, what was held fixed.
  public var explanation: String?
  /// What the scores' intervals are, for the key of the bars.
  public var intervalMeaning: String
  /// What the values of each score are called, in their order, such as `split 1, run 2`; without names they are numbered.
  public var runNames: [String]
  /// The methods against each baseline.
  public var comparisons: [ComparisonTable]

  /// Takes every value as given.
  public init(
    methods: [MethodScores], explanation: String? = nil, intervalMeaning: String = "95 % interval of the mean",
    runNames: [String] = [], comparisons: [ComparisonTable] = []
  ) {
    self.methods = methods
    self.explanation = explanation
    self.intervalMeaning = intervalMeaning
    self.runNames = runNames
    self.comparisons = comparisons
  }

  /// The class names in the order in which they first appear.
  package var classNames: [String] {
    var names: [String] = []
    for scores in methods.flatMap(\.classes) where !names.contains(scores.className) { names.append(scores.className) }
    return names
  }
}

/// One row of the table: a method and its scores.
public struct MethodScores: Sendable, Equatable {
  /// The method's name as recipes spell it, for example `original-resampled`.
  public var name: String
  /// A few words that say what the method is.
  public var summary: String?
  /// Whether the page's accent colour marks this method.
  public var isHighlighted: Bool
  /// The mean over classes of the recall, the score by which methods are compared.
  public var balancedAccuracy: Score
  /// What needs no threshold; empty where probabilities are not known.
  public var withoutThreshold: [NamedScore]
  /// The scores class by class, in the order of the table.
  public var classes: [ClassScores]

  /// Takes every value as given.
  public init(
    name: String, summary: String? = nil, isHighlighted: Bool = false, balancedAccuracy: Score,
    withoutThreshold: [NamedScore] = [], classes: [ClassScores] = []
  ) {
    self.name = name
    self.summary = summary
    self.isHighlighted = isHighlighted
    self.balancedAccuracy = balancedAccuracy
    self.withoutThreshold = withoutThreshold
    self.classes = classes
  }
}

/// A score with its name, and the gain over the table's first baseline.
public struct NamedScore: Sendable, Equatable {
  public var name: String
  public var score: Score
  /// As a fraction, positive for the better; nil for the baseline itself and where it is not defined.
  public var gain: Double?
  /// The interval of the gain; nil where none can be given.
  public var gainInterval: ClosedRange<Double>?

  /// Takes every value as given.
  public init(name: String, score: Score, gain: Double? = nil, gainInterval: ClosedRange<Double>? = nil) {
    self.name = name
    self.score = score
    self.gain = gain
    self.gainInterval = gainInterval
  }
}

/// The scores of one method on one class.
public struct ClassScores: Sendable, Equatable {
  /// The class that this is about.
  public var className: String
  /// The harmonic mean of precision and recall.
  public var f1: Score
  /// The share of the images given this class that are of it; undefined when none was given it.
  public var precision: Score
  /// The share of the images of this class that were given it.
  public var recall: Score

  /// Takes every value as given.
  public init(className: String, f1: Score, precision: Score, recall: Score) {
    self.className = className
    self.f1 = f1
    self.precision = precision
    self.recall = recall
  }
}

/// A score as a fraction in 0...1, summed up over runs; a value that is undefined in a run is nil (or not finite).
public struct Score: Sendable, Equatable {
  /// The mean over the runs where the score is defined, or nil when there is none.
  public var mean: Double?
  /// The standard deviation over those runs, or nil for fewer than two.
  public var standardDeviation: Double?
  /// The score of every run, nil where it is undefined.
  public var values: [Double?]
  /// An interval for the mean, which `ScoreTable.intervalMeaning` explains.
  public var interval: ClosedRange<Double>?

  /// Takes every value as given.
  public init(mean: Double?, standardDeviation: Double?, values: [Double?] = [], interval: ClosedRange<Double>? = nil) {
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.values = values
    self.interval = interval
  }

  /// Sums up `values` by their mean and their standard deviation with n - 1 in the denominator.
  public init(values: [Double?], interval: ClosedRange<Double>? = nil) {
    let defined = values.compactMap { $0 }.filter(\.isFinite)
    let mean = defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
    var deviation: Double?
    if let mean, defined.count > 1 {
      let squares = defined.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      deviation = (squares / Double(defined.count - 1)).squareRoot()
    }
    self.init(mean: mean, standardDeviation: deviation, values: values, interval: interval)
  }

  /// The values of the runs where the score is defined.
  package var definedValues: [Double] { values.compactMap { $0 }.filter(\.isFinite) }
}
