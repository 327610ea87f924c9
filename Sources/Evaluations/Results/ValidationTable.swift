import Foundation
import Recipes
import Runs

/// The balanced accuracy of every classifier on the validation images, `validation.csv`: by it the baseline is chosen that
/// the answer compares with, so that no test image takes part in that choice.
struct ValidationTable: Sendable, Equatable {
  private static let header = "split,run,method,balanced_accuracy"
  private var values: [PredictionTable.Identity: Double] = [:]

  mutating func add(_ identity: PredictionTable.Identity, _ value: Double) { values[identity] = value }

  /// - Parameter taken: of these classifiers alone.
  mutating func add(_ other: ValidationTable, of taken: Set<PredictionTable.Identity>) {
    values.merge(other.values.filter { taken.contains($0.key) }) { $1 }
  }

  var isEmpty: Bool { values.isEmpty }

  /// The mean over splits and runs of each method that has a value for all of its classifiers.
  func means(_ identities: [PredictionTable.Identity]) -> [String: Double] {
    Dictionary(grouping: identities, by: \.method).compactMapValues { identities in
      let known = identities.compactMap { values[$0] }
      return known.count == identities.count ? known.reduce(0, +) / Double(known.count) : nil
    }
  }

  /// In the order of the methods; splits and runs count from 1.
  func csv(methods: [String]) -> String {
    func order(_ identity: PredictionTable.Identity) -> (Int, Int, Int) {
      (identity.split, identity.run, methods.firstIndex(of: identity.method) ?? methods.count)
    }
    let lines = values.sorted { order($0.key) < order($1.key) }.map { identity, value in
      "\(identity.split + 1),\(identity.run + 1),\(CSVText.field(identity.method)),\(value)\n"
    }
    return Self.header + "\n" + lines.joined()
  }

  /// Takes up the table that an earlier start of the run left.
  ///
  /// - Throws: `ExperimentsError.damaged` with the line that does not hold.
  mutating func read(_ text: String, path: String) throws {
    let records: [(line: Int, fields: [String])]
    do { records = try CSVText.records(text) } catch {
      throw ExperimentsError.damaged(path: path, line: error.line, problem: "a quote is not closed")
    }
    guard records.first?.fields.joined(separator: ",") == Self.header else {
      throw ExperimentsError.damaged(path: path, line: 1, problem: "the first line must be \(Self.header)")
    }
    for (line, fields) in records.dropFirst() {
      guard fields.count == 4, let split = Int(fields[0]), split >= 1, let run = Int(fields[1]), run >= 1,
        let value = Double(fields[3]), (0...1).contains(value)
      else {
        throw ExperimentsError.damaged(path: path, line: line, problem: "this is no score of this experiment")
      }
      values[.init(split: split - 1, run: run - 1, method: fields[2])] = value
    }
  }
}
