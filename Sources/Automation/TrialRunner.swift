import Classification
import Datasets
import Experiments
import Foundation
import Geometry
import ImageSets
import Randomness
import Recipes
import Tensors

/// Trains classifiers of several ways on the folds of one set of training images, as far as time allows.
package final class TrialRunner: @unchecked Sendable {
  /// The seed of the set of images; ways of one fold start alike.
  let recipe: Recipe
  let ways: [String: Way]
  /// Its training images are divided into folds, its validation images choose epochs, and no other is used.
  let data: ExperimentData
  let folds: InnerFolds
  let store: TrialStore
  let time: TimeKeeper
  /// Whether images must pass the audit.
  let isPrivate: Bool
  /// For models, and gone afterwards.
  let scratch: URL
  private let advance: @Sendable () -> Void
  private let lock = NSLock()
  private var refused: [String: String] = [:]
  let subjectNumbers: [Int]

  package init(
    _ recipe: Recipe, ways: [Way], data: ExperimentData, folds: InnerFolds, store: TrialStore, time: TimeKeeper,
    isPrivate: Bool = false, scratch: URL, advance: @escaping @Sendable () -> Void = {}
  ) {
    self.recipe = recipe
    self.ways = Dictionary(uniqueKeysWithValues: ways.map { ($0.name, $0) })
    (self.data, self.folds, self.store, self.time) = (data, folds, store, time)
    (self.isPrivate, self.scratch, self.advance) = (isPrivate, scratch, advance)
    subjectNumbers = Self.subjectNumbers(data)
  }

  /// Who is in each image, by number.
  static func subjectNumbers(_ data: ExperimentData) -> [Int] {
    var numbers: [String: Int] = [:]
    return data.set.images.map { image in
      if let known = numbers[image.subject] { return known }
      numbers[image.subject] = numbers.count
      return numbers.count - 1
    }
  }

  /// Why a way is out whatever its score.
  package func refusal(_ way: String) -> String? { lock.withLock { refused[way] } }

  func refuse(_ way: String, _ reason: String) {
    lock.withLock { if refused[way] == nil { refused[way] = reason } }
  }

  /// The held-out predictions of each job; nil for those that do not fit before the deadline, or failed.
  ///
  /// Ways that draw nothing come first, side by side; then, set of models by set of models, those that do.
  ///
  /// - Parameters:
  ///   - wholeWays: whether a way of which not all jobs fit is left out for the next one.
  ///   - deadline: as a value of the clock's `elapsed`.
  package func measure(_ jobs: [Race.Job], wholeWays: Bool = true, until deadline: Double) throws -> [HeldOut?] {
    var found: [Race.Job: HeldOut] = [:]
    var pending: [Race.Job] = []
    for job in jobs {
      if let trial = try store.read(job) {
        found[job] = trial.heldOut
        if let reason = trial.refusal { refuse(job.way, reason) }
        advance()
      } else {
        pending.append(job)
      }
    }
    let plain = pending.filter { ways[$0.way]!.drawing == nil }
    try found.merge(trainPlain(plain, wholeWays: wholeWays, until: deadline)) { $1 }
    var groups: [(key: String, jobs: [Race.Job])] = []
    for job in pending where ways[job.way]!.drawing != nil {
      let key = try modelKey(ways[job.way]!)
      if let index = groups.firstIndex(where: { $0.key == key }) {
        groups[index].jobs.append(job)
      } else {
        groups.append((key, [job]))
      }
    }
    for group in groups { try found.merge(trainDrawn(group.jobs, until: deadline)) { $1 } }
    try time.save()
    return jobs.map { found[$0] }
  }

  /// Ways of one key share their models.
  func modelKey(_ way: Way) throws -> String { try Self.modelKey(way, recipe) }

  static func modelKey(_ way: Way, _ recipe: Recipe) throws -> String {
    guard way.needsModels else { return "" }
    let own = try way.recipe(recipe)
    return "\(own.generator.share.rawValue) \(own.generator.model.rawValue) \(own.generator.steps ?? 0)"
  }

  // MARK: Ways that draw nothing

  private func trainPlain(
    _ jobs: [Race.Job], wholeWays: Bool, until deadline: Double
  ) throws -> [Race.Job: HeldOut] {
    guard !jobs.isEmpty else { return [:] }
    try pilot()
    // Whole ways, as far as they fit.
    let workers = recipe.threadCount
    var (chosen, spent): ([Race.Job], Double) = ([], time.elapsed)
    for own in wholeWays ? Self.byWay(jobs).map(\.jobs) : [jobs] {
      let seconds = try own.reduce(0) { try $0 + cost($1) } / Double(min(workers, max(1, jobs.count)))
      guard !wholeWays || spent + seconds <= deadline || own.allSatisfy({ ways[$0.way]!.isLinear }) else { continue }
      spent += seconds
      chosen += own
    }
    return try train(chosen, until: deadline) { job, place in
      let way = self.ways[job.way]!
      return MethodTrial(try self.recipe(way, at: job.place), way.method, data: place, drawn: nil)
    }
  }

  private static func byWay(_ jobs: [Race.Job]) -> [(way: String, jobs: [Race.Job])] {
    var result: [(way: String, jobs: [Race.Job])] = []
    for job in jobs {
      if let index = result.firstIndex(where: { $0.way == job.way }) {
        result[index].jobs.append(job)
      } else {
        result.append((job.way, [job]))
      }
    }
    return result
  }

  /// Trains a classifier for each job, side by side.
  func train(
    _ jobs: [Race.Job], until deadline: Double,
    _ trial: @escaping @Sendable (Race.Job, ExperimentData) throws -> MethodTrial
  ) throws -> [Race.Job: HeldOut] {
    guard !jobs.isEmpty else { return [:] }
    let found = Found()
    try ComputeThreads.sideBySide(jobs: jobs.count, workers: min(recipe.threadCount, jobs.count)) { index in
      let job = jobs[index]
      // A step that would not fit is not begun.
      guard refusal(job.way) == nil, time.elapsed + (try cost(job)) <= deadline || ways[job.way]!.isLinear else {
        return
      }
      let place = fold(job.place)
      do {
        let own = try trial(job, place)
        let (kind, units) = try work(job)
        let trained = try time.timed(kind, units: units) { try own.train(run: 0) }
        let heldOut = heldOut(trained, place)
        try store.write(.init(heldOut: heldOut, refusal: refusal(job.way)), of: job)
        try time.save(always: false)
        found.set(job, heldOut)
      } catch let error as ClassificationError {
        refuse(job.way, error.description)
      } catch let error as GeometryError {
        refuse(job.way, "\(error)")
      }
      advance()
    }
    ComputeMemory.release()
    return found.all
  }

  private final class Found: @unchecked Sendable {
    private let lock = NSLock()
    private var found: [Race.Job: HeldOut] = [:]
    var all: [Race.Job: HeldOut] { lock.withLock { found } }
    func set(_ job: Race.Job, _ value: HeldOut) { lock.withLock { found[job] = value } }
  }

  /// The images of a fold: the held-out ones are its test images.
  func fold(_ place: InnerFolds.Place) -> ExperimentData {
    let sides = folds.sides(place)
    return data.sided(training: sides.training, validation: data.indices(in: .validation), test: sides.heldOut)
  }

  /// The way's recipe with the seed of a fold.
  func recipe(_ way: Way, at place: InnerFolds.Place) throws -> Recipe {
    var own = try way.recipe(recipe)
    var stream = RandomStream(
      seed: UInt64(recipe.seed), purpose: "seed of an inner fold", index: place.repeat * 1000 + place.fold)
    own.seed = Int(stream.next() >> 33)
    return own
  }

  private func heldOut(_ trained: MethodTrial.Trained, _ place: ExperimentData) -> HeldOut {
    Self.heldOut(trained, place, of: .test, subjectNumbers)
  }

  /// What a classifier says of the images of a side.
  static func heldOut(
    _ trained: MethodTrial.Trained, _ data: ExperimentData, of side: Split, _ subjectNumbers: [Int]
  ) -> HeldOut {
    let indices = data.indices(in: side)
    let values = trained.probabilities(data.set.rows(indices))
    return HeldOut(
      images: indices, subjects: indices.map { subjectNumbers[$0] }, labels: indices.map { data.label(at: $0) },
      probabilities: indices.indices.map { values.row($0) })
  }

  // MARK: What it takes

  private func work(_ job: Race.Job) throws -> (kind: String, units: Double) {
    let way = ways[job.way]!
    let load = Workload(fold(job.place))
    return way.isLinear ? (Workload.linear, load.linear) : (Workload.network, load.network(try way.recipe(recipe)))
  }

  private func cost(_ job: Race.Job) throws -> Double {
    let (kind, units) = try work(job)
    return time.forecast(kind, units: units) ?? 0
  }

  /// Measures what a network takes, where none was trained yet.
  func pilot() throws {
    guard time.forecast(Workload.network, units: 1) == nil else { return }
    try Self.measureNetwork(recipe, fold(.init(repeat: 0, fold: 0)), time)
  }

  /// Images that a measurement shows a network.
  private static let pilotImages = 1000

  /// Trains a network on a few images, once to warm up and once by the clock.
  static func measureNetwork(_ recipe: Recipe, _ data: ExperimentData, _ time: TimeKeeper) throws {
    var short = recipe
    short.evaluation.syntheticPerClass = 1
    short.classifier.epochs = 1
    let load = Workload(data)
    short.classifier.epochs = max(1, Int(Double(pilotImages) / load.network(short)))
    try ComputeThreads.with(1) {
      let trial = MethodTrial(short, .originalResampled, data: data, drawn: nil)
      _ = try trial.train(run: 0)
      _ = try time.timed(Workload.network, units: load.network(short)) { try trial.train(run: 0) }
    }
  }
}
