import Assessment
import Classification
import Foundation
import Runs

/// The scores of every finished run and method.
public struct EvaluationResults: Sendable, Equatable {
  /// One figure: of all classes together (class nil) balanced accuracy, the area under the ROC curve, average precision or
  /// the Brier score, or precision, recall or F1 of one class.
  public struct Row: Sendable, Equatable {
    /// From 0, as `run` is.
    public var split: Int
    public var run: Int
    public var method: String
    public var className: String?
    public var metric: String
    /// A fraction in [0, 1] (the Brier score: in [0, 2]); nil where it is not defined.
    public var value: Double?
  }

  public static let balancedAccuracy = "balanced_accuracy"
  public static let classMetrics = ["f1", "precision", "recall"]
  public static let rocArea = "roc_auc"
  /// In the order of `ClassificationMetric.withoutThreshold`.
  public static let withoutThreshold = [rocArea, "average_precision", "brier_score"]

  /// Method names in the order of the table.
  public let methods: [String]
  public let classes: [String]
  /// Sorted by split, then by run, then by method.
  public private(set) var rows: [Row] = []

  public init(methods: [String], classes: [String]) {
    self.methods = methods
    self.classes = classes
  }

  /// Adds the scores of one method in one run; those that were there before are replaced.
  ///
  /// - Parameters:
  ///   - split: from 0.
  ///   - run: on that split, from 0.
  ///   - method: one of `methods`.
  ///   - scores: of its classifier on the test images, classes in the order of `classes`.
  ///   - further: the figures without a threshold, in the order of `withoutThreshold`; empty where they are not known.
  public mutating func add(
    split: Int = 0, run: Int, method: String, scores: Scores, further: [Double?] = []
  ) {
    var new = [
      Row(split: split, run: run, method: method, metric: Self.balancedAccuracy, value: scores.balancedAccuracy)
    ]
    for (metric, value) in zip(Self.withoutThreshold, further) {
      new.append(Row(split: split, run: run, method: method, metric: metric, value: value))
    }
    for (name, figures) in zip(classes, scores.perClass) {
      for (metric, value) in zip(Self.classMetrics, [figures.f1, figures.precision, figures.recall]) {
        new.append(Row(split: split, run: run, method: method, className: name, metric: metric, value: value))
      }
    }
    rows.removeAll { $0.split == split && $0.run == run && $0.method == method }
    let own = order(new[0])
    rows.insert(contentsOf: new, at: rows.firstIndex { own < order($0) } ?? rows.count)
  }

  private func order(_ row: Row) -> (Int, Int, Int) {
    (row.split, row.run, methods.firstIndex(of: row.method) ?? methods.count)
  }

  /// The splits and runs that there are, in order.
  public var runs: [(split: Int, run: Int)] {
    var found: [(split: Int, run: Int)] = []
    for row in rows where found.last.map({ $0 != (row.split, row.run) }) ?? true { found.append((row.split, row.run)) }
    return found
  }

  /// How many splits there are.
  public var splitCount: Int { Set(rows.map(\.split)).count }

  /// One value for each split and run, in their order; nil where it is not defined.
  public func values(method: String, className: String?, metric: String) -> [Double?] {
    rows.filter { $0.method == method && $0.className == className && $0.metric == metric }.map(\.value)
  }

  /// Mean and sample standard deviation over the runs where the figure is defined.
  public func summary(method: String, className: String? = nil, metric: String) -> Summary {
    Summary(values(method: method, className: className, metric: metric))
  }

  public struct Summary: Codable, Sendable, Equatable {
    public var mean: Double?
    /// Nil for fewer than two values.
    public var standardDeviation: Double?
    /// How many runs defined the figure.
    public var defined: Int
    public var runs: Int

    init(_ values: [Double?]) {
      let known = values.compactMap { $0 }
      (defined, runs) = (known.count, values.count)
      guard !known.isEmpty else { return }
      let mean = known.reduce(0, +) / Double(known.count)
      self.mean = mean
      if known.count > 1 {
        let squares = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        standardDeviation = (squares / Double(known.count - 1)).squareRoot()
      }
    }
  }

  /// The table as tidy CSV, splits and runs counted from 1: an undefined value is `NA`, the class of a figure of all
  /// classes is empty.
  public var csv: String {
    "split,run,method,class,metric,value\n"
      + rows.map { row in
        "\(row.split + 1),\(row.run + 1),\(CSVText.field(row.method)),\(CSVText.field(row.className ?? "")),"
          + "\(row.metric)," + (row.value.map { "\($0)" } ?? "NA") + "\n"
      }.joined()
  }
}
