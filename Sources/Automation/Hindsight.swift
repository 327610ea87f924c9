import Assessment
import Classification
import Datasets
import Experiments
import Files
import Foundation
import Generators
import Geometry
import Recipes
import Runs
import Tensors
import Training

/// Trains every way once on every division's training images and scores it on the test images there: what the best single way
/// would have come to, had one known it. It takes no part in any choice.
struct Hindsight {
  let run: AutoRun
  let data: ExperimentData
  /// Of every division.
  let results: [DivisionResult]
  let scratch: URL

  static let fileName = "hindsight.csv"

  /// What one way came to on one division.
  struct Entry: Codable, Sendable {
    var heldOut: HeldOut?
    /// Models, drawing and the classifier.
    var seconds: Double
    /// Why it was not scored, or may not be taken.
    var reason: String?
  }

  private var folder: URL { run.recipe.runFolder }

  /// Does what is not done yet and writes the table.
  func find(elapsedSeconds: Double) throws -> AutoAnswer.Hindsight {
    let divisions = try results.map { try data.division($0.division, run.recipe) }
    let ways = divisions.map { run.ways(hasValidation: !$0.indices(in: .validation).isEmpty) }
    let names = ways[0].map(\.name)
    let bar = run.progress.stage("In hindsight", total: ways.reduce(0) { $0 + $1.count }, unit: "trainings")
    var entries: [[String: Entry]] = []
    for index in results.indices {
      entries.append(try score(ways[index], on: divisions[index], index) { bar.advance() })
    }
    bar.finish()
    let cells = Dictionary(
      uniqueKeysWithValues: names.map { name in
        (name, entries.indices.map { index in cell(entries[index][name], results[index]) })
      })
    try write(names, entries, cells)
    let table = HindsightTable(names, cells: cells, divisions: results.count)
    return AutoAnswer.Hindsight(
      table, results: results, classes: data.classes.count,
      seconds: { name in SampleMoments(entries.map { $0[name]?.seconds }).mean }, elapsedSeconds: elapsedSeconds,
      leftOut: Dictionary(
        uniqueKeysWithValues: names.compactMap { name in
          entries.lazy.compactMap { $0[name]?.reason }.first.map { (name, $0) }
        }))
  }

  private func cell(_ entry: Entry?, _ result: DivisionResult) -> HindsightTable.Cell? {
    guard let entry, entry.reason == nil, let heldOut = entry.heldOut else { return nil }
    let score = AutoAnswer.Division.Score([heldOut], of: result, classes: data.classes.count)
    guard let accuracy = score.balancedAccuracy, let area = score.rocArea else { return nil }
    return .init(balancedAccuracy: accuracy, rocArea: area)
  }

  // MARK: Trainings

  private func file(_ way: String, _ index: Int) -> URL {
    folder.appending(path: "hindsight/division-\(index + 1)/\(way).json")
  }

  private func read(_ way: String, _ index: Int) throws -> Entry? {
    let file = file(way, index)
    guard let data = try? Data(contentsOf: file) else { return nil }
    guard let entry = try? JSONDecoder().decode(Entry.self, from: data) else {
      throw ExperimentsError.damaged(path: file.relativePath, line: nil, problem: "this is no score in hindsight")
    }
    return entry
  }

  private func write(_ entry: Entry, of way: String, _ index: Int) throws {
    let file = file(way, index)
    try AtomicFile.makeFolder(file.deletingLastPathComponent())
    try AtomicFile.write(try CompactJSON.data(entry), to: file)
  }

  /// Every way on one division; ways that share their models one after the other.
  private func score(
    _ ways: [Way], on division: ExperimentData, _ index: Int, advance: @escaping @Sendable () -> Void
  ) throws -> [String: Entry] {
    let recipe = EvaluationPlan.recipe(run.recipe, split: results[index].division)
    var found: [String: Entry] = [:]
    var groups: [(key: String, ways: [Way])] = []
    for way in ways {
      if let known = try read(way.name, index) {
        found[way.name] = known
        advance()
        continue
      }
      let key = way.drawing == nil ? "nothing drawn" : try TrialRunner.modelKey(way, recipe)
      if let place = groups.firstIndex(where: { $0.key == key }) {
        groups[place].ways.append(way)
      } else {
        groups.append((key, [way]))
      }
    }
    // Without a limit of time, and none of it counts.
    let procedure = run.procedure(
      recipe, division, part: "hindsight", title: "", time: try TimeKeeper(budget: .infinity, now: run.now),
      scratch: scratch)
    for group in groups {
      let scored = try score(group.ways, procedure, division, recipe)
      for (name, entry) in scored {
        try write(entry, of: name, index)
        found[name] = entry
        advance()
      }
    }
    return found
  }

