import Assessment
import Randomness

/// What the predictions of an experiment allow to say: intervals, comparisons, and the answer.
public struct EvaluationStatistics: Encodable, Sendable, Equatable {
  /// The figures of one method, each with its interval.
  public struct Figures: Codable, Sendable, Equatable {
    public var balancedAccuracy: SubjectBootstrap.Estimate
    /// By class, then by metric: f1, precision, recall.
    public var classes: [String: [String: SubjectBootstrap.Estimate]]
  }

  public let splits: Int
  /// Trainings of each method on each split.
  public let runs: Int
  /// In a training set, on average.
  public let trainSubjects: Double
  /// In a test set, on average.
  public let testSubjects: Double
  /// By method.
  public let methods: [String: Figures]
  /// Every method in balanced accuracy against each baseline, those of one baseline together.
  public let comparisons: [Comparison]
  /// The answer: its first sentence says it, the others qualify it.
  public let sentences: [String]

  /// The answer in a few sentences.
  public var answer: String { sentences.joined(separator: " ") }

  private enum CodingKeys: CodingKey {
    case splits, runs, trainSubjects, testSubjects, methods, comparisons
  }

  /// Baselines that every method is compared with, where they were run; where none was, the first of the others.
  static let baselines = [EvaluationMethod.originalResampled, .originalMatched].map(\.rawValue)
  private static let otherBaselines = [EvaluationMethod.originalWeighted, .original].map(\.rawValue)

  /// - Parameters:
  ///   - predictions: of all finished runs.
  ///   - augmentation: what the images of synthetic methods go through. The method of that name, real images that go
  ///     through it, is then the baseline of the answer: all else would count its gain as that of the synthetic images.
  ///   - trainSubjects: in a training set, on average; positive.
  ///   - covariates: what the method `covariates` goes by, for the answer.
  ///   - draws: of the bootstrap.
  public init(
    _ predictions: PredictionTable, trainSubjects: Double, augmentation: AugmentationKind = .none,
    covariates: [String] = [], seed: Int, draws: Int = 2000
  ) {
    let methods = predictions.methods
    let runs = Dictionary(uniqueKeysWithValues: methods.map { ($0, predictions.runs(of: $0)) })
    let all = methods.flatMap { runs[$0]! }
    let classes = predictions.classes
    let bootstrap = SubjectBootstrap(
      all, classes: classes.count, draws: draws, stream: RandomStream(seed: UInt64(seed), purpose: "bootstrap"))
    let testSets = Dictionary(grouping: all, by: \.split).mapValues { Set($0.flatMap(\.subjects)).count }
    splits = testSets.count
    self.runs = Dictionary(grouping: all, by: \.split).values.map { Set($0.map(\.run)).count }.max() ?? 0
    self.trainSubjects = trainSubjects
    testSubjects = testSets.isEmpty ? 0 : Double(testSets.values.reduce(0, +)) / Double(testSets.count)

    let metrics =
      [ClassificationMetric.balancedAccuracy] + classes.indices.flatMap { [.f1($0), .precision($0), .recall($0)] }
    self.methods = Dictionary(
      uniqueKeysWithValues: methods.map { method in
        let estimates = bootstrap.estimates(metrics, of: runs[method]!)
        let ofClasses = classes.enumerated().map { index, name in
          (name, Dictionary(uniqueKeysWithValues: zip(EvaluationResults.classMetrics, estimates[(1 + 3 * index)...])))
        }
        return (method, Figures(balancedAccuracy: estimates[0], classes: Dictionary(uniqueKeysWithValues: ofClasses)))
      })

    var baselines = ([augmentation.rawValue] + Self.baselines).filter { !(runs[$0] ?? []).isEmpty }
    if baselines.isEmpty { baselines = Array(Self.otherBaselines.filter { !(runs[$0] ?? []).isEmpty }.prefix(1)) }
    var comparisons: [Comparison] = []
    for baseline in baselines {
      let others = methods.filter { $0 != baseline && !runs[$0]!.isEmpty }
      comparisons += Comparison.corrected(
        others.map { [splits, testSubjects, runCount = self.runs] method in
          let difference =
            splits > 1 ? nil : bootstrap.difference(.balancedAccuracy, of: runs[method]!, over: runs[baseline]!)
          return Comparison(
            method: method, baseline: baseline, figure: "balanced accuracy",
            differences: Comparison.differences(
              .balancedAccuracy, of: runs[method]!, over: runs[baseline]!, classes: classes.count),
            trainSubjects: trainSubjects, testSubjects: testSubjects,
            subjectInterval: difference?.estimate.interval, subjectPValue: difference?.pValue, runs: runCount)
        })
    }
    self.comparisons = comparisons
    sentences =
      EvaluationAnswer(
        methods: methods, comparisons: comparisons, figures: self.methods, augmentation: augmentation,
        covariates: covariates
      ).sentences
  }

  /// The comparison of a method with a baseline, if both were run.
  public func comparison(of method: String, with baseline: String) -> Comparison? {
    comparisons.first { $0.method == method && $0.baseline == baseline }
  }

  /// The baselines that were run, the one of the answer first.
  public var baselines: [String] {
    comparisons.map(\.baseline).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// Whether there is one training of each method on one split, from which no gain is claimed.
  public var isOneRepeat: Bool { splits == 1 && runs < 2 }

  /// What the intervals of the figures cover, to follow "95 % interval".
  public var intervalMeaning: String {
    let source = runs > 1 ? "over test subjects and runs" : "over test subjects"
    return splits > 1 ? source : source + " of this one split"
  }
}
