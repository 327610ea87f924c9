import Classification
import Datasets
import Experiments
import Foundation
import Randomness
import Recipes
import Runs
import Tensors
import Training

/// The whole procedure on one set of training images: a race on inner folds, a choice, and its classifiers trained on all of them.
package struct Procedure: Sendable {
  let recipe: Recipe
  /// The simplest first.
  let ways: [Way]
  /// Training images to divide, and validation images to choose epochs by; others are not looked at.
  let data: ExperimentData
  let store: TrialStore
  let time: TimeKeeper
  let isPrivate: Bool
  let scratch: URL
  let progress: ProgressReporter
  /// What the screen calls it.
  let title: String

  /// Folds of a repeat at most.
  static let mostFolds = 5
  /// Random starts of each member.
  static let starts = 3
  /// The share of the race's time at whose end each rung ends.
  private static let shares = [0.5, 0.8, 1.0]

  /// What a race came to.
  package struct Found: Sendable {
    package var outcome: Race.Outcome
    /// Nil where no way was measured, or none may be taken.
    package var choice: Choice?
  }

  var subjectNumbers: [Int] { TrialRunner.subjectNumbers(data) }

  package init(
    recipe: Recipe, ways: [Way], data: ExperimentData, store: TrialStore, time: TimeKeeper, isPrivate: Bool = false,
    scratch: URL, progress: ProgressReporter, title: String
  ) {
    (self.recipe, self.ways, self.data, self.store, self.time) = (recipe, ways, data, store, time)
    (self.isPrivate, self.scratch, self.progress, self.title) = (isPrivate, scratch, progress, title)
  }

  /// The inner folds.
  ///
  /// - Throws: `ExperimentsError.settings` where a class has one training subject.
  package func folds() throws -> InnerFolds {
    let indices = data.indices(in: .train)
    guard
      let folds = InnerFolds(
        images: indices, labels: indices.map { data.label(at: $0) },
        subjects: indices.map { data.set.images[$0].subject }, classes: data.classes.count, most: Self.mostFolds,
        repeats: 2, stream: RandomStream(seed: UInt64(recipe.seed), purpose: "inner folds"))
    else {
      throw ExperimentsError.settings(
        problem: "a class has training images of one subject, and choosing among ways takes two at least; add subjects")
    }
    return folds
  }

  /// Two folds, then the rest of the first repeat, then the second one.
  package static func rungs(_ folds: InnerFolds) -> [[InnerFolds.Place]] {
    let places = (0..<folds.repeats).map { number in
      (0..<folds.count).map { InnerFolds.Place(repeat: number, fold: $0) }
    }
    return [Array(places[0].prefix(2)), Array(places[0].dropFirst(2))].filter { !$0.isEmpty } + places.dropFirst()
  }

  private func runner(_ folds: InnerFolds, advance: @escaping @Sendable () -> Void = {}) -> TrialRunner {
    TrialRunner(
      recipe, ways: ways, data: data, folds: folds, store: store, time: time, isPrivate: isPrivate, scratch: scratch,
      advance: advance)
  }

  /// Chooses among the ways.
  ///
  /// - Parameter end: of the race, as a value of the clock's `elapsed`.
  package func race(until end: Double) throws -> Found {
    let folds = try folds()
    let rungs = Self.rungs(folds)
    let race = Race(rungs: rungs, classes: data.classes.count)
    let bar = progress.stage(title, total: race.mostMeasurements(of: ways.count), unit: "trainings")
    let runner = runner(folds) { bar.advance() }
    let begin = time.elapsed
    let outcome = try race.run(ways.map(\.name), refusal: runner.refusal) { rung, jobs in
      let share = Self.shares[min(rung, Self.shares.count - 1)]
      return try runner.measure(jobs, wholeWays: rung == 0, until: begin + share * max(0, end - begin))
    }
    bar.finish()
    let families = Dictionary(uniqueKeysWithValues: ways.map { ($0.name, $0.family.rawValue) })
    return Found(
      outcome: outcome,
      choice: Choice(outcome, ways: ways.map(\.name), classes: data.classes.count) { families[$0]! })
  }

  /// Trains the classifiers of a choice on all training images.
  ///
  /// - Parameters:
  ///   - run: another number starts from other weights.
  ///   - end: random starts beside the first one that would not fit before it are left out.
  package func train(_ choice: Choice, _ evidence: [String: Evidence], run: Int, until end: Double) throws -> Committee
  {
    let classes = data.classes.count
    let load = Workload(data)
    let (calibrations, whole) = Committee.calibrations(choice, evidence, classes: classes)
    let chosen = choice.members.map { name in ways.first { $0.name == name }! }
    let trials = try chosen.map { way in
      MethodTrial(try way.recipe(recipe), way.method, data: data, drawn: try drawn(way))
    }
    // Start by start, so that every member has as many.
    let jobs = (0..<Self.starts).flatMap { start in
      chosen.indices.filter { start == 0 || !chosen[$0].isLinear }.map { (member: $0, start: start) }
    }
    let found = FoundClassifiers()
    try ComputeThreads.sideBySide(jobs: jobs.count, workers: min(recipe.threadCount, jobs.count)) { index in
      let (member, start) = jobs[index]
      let way = chosen[member]
      let (kind, units) =
        way.isLinear ? (Workload.linear, load.linear) : (Workload.network, load.network(try way.recipe(recipe)))
      guard start == 0 || time.elapsed + (time.forecast(kind, units: units) ?? 0) <= end else { return }
      let trained = try time.timed(kind, units: units) { try trials[member].train(run: run * Self.starts + start) }
      found.set(trained, member: member, start: start)
    }
    ComputeMemory.release()
    return Committee(
      members: chosen.indices.map {
        .init(way: chosen[$0].name, calibration: calibrations[$0], classifiers: found.all(of: $0))
      }, calibration: whole)
  }

  private final class FoundClassifiers: @unchecked Sendable {
    private let lock = NSLock()
    private var found: [Int: [Int: MethodTrial.Trained]] = [:]

    func set(_ trained: MethodTrial.Trained, member: Int, start: Int) {
      lock.withLock { found[member, default: [:]][start] = trained }
    }

    func all(of member: Int) -> [MethodTrial.Trained] {
      lock.withLock { found[member, default: [:]].sorted { $0.key < $1.key }.map(\.value) }
    }
  }

  /// What a way draws from all training images; nil where it draws nothing.
  ///
  /// - Parameter keepsCopies: whether near copies of training images stay, whatever the way's settings.
  func drawn(_ way: Way, keepsCopies: Bool = false) throws -> MethodTrial.Drawn? {
    way.drawing == nil ? nil : try draw(way, from: models(of: way), keepsCopies: keepsCopies)
  }

  /// Models of all training images; none for a way that takes none.
  func models(of way: Way) throws -> [TrainedModel] {
    guard way.needsModels else { return [] }
    let own = try way.recipe(recipe)
    let folder = scratch.appending(path: "models", directoryHint: .isDirectory)
    try? FileManager.default.removeItem(at: folder)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try time.timed(Workload.models(own.generator.model), units: Workload(data).models(own)) {
      try MethodTrial.models(own, data: data, in: folder)
    }
  }

  /// - Parameter way: one that draws.
  func draw(_ way: Way, from models: [TrainedModel], keepsCopies: Bool = false) throws -> MethodTrial.Drawn {
    var own = try way.recipe(recipe)
    if keepsCopies { own.synthetic.nearCopies = .keep }
    return try ComputeThreads.with(recipe.threadCount) { [own] in
      try MethodTrial.draw(own, way.drawing!, data: data, models: models, from: MethodTrial.Source(data))
    }
  }

  /// The share of a part's time that random starts beside the first one may keep from the race.
  private static let shareOfStarts = 0.25

  /// When the race has to end, so that its choice can be trained.
  ///
  /// - Parameters:
  ///   - runs: how often it is trained.
  ///   - end: of all of it, as a value of the clock's `elapsed`.
  func endOfRace(runs: Int, before end: Double) throws -> Double {
    let load = Workload(data)
    guard let way = ways.first(where: { !$0.isLinear }) else { return end }
    let one = time.forecast(Workload.network, units: load.network(try way.recipe(recipe))) ?? 0
    func seconds(_ starts: Int) -> Double {
      one * (Double(runs * Choice.mostMembers * starts) / Double(recipe.threadCount)).rounded(.up)
    }
    let left = max(0, end - time.elapsed)
    return max(time.elapsed, end - max(seconds(1), min(seconds(Self.starts), Self.shareOfStarts * left)))
  }
}
