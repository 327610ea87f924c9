import Parallelism
import Randomness

/// How far a figure could lie elsewhere with other test subjects of the same kind: percentile bootstrap intervals.
///
/// Subjects are drawn with replacement, all images of a subject together, and every run is scored on the same draw; the
/// figure of a draw is the mean over runs. Draws are stratified by class (by the set of classes for a subject with images
/// of several): the test set was stratified too, balanced accuracy weighs classes alike whatever their sizes, and with few
/// patients an unstratified draw may hold none of them, so that its figure is not defined. Two methods scored with one
/// bootstrap see the same draws of subjects, so that their difference is a paired one.
///
/// Other random starts would have given other classifiers, and of two or five of them drawing with replacement shows too
/// little: with many test subjects two runs a third of all differences between equally good methods would be found. So
/// every draw adds the standard error of the mean over runs, times a quantile of Student's t (`RunSpread`).
///
/// The interval says nothing of other training sets: the splits stay as they are.
///
/// Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapters 13 (percentile interval) and 8.
public struct SubjectBootstrap: Sendable {
  /// How often each subject is drawn, `[draw][subject]`.
  private let draws: [[Int]]
  /// A place among evenly spaced probabilities for each draw, by which it takes its quantile.
  private let places: [Int]
  private let quantiles: StudentQuantiles
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

  /// How much one method lies above another, with what the draws say of it.
  public struct Difference: Sendable, Equatable {
    public let estimate: Estimate
    /// Twice the smaller share of draws on one side of 0 (draws at 0 count on both), at most 1: below 0.05 about where the
    /// 95 % interval leaves 0 out. Never below 2 / (draws + 1), since the figures as they are count as one draw. Nil where
    /// there is no interval.
    public let pValue: Double?
  }