  /// Ways of one group, their models trained once.
  private func score(
    _ ways: [Way], _ procedure: Procedure, _ division: ExperimentData, _ recipe: Recipe
  ) throws -> [(String, Entry)] {
    var models: [TrainedModel] = []
    var modelSeconds = 0.0
    if ways[0].drawing != nil, let few = TrialRunner.tooFew(division) {
      return ways.map { ($0.name, Entry(heldOut: nil, seconds: 0, reason: few)) }
    }
    if ways[0].needsModels {
      let start = run.now()
      do {
        models = try procedure.models(of: ways[0])
      } catch let error as GeneratorError {
        return ways.map { ($0.name, Entry(heldOut: nil, seconds: run.now() - start, reason: "\(error)")) }
      }
      modelSeconds = run.now() - start
    }
    let entries = Entries()
    var trials: [(way: Way, trial: MethodTrial, seconds: Double, reason: String?)] = []
    for way in ways {
      let start = run.now()
      do {
        let drawn = way.drawing == nil ? nil : try procedure.draw(way, from: models)
        let reason = run.settings.isPrivate ? drawn.flatMap { TrialRunner.disclosure($0, division) } : nil
        let trial = MethodTrial(try way.recipe(recipe), way.method, data: division, drawn: drawn)
        trials.append((way, trial, run.now() - start + (way.needsModels ? modelSeconds : 0), reason))
      } catch let error where Self.isOfTheWay(error) {
        entries.add(way.name, Entry(heldOut: nil, seconds: run.now() - start, reason: "\(error)"))
      }
    }
    let numbers = TrialRunner.subjectNumbers(division)
    let (jobs, now) = (trials, run.now)
    try ComputeThreads.sideBySide(jobs: jobs.count, workers: min(recipe.threadCount, max(1, jobs.count))) { number in
      let (way, trial, seconds, reason) = jobs[number]
      let start = now()
      do {
        let trained = try trial.train(run: 0)
        let heldOut = TrialRunner.heldOut(trained, division, of: .test, numbers)
        entries.add(way.name, Entry(heldOut: heldOut, seconds: seconds + now() - start, reason: reason))
      } catch let error where Self.isOfTheWay(error) {
        entries.add(way.name, Entry(heldOut: nil, seconds: seconds + now() - start, reason: "\(error)"))
      }
    }
    ComputeMemory.release()
    return entries.all
  }

  /// Whether a way is out, and not the whole run.
  private static func isOfTheWay(_ error: any Error) -> Bool {
    error is ClassificationError || error is GeometryError || error is GeneratorError || error is ExperimentsError
  }

  private final class Entries: @unchecked Sendable {
    private let lock = NSLock()
    private var found: [(String, Entry)] = []
    var all: [(String, Entry)] { lock.withLock { found } }
    func add(_ way: String, _ entry: Entry) { lock.withLock { found.append((way, entry)) } }
  }

  // MARK: The table

  private func write(
    _ names: [String], _ entries: [[String: Entry]], _ cells: [String: [HindsightTable.Cell?]]
  ) throws {
    func number(_ value: Double?) -> String { value.map { String(format: "%.6f", $0) } ?? "NA" }
    var text = "division,way,balanced_accuracy,roc_area,score,seconds,left_out\n"
    for (index, result) in results.enumerated() {
      for name in names {
        let (entry, cell) = (entries[index][name], cells[name]?[index])
        text +=
          "\(result.division + 1),\(CSVText.field(name)),\(number(cell?.balancedAccuracy)),\(number(cell?.rocArea)),"
          + "\(number(cell?.score)),\(entry.map { String(format: "%.1f", $0.seconds) } ?? "NA"),"
          + "\(CSVText.field(entry?.reason ?? ""))\n"
      }
    }
    try AtomicFile.write(text, to: folder.appending(path: Self.fileName))
  }
}
