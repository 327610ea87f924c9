import Assessment
import Classification
import Foundation
import Recipes
import Runs

/// What every classifier of an experiment said of every test image: `predictions.csv`, from which all scores follow.
public struct PredictionTable: Sendable, Equatable {
  /// Which classifier: split and run count from 0.
  public struct Identity: Sendable, Hashable {
    public var split: Int
    public var run: Int
    public var method: String

    public init(split: Int, run: Int, method: String) {
      (self.split, self.run, self.method) = (split, run, method)
    }
  }

  /// One test image, seen by one classifier.
  public struct Row: Sendable, Equatable {
    public var subject: String
    /// The image's path in the cohort.
    public var image: String
    /// The class that it is of, from 0.
    public var actual: Int
    /// The class that the classifier took it for.
    public var predicted: Int
    /// One for each class.
    public var probabilities: [Float]

    public init(subject: String, image: String, actual: Int, predicted: Int, probabilities: [Float]) {
      self.subject = subject
      self.image = image
      self.actual = actual
      self.predicted = predicted
      self.probabilities = probabilities
    }
  }

  /// Method names in the order of the table.
  public let methods: [String]
  public let classes: [String]
  /// The rows of each classifier, in the order of the test images.
  public private(set) var rows: [Identity: [Row]] = [:]
  /// The text and the scores of each classifier's rows, so that a longer table need not be made from scratch.
  private var texts: [Identity: String] = [:]
  private var scores: [Identity: RunScores] = [:]

  private struct RunScores: Sendable, Equatable {
    let ofClasses: Scores
    let withoutThreshold: [Double?]
  }

  public init(methods: [String], classes: [String]) {
    self.methods = methods
    self.classes = classes
  }

  /// The classifiers by split, run and method.
  public var identities: [Identity] {
    func order(_ identity: Identity) -> (Int, Int, Int) {
      (identity.split, identity.run, methods.firstIndex(of: identity.method) ?? methods.count)
    }
    return rows.keys.sorted { order($0) < order($1) }
  }

  public func contains(_ identity: Identity) -> Bool { rows[identity] != nil }

  public mutating func add(_ identity: Identity, _ new: [Row]) {
    rows[identity] = new
    let predictions = predictions(identity, new)
    scores[identity] = RunScores(
      ofClasses: Scores(actual: predictions.actual, predicted: predictions.predicted, classes: classes.count),
      withoutThreshold: ClassificationMetric.withoutThreshold.map { $0.value(of: predictions, classes: classes.count) })
    let start = "\(identity.split + 1),\(identity.run + 1),\(CSVText.field(identity.method))"
    texts[identity] = new.map { row in
      let names = [row.subject, row.image, classes[row.actual], classes[row.predicted]].map(CSVText.field)
      return ([start] + names + row.probabilities.map { "\($0)" }).joined(separator: ",") + "\n"
    }.joined()
  }

  /// The predictions of one method, for statistics.
  public func runs(of method: String) -> [RunPredictions] {
    identities.filter { $0.method == method }.map { predictions($0, rows[$0]!) }
  }

  private func predictions(_ identity: Identity, _ rows: [Row]) -> RunPredictions {
    RunPredictions(
      split: identity.split, run: identity.run, subjects: rows.map(\.subject), actual: rows.map(\.actual),
      predicted: rows.map(\.predicted), probabilities: rows.flatMap(\.probabilities))
  }

  /// The same with all splits taken for one, each classifier a run of it: for images that are the same in every split.
  package var asOneSplit: PredictionTable {
    var table = PredictionTable(methods: methods, classes: classes)
    let runs = (identities.map(\.run).max() ?? 0) + 1
    for identity in identities {
      table.add(
        Identity(split: 0, run: identity.split * runs + identity.run, method: identity.method), rows[identity]!)
    }
    return table
  }

  /// The scores of every classifier.
  public var results: EvaluationResults {
    var results = EvaluationResults(methods: methods, classes: classes)
    for identity in identities {
      let found = scores[identity]!
      results.add(
        split: identity.split, run: identity.run, method: identity.method, scores: found.ofClasses,
        further: found.withoutThreshold)
    }
    return results
  }
}

// MARK: The table as a file.

extension PredictionTable {
  private static let columns = ["split", "run", "method", "subject", "image", "actual", "predicted"]

  private var header: String {
    (Self.columns + classes.map { CSVText.field("probability_\($0)") }).joined(separator: ",")
  }

  /// Splits and runs count from 1 here. The order of arrival changes nothing.
  public var csv: String { header + "\n" + identities.map { texts[$0]! }.joined() }

  /// Takes up the table that an earlier start of the run left.
  ///
  /// - Throws: `ExperimentsError.damaged` with the line that does not hold.
  public mutating func read(_ text: String, path: String) throws {
    func damaged(_ line: Int, _ problem: String) -> ExperimentsError {
      .damaged(path: path, line: line, problem: problem)
    }
    let records: [(line: Int, fields: [String])]
    do { records = try CSVText.records(text) } catch { throw damaged(error.line, "a quote is not closed") }
    guard records.first?.fields == Self.columns + classes.map({ "probability_\($0)" }) else {
      throw damaged(1, "the first line must be \(header.replacing("\n", with: " ").replacing("\r", with: " "))")
    }
    let width = Self.columns.count + classes.count
    var current: (identity: Identity, line: Int, rows: [Row])?
    func close() throws {
      guard let (identity, line, new) = current else { return }
      guard !contains(identity) else { throw damaged(line, "this run is there twice") }
      add(identity, new)
      current = nil
    }
    for (line, fields) in records.dropFirst() {
      guard fields.count == width, let split = Int(fields[0]), split >= 1, let run = Int(fields[1]), run >= 1,
        methods.contains(fields[2]), let actual = classes.firstIndex(of: fields[5]),
        let predicted = classes.firstIndex(of: fields[6])
      else { throw damaged(line, "this is no prediction of this experiment") }
      let probabilities = fields[Self.columns.count...].compactMap { Float($0) }
      guard probabilities.count == classes.count, probabilities.allSatisfy({ (0...1.001).contains($0) }) else {
        throw damaged(line, "a probability is not a number from 0 to 1")
      }
      let identity = Identity(split: split - 1, run: run - 1, method: fields[2])
      if current?.identity != identity {
        try close()
        current = (identity, line, [])
      }
      current!.rows.append(
        Row(
          subject: fields[3], image: fields[4], actual: actual, predicted: predicted, probabilities: probabilities))
    }
    try close()
  }
}