  /// Draws subjects once, for all the figures and methods that follow.
  ///
  /// - Parameters:
  ///   - runs: of all methods that are to be compared; they say which subjects there are.
  ///   - classes: the number of classes.
  ///   - draws: how many; 2000 leave a Monte Carlo error of about 5 % of the interval's half width.
  ///   - stream: draw i of the subjects comes from its substream ("draw", i).
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
    var runs = stream.substream("runs")
    places = runs.permutation(draws)
    quantiles = StudentQuantiles(count: draws)
    subjectIndex = Dictionary(uniqueKeysWithValues: subjects.enumerated().map { ($1, $0) })
    self.classes = classes
  }

  /// Some figures of one method in every draw, from which estimates and differences follow.
  public struct DrawnFigures: Sendable {
    fileprivate let metrics: [ClassificationMetric]
    /// The subjects as they are.
    fileprivate let actual: [Double?]
    /// Of each figure, its value in every run that defines it, with the subjects as they are.
    fileprivate let runs: [[RunSpread.Key: Double]]
    /// `[draw][figure]`
    fileprivate let drawn: [[Double?]]
  }

  /// Goes through all draws once for some figures of one method.
  public func figures(_ metrics: [ClassificationMetric], of runs: [RunPredictions]) -> DrawnFigures {
    let prepared = runs.map { prepare($0, ranked: metrics.contains(where: \.needsProbabilities)) }
    let alone = runs.map { run in metrics.map { $0.value(of: run, classes: classes) } }
    return DrawnFigures(
      metrics: metrics, actual: means(metrics, of: prepared, draw: nil),
      runs: metrics.indices.map { index in
        Dictionary(
          zip(runs, alone).compactMap { run, values in
            values[index].map { (RunSpread.Key(split: run.split, run: run.run), $0) }
          }, uniquingKeysWith: { first, _ in first })
      },
      drawn: concurrentMap(draws.count) { means(metrics, of: prepared, draw: $0) })
  }

  /// The figure of one method.
  ///
  /// - Parameters:
  ///   - metric: the figure that is estimated.
  ///   - runs: the method's runs, among those that the bootstrap was made of.
  ///   - confidence: between 0 and 1: 0.95 for a 95 % interval.
  public func estimate(
    _ metric: ClassificationMetric, of runs: [RunPredictions], confidence: Double = 0.95
  ) -> Estimate {
    estimate(0, of: figures([metric], of: runs), confidence: confidence)
  }

  /// The figure at a place of the figures of one method.
  public func estimate(_ index: Int, of figures: DrawnFigures, confidence: Double = 0.95) -> Estimate {
    summary(
      figures.actual[index], figures.drawn.map { $0[index] }, RunSpread(figures.runs[index]), confidence,
      range: figures.metrics[index].range
    ).estimate
  }

  /// How much the figure of `runs` lies above the one of `baseline`, paired by draw.
  public func difference(
    _ metric: ClassificationMetric, of runs: [RunPredictions], over baseline: [RunPredictions],
    confidence: Double = 0.95
  ) -> Difference {
    difference(0, of: figures([metric], of: runs), over: figures([metric], of: baseline), confidence: confidence)
  }

  /// How much the figure at a place lies above the one of a baseline at the same place, paired by draw.
  ///
  /// - Parameters:
  ///   - index: the place of the figure in both, from 0.
  ///   - own: the method's figures in all draws.
  ///   - baseline: the baseline's, of the same metrics by the same bootstrap.
  ///   - sign: -1 for a figure of which less is better, so that a gain is positive.
  ///   - confidence: of the interval, between 0 and 1.
  ///   - pairsRuns: whether runs of the same number belong together. Where they do not, or the methods were not trained
  ///     equally often, the runs of each spread by themselves.
  public func difference(
    _ index: Int, of own: DrawnFigures, over baseline: DrawnFigures, sign: Double = 1, confidence: Double = 0.95,
    pairsRuns: Bool = true
  ) -> Difference {
    func gain(_ own: Double?, _ other: Double?) -> Double? {
      guard let own, let other else { return nil }
      return sign * (own - other)
    }
    let (first, second) = (own.runs[index], baseline.runs[index])
    let spread =
      pairsRuns && Set(first.keys) == Set(second.keys)
      ? RunSpread(first.reduce(into: [:]) { $0[$1.key] = $1.value - second[$1.key]! })
      : RunSpread(first).beside(RunSpread(second))
    let range = own.metrics[index].range
    let reach = range.upperBound - range.lowerBound
    let (estimate, values) = summary(
      gain(own.actual[index], baseline.actual[index]),
      zip(own.drawn, baseline.drawn).map { gain($0[index], $1[index]) }, spread, confidence, range: -reach...reach)
    let smaller = min(values.count { $0 <= 0 }, values.count { $0 >= 0 })
    return Difference(
      estimate: estimate,
      pValue: estimate.interval.map { _ in min(1, 2 * Double(smaller + 1) / Double(values.count + 1)) })
  }

  /// A figure with its values in the draws that define it, ascending.
  private func summary(
    _ actual: Double?, _ drawn: [Double?], _ spread: RunSpread, _ confidence: Double, range: ClosedRange<Double>
  ) -> (estimate: Estimate, values: [Double]) {
    precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence)")
    let tail = (1 - confidence) / 2
    let reach = spread.standardError > 0 ? quantiles.values(degreesOfFreedom: spread.degreesOfFreedom) : []
    let values = zip(drawn, places).compactMap { value, place in
      value.map {
        min(max($0 + spread.standardError * (reach.isEmpty ? 0 : reach[place]), range.lowerBound), range.upperBound)
      }
    }.sorted()
    let missing = drawn.count - values.count
    let isSound = actual != nil && missing * 20 <= drawn.count
    let interval =
      !isSound
      ? nil
      : Interval(
        lower: SampleMoments.percentile(tail, of: values), upper: SampleMoments.percentile(1 - tail, of: values))
    return (Estimate(value: actual, interval: interval, undefinedDraws: missing), values)
  }

  /// The predictions of a run with numbers for names.
  private struct Prepared: Sendable {
    let subjects: [Int]
    let actual: [Int]
    let predicted: [Int]
    /// The classes of the test set.
    let present: [Int]
    /// Nil where no figure needs it, or the probabilities are not known.
    let ranked: RankedPredictions?
  }

  private func prepare(_ run: RunPredictions, ranked: Bool) -> Prepared {
    let subjects = run.subjects.map { name -> Int in
      guard let index = subjectIndex[name] else {
        preconditionFailure("subject \(name) is not among those of the bootstrap")
      }
      return index
    }
    return Prepared(
      subjects: subjects, actual: run.actual, predicted: run.predicted,
      present: Set(run.actual).sorted(), ranked: ranked ? RankedPredictions(run, classes: classes) : nil)
  }

  /// The means over runs of some figures, with subjects weighted by how often they were drawn.
  private func means(_ metrics: [ClassificationMetric], of runs: [Prepared], draw: Int?) -> [Double?] {
    var sums = [Double](repeating: 0, count: metrics.count)
    var defined = [Int](repeating: 0, count: metrics.count)
    for run in runs {
      let images = draw.map { draw in run.subjects.map { draws[draw][$0] } }
      var confusion = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
      for index in run.actual.indices { confusion[run.actual[index]][run.predicted[index]] += images?[index] ?? 1 }
      for (index, metric) in metrics.enumerated() {
        let value =
          metric.needsProbabilities
          ? run.ranked?.value(of: metric, weights: images) : metric.value(confusion, present: run.present)
        guard let value else { continue }
        sums[index] += value
        defined[index] += 1
      }
    }
    return zip(sums, defined).map { $1 == 0 ? nil : $0 / Double($1) }
  }
}
