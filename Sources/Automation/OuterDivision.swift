import Assessment
import Datasets
import Experiments
import Files
import Foundation
import ImageSets
import Recipes
import Runs
import Tensors

/// The procedure on one outer division, and its score on that division's test images.
struct OuterDivision {
  let run: AutoRun
  let data: ExperimentData
  let index: Int
  let time: TimeKeeper
  let scratch: URL
  /// As a value of the clock's `elapsed`.
  let end: Double
  /// Whether what is trained here is handed over, so that it is trained again where the scores are known already.
  let keepsClassifier: Bool
  private let recipe: Recipe

  init(
    run: AutoRun, data: ExperimentData, index: Int, time: TimeKeeper, scratch: URL, end: Double, keepsClassifier: Bool
  ) throws {
    (self.run, self.index, self.time, self.scratch) = (run, index, time, scratch)
    (self.end, self.keepsClassifier) = (end, keepsClassifier)
    recipe = EvaluationPlan.recipe(run.recipe, split: index)
    self.data = try data.division(index, run.recipe)
  }

  private var file: URL { Self.file(index, in: run.recipe.runFolder) }

  private static func file(_ index: Int, in folder: URL) -> URL {
    folder.appending(path: "divisions/\(index < 9 ? "0" : "")\(index + 1).json")
  }

  /// Runs what is not done yet.
  func result() throws -> (DivisionResult, HandOver.Source?) {
    let before = try read()
    // Where time was over before any way was judged, more time begins the race anew.
    let known = before.flatMap { $0.choice == nil && $0.standings.wereNeverJudged ? nil : $0 }
    if let known, !keepsClassifier { return (known, nil) }
    let number = "\(index + 1)"
    let title = keepsClassifier ? "The given split" : "Division \(number) of \(run.settings.divisions)"
    let inner = data.sided(training: data.indices(in: .train), validation: data.indices(in: .validation), test: [])
    let procedure = run.procedure(
      recipe, inner, part: keepsClassifier ? "given" : "division-\(number)", title: title, time: time, scratch: scratch)
    let baseline = try before?.baseline ?? trainBaseline()
    let runs = keepsClassifier ? AutoRun.runsOfGivenSplit : 1
    // Before the race, which takes what time is left.
    let scored = known ?? before.flatMap { $0.missing.isEmpty ? $0 : nil }
    let simple = try scored.map { SimpleWays.Scores(found: $0.others, missing: $0.missing) } ?? scoreSimpleWays(runs)
    // What is scored already stands: the race is only read again.
    let found = try procedure.race(until: known == nil ? procedure.endOfRace(runs: runs, before: end) : 0)
    guard let choice = found.choice else {
      let result = DivisionResult(
        division: index, choice: nil, standings: found.outcome.standings, baseline: baseline, procedure: baseline,
        others: try scored?.others ?? simple.found.merging(others(procedure)) { $1 }, missing: simple.missing,
        trainSubjects: subjects(.train), testSubjects: subjects(.test))
      try write(result)
      return (result, .init(data: inner, procedure: procedure, found: found, committee: nil))
    }
    var committee: Committee?
    var predictions: [HeldOut] = []
    for number in 0..<runs {
      if number > 0, known != nil { break }
      let own = try procedure.train(choice, found.outcome.evidence, run: number, until: end)
      if number == 0 { committee = own }
      predictions.append(own.heldOut(data, of: .test, subjectNumbers: TrialRunner.subjectNumbers(data)))
    }
    let result =
      try known
      ?? DivisionResult(
        division: index, choice: choice, standings: found.outcome.standings, baseline: baseline, procedure: predictions,
        others: simple.found.merging(others(procedure)) { $1 }, missing: simple.missing,
        trainSubjects: subjects(.train), testSubjects: subjects(.test))
    if known == nil { try write(result) }
    return (
      result,
      keepsClassifier ? .init(data: inner, procedure: procedure, found: found, committee: committee) : nil
    )
  }

  private func subjects(_ side: Split) -> Int { Set(data.indices(in: side).map { data.set.images[$0].subject }).count }

  /// Real images alone, as an evaluation trains them.
  private func trainBaseline() throws -> [HeldOut] {
    let trial = MethodTrial(recipe, .originalMatched, data: data, drawn: nil)
    defer { ComputeMemory.release() }
    return try TestRuns(data: data, recipe: recipe, time: time).predictions(
      of: trial, count: AutoRun.baselineRuns(cameSplit: keepsClassifier), kind: Workload.network,
      units: Workload(data).network(recipe))
  }

  /// The simple ways, trained on all of the division's training images, as far as time allows.
  private func scoreSimpleWays(_ runs: Int) throws -> SimpleWays.Scores {
    let ways = SimpleWays.ways(run.ways(hasValidation: false))
    return try SimpleWays(ways: ways, data: data, recipe: recipe, time: time, end: end).score(runs: runs)
  }

  /// With `--private`, the paper's way beside.
  private func others(_ procedure: Procedure) throws -> [String: [HeldOut]] {
    guard run.settings.isPrivate, let way = procedure.ways.first(where: { $0.name == Way.paperName }) else {
      return [:]
    }
    let trial = MethodTrial(
      try way.recipe(recipe), way.method, data: procedure.data, drawn: try procedure.drawn(way, keepsCopies: true))
    let trained = try trial.train(run: 0)
    return [way.name: [TrialRunner.heldOut(trained, data, of: .test, TrialRunner.subjectNumbers(data))]]
  }

  private func read() throws -> DivisionResult? { try Self.read(file) }

  /// The result of a division that was scored; nil where there is none.
  ///
  /// - Parameter index: from 0.
  static func read(_ index: Int, in folder: URL) throws -> DivisionResult? { try read(file(index, in: folder)) }

  private static func read(_ file: URL) throws -> DivisionResult? {
    guard let data = try? Data(contentsOf: file) else { return nil }
    guard let result = try? JSONDecoder().decode(DivisionResult.self, from: data) else {
      throw ExperimentsError.damaged(path: file.relativePath, line: nil, problem: "this is no result of a division")
    }
    return result
  }

  private func write(_ result: DivisionResult) throws {
    try AtomicFile.makeFolder(file.deletingLastPathComponent())
    try AtomicFile.write(try CompactJSON.data(result), to: file)
  }
}
