import Classification
import Foundation

/// The scores of every finished run and method.
public struct EvaluationResults: Sendable, Equatable {
  /// One figure: balanced accuracy of all classes together (class nil), or precision, recall or F1 of one class.
  public struct Row: Sendable, Equatable {
    public var run: Int
    public var method: String
    public var className: String?
    public var metric: String
    /// A fraction in [0, 1]; nil where it is not defined.
    public var value: Double?
  }

  public static let balancedAccuracy = "balanced_accuracy"
  public static let classMetrics = ["f1", "precision", "recall"]

  /// Method names in the order of the table.
  public let methods: [String]
  public let classes: [String]
  /// Sorted by run, then by method.
  public private(set) var rows: [Row] = []

  public init(methods: [String], classes: [String]) {
    self.methods = methods
    self.classes = classes
  }

  public mutating func add(run: Int, method: String, scores: Scores) {
    var new = [Row(run: run, method: method, metric: Self.balancedAccuracy, value: scores.balancedAccuracy)]
    for (name, figures) in zip(classes, scores.perClass) {
      for (metric, value) in zip(Self.classMetrics, [figures.f1, figures.precision, figures.recall]) {
        new.append(Row(run: run, method: method, className: name, metric: metric, value: value))
      }
    }
    rows = (rows.filter { $0.run != run || $0.method != method } + new).enumerated().sorted {
      (order($0.element), $0.offset) < (order($1.element), $1.offset)
    }.map(\.element)
  }

  private func order(_ row: Row) -> Int {
    row.run * (methods.count + 1) + (methods.firstIndex(of: row.method) ?? methods.count)
  }

  /// Whether a method has been scored in a run.
  public func contains(run: Int, method: String) -> Bool { rows.contains { $0.run == run && $0.method == method } }

  /// One value for each run, in the order of the runs; nil where it is not defined.
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
}

extension EvaluationResults {
  static let header = "run,method,class,metric,value"

  /// The table as tidy CSV: an undefined value is `NA`, the class of a figure of all classes is empty.
  public var csv: String {
    Self.header + "\n"
      + rows.map { row in
        "\(row.run),\(CSVText.field(row.method)),\(CSVText.field(row.className ?? "")),\(row.metric),"
          + (row.value.map { "\($0)" } ?? "NA") + "\n"
      }.joined()
  }

  /// Takes up the table that an earlier start of the run left.
  ///
  /// - Throws: `ExperimentsError.damaged` with the line that does not hold.
  public mutating func read(_ text: String, path: String) throws {
    func damaged(_ line: Int?, _ problem: String) -> ExperimentsError {
      .damaged(path: path, line: line, problem: problem)
    }
    guard let records = CSVText.records(text) else { throw damaged(nil, "a quote is not closed") }
    guard records.first?.fields.joined(separator: ",") == Self.header else {
      throw damaged(1, "the first line must be \(Self.header)")
    }
    var seen = Set(rows.map { Self.identity(run: $0.run, $0.method, $0.className ?? "", $0.metric) })
    for (line, fields) in records.dropFirst() {
      guard fields.count == 5, let run = Int(fields[0]), run >= 0, methods.contains(fields[1]),
        fields[2].isEmpty || classes.contains(fields[2]), !fields[3].isEmpty,
        fields[4] == "NA" || Double(fields[4])?.isFinite == true
      else { throw damaged(line, "this is no score of this experiment") }
      guard seen.insert(Self.identity(run: run, fields[1], fields[2], fields[3])).inserted else {
        throw damaged(line, "this score is there twice")
      }
      rows.append(
        Row(
          run: run, method: fields[1], className: fields[2].isEmpty ? nil : fields[2], metric: fields[3],
          value: Double(fields[4])))
    }
  }

  private static func identity(run: Int, _ method: String, _ className: String, _ metric: String) -> [String] {
    ["\(run)", method, className, metric]
  }
}
