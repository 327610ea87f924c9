import Assessment
import Randomness
import Recipes

/// What the predictions of an experiment allow to say: intervals, comparisons, and the answer.
public struct EvaluationStatistics: Encodable, Sendable, Equatable {
  /// The figures of one method, each with its interval.
  public struct Figures: Codable, Sendable, Equatable {
    public var balancedAccuracy: SubjectBootstrap.Estimate
    /// By metric: `roc_auc`, `average_precision`, `brier_score`.
    public var withoutThreshold: [String: SubjectBootstrap.Estimate]
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
  /// The methods that all others are compared with: the strongest of the real images alone, then the strongest of simple
  /// augmentation.
  public let baselines: [String]
  /// Every method in balanced accuracy against each baseline, those of one baseline together.
  public let comparisons: [Comparison]
  /// The same in the figures without a threshold; a gain is positive in each.
  public let furtherComparisons: [Comparison]
  /// The answer in at most twelve words.
  public let verdict: String
  /// The numbers behind it, in one sentence.
  public let numbers: String
  /// What else belongs to the answer, a sentence each.
  public let details: [String]

  /// The answer in a few sentences.
  public var answer: String { ([verdict + ".", numbers] + details).joined(separator: " ") }

  private enum CodingKeys: CodingKey {
    case splits, runs, trainSubjects, testSubjects, methods, baselines, comparisons, furtherComparisons, verdict,
      numbers
    case details
  }

  /// Finds all figures, intervals and comparisons, and words the answer.
  ///
  /// - Parameters:
  ///   - predictions: of all finished runs.
  ///   - trainSubjects: in a training set, on average; positive.
  ///   - validation: each method's mean balanced accuracy on validation images; empty where there are none.
  ///   - augmentation: what the images of synthetic methods go through. The method of that name, real images that go
  ///     through it, is then the baseline of simple augmentation: all else would count its gain as that of the
  ///     synthetic images.
  ///   - covariates: what the method `covariates` goes by, for the answer.
  ///   - seed: of the bootstrap, at least 0.
  ///   - draws: of the bootstrap, at least 1.
  public init(
    _ predictions: PredictionTable, trainSubjects: Double, validation: [String: Double] = [:],
    augmentation: AugmentationKind = .none, covariates: [String] = [], seed: Int, draws: Int = 2000
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

    let compared = [ClassificationMetric.balancedAccuracy] + ClassificationMetric.withoutThreshold
    let metrics = compared + classes.indices.flatMap { [.f1($0), .precision($0), .recall($0)] }
    let drawn = runs.mapValues { bootstrap.figures(metrics, of: $0) }
    let figures = Dictionary(
      uniqueKeysWithValues: methods.map { method in
        let estimates = metrics.indices.map { bootstrap.estimate($0, of: drawn[method]!) }
        let ofClasses = classes.enumerated().map { index, name in
          (
            name,
            Dictionary(
              uniqueKeysWithValues: zip(EvaluationResults.classMetrics, estimates[(compared.count + 3 * index)...]))
          )
        }
        return (
          method,
          Figures(
            balancedAccuracy: estimates[0],
            withoutThreshold: Dictionary(
              uniqueKeysWithValues: zip(EvaluationResults.withoutThreshold, estimates[1...])),
            classes: Dictionary(uniqueKeysWithValues: ofClasses))
        )
      })
    self.methods = figures

    let scored = methods.filter { !runs[$0]!.isEmpty }
    let test = figures.compactMapValues(\.balancedAccuracy.value)
    func choice(_ candidates: [EvaluationMethod]) -> BaselineChoice? {
      BaselineChoice(
        among: scored.filter { candidates.map(\.rawValue).contains($0) }, validation: validation, test: test)
    }
    let real = choice(BaselineChoice.realImages) ?? choice([.original])
    let own = EvaluationMethod(rawValue: augmentation.rawValue).flatMap { choice([$0]) }
    let simple = own ?? choice(BaselineChoice.simpleAugmentation)
    let choices = [real, simple].compactMap { $0 }
    baselines = choices.map(\.method)

    let (isOneSplit, runCount) = (splits <= 1, self.runs)
    let testCount = testSubjects
    func compare(_ index: Int, _ method: String, _ baseline: String) -> Comparison {
      let difference =
        !isOneSplit
        ? nil
        : bootstrap.difference(
          index, of: drawn[method]!, over: drawn[baseline]!, sign: compared[index].isError ? -1 : 1)
      return Comparison(
        method: method, baseline: baseline,
        figure: index == 0 ? EvaluationResults.balancedAccuracy : EvaluationResults.withoutThreshold[index - 1],
        differences: Comparison.differences(
          compared[index], of: runs[method]!, over: runs[baseline]!, classes: classes.count),
        trainSubjects: trainSubjects, testSubjects: testCount,
        subjectInterval: difference?.estimate.interval, subjectPValue: difference?.pValue, runs: runCount)
    }
    func comparisons(_ index: Int, _ choice: BaselineChoice) -> [Comparison] {
      func all(_ baseline: String) -> [Comparison] {
        scored.filter { $0 != baseline }.map { compare(index, $0, baseline) }
      }
      let passedOver = choice.isByValidation ? [] : choice.candidates.filter { $0 != choice.method }
      return Comparison.corrected(all(choice.method), beside: passedOver.flatMap { all($0).compactMap(\.pValue) })
    }
    let found = choices.map { choice in compared.indices.map { comparisons($0, choice) } }
    let accuracies = found.flatMap { $0[0] }
    let further = found.flatMap { $0.dropFirst().flatMap { $0 } }
    (self.comparisons, furtherComparisons) = (accuracies, further)
    let answer = EvaluationAnswer(
      methods: scored, comparisons: accuracies, areas: further, figures: figures, real: real,
      simple: simple, augmentation: augmentation, covariates: covariates)
    (verdict, numbers, details) = (answer.verdict, answer.numbers, answer.details)
  }

  /// The comparison of a method with a baseline in a figure, if both were run.
  public func comparison(
    of method: String, with baseline: String, in figure: String = EvaluationResults.balancedAccuracy
  ) -> Comparison? {
    (comparisons + furtherComparisons).first {
      $0.method == method && $0.baseline == baseline && $0.figure == figure
    }
  }

  /// Whether there is one training of each method on one split, from which no gain is claimed.
  public var isOneRepeat: Bool { splits == 1 && runs < 2 }

  /// What the intervals of the figures cover, to follow "95 % interval".
  public var intervalMeaning: String {
    let source = runs > 1 ? "over test subjects and runs" : "over test subjects"
    return splits > 1 ? source : source + " of this one split"
  }
}
