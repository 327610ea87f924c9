import Assessment
import Foundation
import Recipes
import Runs

/// What a grid of ways of augmenting came to.
public struct BenefitTable: Sendable {
  /// One classifier's balanced accuracy, in [0, 1].
  public struct Row: Sendable, Equatable {
    public var arm: String
    public var run: Int
    public var validation: Double
    public var test: Double

    package init(arm: String, run: Int, validation: Double, test: Double) {
      (self.arm, self.run, self.validation, self.test) = (arm, run, validation, test)
    }
  }

  /// The gain over real images, in points of balanced accuracy, over paired repeats.
  public struct Gain: Sendable, Equatable {
    public var mean: Double
    /// Of the mean over the repeats, which share their images; nil for one repeat, which has no spread.
    public var standardError: Double?
    public var repeats: Int
  }

  /// The arm of real images alone.
  package static let baseline = "real"

  public let arms: [String]
  /// By arm.
  public let leaks: [String: LeakCheck]
  /// Sorted by run, then as the arms are.
  public private(set) var rows: [Row] = []

  /// What a given split has on two sides, to be said first; nil if nothing.
  public internal(set) var splitLeak: String?

  package init(arms: [String], leaks: [String: LeakCheck]) {
    (self.arms, self.leaks) = (arms, leaks)
  }

  func contains(arm: String, run: Int) -> Bool { rows.contains { $0.arm == arm && $0.run == run } }

  package mutating func add(_ row: Row) {
    rows.append(row)
    rows.sort { ($0.run, arms.firstIndex(of: $0.arm) ?? 0) < ($1.run, arms.firstIndex(of: $1.arm) ?? 0) }
  }

  /// The gain of an arm over the baseline; nil without a pair of runs.
  public func gain(_ arm: String, _ side: KeyPath<Row, Double>) -> Gain? {
    let pairs = rows.filter { $0.arm == arm }.compactMap { row in
      rows.first { $0.arm == Self.baseline && $0.run == row.run }.map { 100 * (row[keyPath: side] - $0[keyPath: side]) }
    }
    guard !pairs.isEmpty else { return nil }
    let mean = pairs.reduce(0, +) / Double(pairs.count)
    let squares = pairs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = pairs.count > 1 ? (squares / Double(pairs.count - 1) / Double(pairs.count)).squareRoot() : nil
    return Gain(mean: mean, standardError: error, repeats: pairs.count)
  }

  /// The arm that did best on validation images; the baseline when none gained there.
  public var chosen: String {
    let gains = arms.compactMap { arm in gain(arm, \.validation).map { (arm, $0.mean) } }
    return gains.max { $0.1 < $1.1 }.flatMap { $0.1 > 0 ? $0.0 : nil } ?? Self.baseline
  }

  static let header = "arm,run,validation,test"

  package var csv: String {
    Self.header + "\n" + rows.map { "\(CSVText.field($0.arm)),\($0.run),\($0.validation),\($0.test)\n" }.joined()
  }

  /// Takes up the rows of a file, if it is there.
  ///
  /// - Parameter runs: of these runs alone, from 0; nil for all.
  /// - Throws: `ExperimentsError.damaged`.
  package mutating func read(_ file: URL, runs: Range<Int>? = nil) throws {
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return }
    var found = BenefitTable(arms: arms, leaks: [:])
    try found.read(text, path: file.relativePath)
    for row in found.rows
    where runs?.contains(row.run) ?? true && !contains(arm: row.arm, run: row.run) { add(row) }
  }

  /// Takes up what an earlier start of the grid left.
  ///
  /// - Throws: `ExperimentsError.damaged`.
  mutating func read(_ text: String, path: String) throws {
    for (number, line) in text.split(separator: "\n").enumerated() {
      if number == 0, line == Self.header { continue }
      let fields = line.split(separator: ",").map(String.init)
      guard fields.count == 4, arms.contains(fields[0]), let run = Int(fields[1]), let validation = Double(fields[2]),
        let test = Double(fields[3])
      else { throw ExperimentsError.damaged(path: path, line: number + 1, problem: "this is no score of this grid") }
      add(Row(arm: fields[0], run: run, validation: validation, test: test))
    }
  }

  /// A table, in at most 100 columns but for long names, and the choice.
  public var text: String {
    func cell(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(1, width - text.count))
    }
    func mean(_ arm: String, _ side: KeyPath<Row, Double>) -> Double {
      let values = rows.filter { $0.arm == arm }.map { $0[keyPath: side] }
      return values.isEmpty ? .nan : 100 * values.reduce(0, +) / Double(values.count)
    }
    func gained(_ arm: String, _ side: KeyPath<Row, Double>) -> String {
      guard arm != Self.baseline, let gain = gain(arm, side) else { return "" }
      return Self.text(gain)
    }
    let width = max(30, 2 + (arms.map(\.count).max() ?? 0))
    var text = splitLeak.map { $0 + "\n\n" } ?? ""
    text += cell("share/render/method", width) + cell("validation", 11) + cell("gain", 13) + cell("test", 7)
    text += cell("gain", 13) + "leak\n"
    for arm in arms {
      text += cell(arm, width) + cell(String(format: "%.1f", mean(arm, \.validation)), 11)
      text += cell(gained(arm, \.validation), 13) + cell(String(format: "%.1f", mean(arm, \.test)), 7)
      text += cell(gained(arm, \.test), 13) + (leaks[arm]?.verdict.rawValue ?? "") + "\n"
    }
    let repeats = Set(rows.map(\.run)).count
    text += "\nBalanced accuracy in percent, "
    text +=
      repeats == 1
      ? "one repeat on one split; gains over real images alone. One repeat: no interval, and no gain is proven.\n"
      : "means over \(repeats) paired repeats on one split; gains over real images alone with their standard error over "
        + "repeats, which says nothing of other images.\n"
    guard chosen != Self.baseline, let gain = gain(chosen, \.test) else {
      return text + "Chosen on validation images: real images alone, balanced.\n"
    }
    return text + "Chosen on validation images: \(chosen); on test images it gains \(Self.text(gain)) points"
      + (gain.standardError == nil ? " (one repeat: no interval).\n" : ".\n")
  }

  /// A gain with its standard error, a dash in place of one that is not known.
  private static func text(_ gain: Gain) -> String {
    String(format: "%+.1f ± ", gain.mean) + (gain.standardError.map { String(format: "%.1f", $0) } ?? "-")
  }
}
