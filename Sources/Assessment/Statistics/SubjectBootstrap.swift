import Dispatch
import Randomness

/// How far a figure could lie elsewhere with other test subjects of the same kind: percentile bootstrap intervals.
///
/// Subjects are drawn with replacement, all images of a subject together, and every run is scored on the same draw; the
/// figure of a draw is the mean over runs. Draws are stratified by class (by the set of classes for a subject with images
/// of several): the test set was stratified too, balanced accuracy weighs classes alike whatever their sizes, and with few
/// patients an unstratified draw may hold none of them, so that its figure is not defined. Two methods scored with one
/// bootstrap see the same draws, so that their difference is a paired one.
///
/// The interval says nothing of other training sets: the classifiers stay as they are.
///
/// Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapters 13 (percentile interval) and 8.
public struct SubjectBootstrap: Sendable {
  /// How often each subject is drawn, `[draw][subject]`.
  private let draws: [[Int]]
  private let subjectIndex: [String: Int]
  private let classes: Int

  /// An estimate with the interval that 95 % (or what was asked for) of the draws lie in.
  public struct Estimate: Codable, Sendable, Equatable {
    /// On the test subjects as they are: the mean over the runs where it is defined; nil where no run defines it.
    public let value: Double?
    /// Nil when the value is not defined, or not in more than 5 % of the draws: percentiles of the rest would be biased.
    public let interval: Interval?
    /// The draws in which no run defined the figure.
    public let undefinedDraws: Int
  }

  /// - Parameters:
  ///   - runs: of all methods that are to be compared; they say which subjects there are, and of which class.
  ///   - classes: the number of classes.
  ///   - draws: how many; 2000 leave a Monte Carlo error of about 5 % of the interval's half width.
  public init(_ runs: [RunPredictions], classes: Int, draws: Int = 2000, stream: RandomStream) {
    precondition(draws > 0 && classes > 0, "\(draws) draws of \(classes) classes")
    var labels: [String: Set<Int>] = [:]
    for run in runs {
      for (subject, label) in zip(run.subjects, run.actual) { labels[subject, default: []].insert(label) }
    }
    let subjects = labels.keys.sorted()
    let strata = Dictionary(grouping: subjects.indices) { labels[subjects[$0]]!.sorted() }
      .sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    self.draws = (0..<draws).map { index in
      var stream = stream.substream("draw", index: index)
      var counts = [Int](repeating: 0, count: subjects.count)
      for members in strata {
        for _ in members { counts[members[stream.index(below: members.count)]] += 1 }
      }
      return counts
    }
    subjectIndex = Dictionary(uniqueKeysWithValues: subjects.enumerated().map { ($1, $0) })
    self.classes = classes
  }

  /// The figure of one method.
  ///
  /// - Parameter confidence: 0.95 for a 95 % interval.
  public func estimate(
    _ metric: ClassificationMetric, of runs: [RunPredictions], confidence: Double = 0.95
  ) -> Estimate {
    estimate(confidence: confidence) { weights in mean(metric, of: runs, weights: weights) }
  }

  /// How much the figure of `runs` lies above the one of `baseline`, paired by draw.
  public func difference(
    _ metric: ClassificationMetric, of runs: [RunPredictions], over baseline: [RunPredictions],
    confidence: Double = 0.95
  ) -> Estimate {
    estimate(confidence: confidence) { weights in
      guard let own = mean(metric, of: runs, weights: weights),
        let other = mean(metric, of: baseline, weights: weights)
      else { return nil }
      return own - other
    }
  }

  private func estimate(confidence: Double, _ figure: @Sendable ([Int]?) -> Double?) -> Estimate {
    precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence)")
    let value = figure(nil)
    let values = concurrentMap(draws.count) { figure(draws[$0]) }.compactMap { $0 }.sorted()
    let missing = draws.count - values.count
    guard value != nil, missing * 20 <= draws.count else {
      return Estimate(value: value, interval: nil, undefinedDraws: missing)
    }
    let tail = (1 - confidence) / 2
    return Estimate(
      value: value,
      interval: Interval(
        lower: SampleMoments.percentile(tail, of: values), upper: SampleMoments.percentile(1 - tail, of: values)),
      undefinedDraws: missing)
  }

  /// The mean over runs of a figure, with subjects weighted by how often they were drawn (nil: once each).
  private func mean(_ metric: ClassificationMetric, of runs: [RunPredictions], weights: [Int]?) -> Double? {
    SampleMoments(
      runs.map { run in
        var confusion = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
        var present = Set<Int>()
        for index in run.actual.indices {
          guard let subject = subjectIndex[run.subjects[index]] else {
            preconditionFailure("subject \(run.subjects[index]) is not among those of the bootstrap")
          }
          present.insert(run.actual[index])
          confusion[run.actual[index]][run.predicted[index]] += weights?[subject] ?? 1
        }
        return metric.value(confusion, present: present.sorted())
      }
    ).mean
  }
}

/// The results of `body` for 0 ..< count, in order, computed on all cores; `body` depends on its argument alone.
func concurrentMap<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
  [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
    nonisolated(unsafe) let results = buffer
    DispatchQueue.concurrentPerform(iterations: count) { results.initializeElement(at: $0, to: body($0)) }
    initialized = count
  }
}
