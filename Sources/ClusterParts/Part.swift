import Runs

/// A part of an experiment that one process does by itself, such as the training of one split's model.
public struct Part: Sendable, Equatable, Codable {
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// The models of a split, or the model of one of its classes.
    case train
    /// The synthetic images of a split, and what is known of them without a classifier.
    case draw
    /// How like real images those of the first split are, and what they give away.
    case judge
    /// Some of the classifiers of a split.
    case classify
    /// The tables and the report.
    case gather
  }

  /// Letters, digits and hyphens, such as `classify-02-001-005`.
  public var id: String
  public var kind: Kind
  /// From 1; nil for the last part.
  public var split: Int?
  /// The class whose model is trained; nil where one model serves all.
  public var className: String?
  /// The first and the last training of each method, from 1.
  public var firstRun: Int?
  public var lastRun: Int?
  /// Which of several: the value of a sweep, such as `500`; the training of a comparison, such as
  /// `all/vae/setting-1-seed-1`; the sharing and the rendering of a grid, such as `all/decode`. Nil where there is one.
  public var item: String?
  /// The ids of the parts that must be done before.
  public var inputs: [String]
  /// What it adds to the run folder, or to the folder of parts, by path from the folder that holds both.
  public var outputs: [String]
  public var threads: Int
  /// Forecasts.
  public var seconds: Double
  public var mebibytes: Int
  /// Seconds from the beginning of this part to the end of the whole with any number of workers: the longer, the sooner it
  /// should begin.
  public var secondsToEnd: Double

  private enum CodingKeys: String, CodingKey {
    case id, kind, split, item, inputs, outputs, threads, seconds
    case className = "class"
    case firstRun = "first_run"
    case lastRun = "last_run"
    case mebibytes = "mib"
    case secondsToEnd = "seconds_to_end"
  }

  /// The beginning of the ids of the parts that do other runs of the same.
  var idOfAllRuns: String { id.split(separator: "-").dropLast(2).joined(separator: "-") + "-" }

  /// From 0.
  var runs: Range<Int>? {
    guard let firstRun, let lastRun else { return nil }
    return (firstRun - 1)..<lastRun
  }

  static func padded(_ number: Int, digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

// MARK: A part as a line of the table.

extension Part {
  static let columns = [
    "id", "kind", "split", "class", "first_run", "last_run", "inputs", "outputs", "threads",
    "seconds", "mib",
    "seconds_to_end", "item",
  ]

  /// Tab-separated; lists have spaces between their words, and what is absent is `-`.
  var line: String {
    func text<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "-" }
    return [
      id, kind.rawValue, text(split), className.map(RunFolder.fileName) ?? "-", text(firstRun),
      text(lastRun),
      inputs.isEmpty ? "-" : inputs.joined(separator: " "), outputs.joined(separator: " "),
      "\(threads)",
      Self.decimal(seconds), "\(mebibytes)", Self.decimal(secondsToEnd), text(item),
    ].joined(separator: "\t")
  }

  /// A part from its line; nil for a line that does not hold.
  ///
  /// - Parameter classes: names, one of which the line may hold.
  init?(line: Substring, classes: [String]) {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == Self.columns.count, let kind = Kind(rawValue: fields[1]), let threads = Int(fields[8]),
      threads > 0, let seconds = Double(fields[9]), let mebibytes = Int(fields[10]), let end = Double(fields[11])
    else { return nil }
    func words(_ text: String) -> [String] { text == "-" ? [] : text.split(separator: " ").map(String.init) }
    self.init(
      id: fields[0], kind: kind, split: Int(fields[2]),
      className: classes.first { RunFolder.fileName(for: $0) == fields[3] },
      firstRun: Int(fields[4]),
      lastRun: Int(fields[5]), item: fields[12] == "-" ? nil : fields[12], inputs: words(fields[6]),
      outputs: words(fields[7]), threads: threads, seconds: seconds,
      mebibytes: mebibytes, secondsToEnd: end)
    guard (className == nil) == (fields[3] == "-"), split.map({ $0 > 0 }) ?? (fields[2] == "-"),
      kind != .classify || (runs.map { $0.lowerBound >= 0 } ?? false)
    else { return nil }
  }

  private static func decimal(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
