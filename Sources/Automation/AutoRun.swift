import Assessment
import Datasets
import Experiments
import Foundation
import Recipes
import Runs
import Tensors

/// Finds out what suits some images: which way of training a classifier on them, with or without images made of them.
///
/// On every outer division of the subjects the whole procedure (race, choice, training) sees the training and validation images
/// alone; its test images then say what the procedure gains. The same procedure on all images gives what is handed over.
public struct AutoRun: Sendable {
  public let recipe: Recipe
  public let settings: AutoSettings
  public let progress: ProgressReporter
  let now: @Sendable () -> Double
  /// What is tried in place of the tables, in tests.
  private let chosenWays: [Way]?

  /// - Throws: `ExperimentsError` if the recipe or the settings do not hold.
  public init(_ recipe: Recipe, settings: AutoSettings, progress: ProgressReporter) throws {
    try self.init(recipe, settings: settings, progress: progress) { ProcessInfo.processInfo.systemUptime }
  }

  /// - Parameters:
  ///   - ways: nil for the tables.
  ///   - now: seconds from any fixed moment.
  package init(
    _ recipe: Recipe, settings: AutoSettings, progress: ProgressReporter, ways: [Way]? = nil,
    now: @escaping @Sendable () -> Double
  ) throws {
    try recipe.check()
    try settings.check()
    self.recipe = recipe
    chosenWays = ways
    (self.settings, self.progress, self.now) = (settings, progress, now)
  }

  /// The share of the time that is kept for drawing and writing what is handed over.
  private static let reserve = 0.05
  /// The most of the time left that is kept for models of the images that are handed over: most choices draw none.
  private static let shareOfDrawing = 0.15
  /// Keys of a recipe that `auto` makes no use of.
  private static let unusedSections = ["sweep", "grid", "compare", "fidelity", "interpolation"]
  private static let unusedKeys: Set<String> = ["data.test", "data.test-labels", "data.covariates"]
  /// Trainings of `original-matched` on each division.
  static func baselineRuns(cameSplit: Bool) -> Int { cameSplit ? runsOfGivenSplit : 2 }
  /// Trainings of every way on a given split: their spread says how others would come out, and that of two says too little.
  static let runsOfGivenSplit = 3

  /// Reads the images and says what would be done.
  public func plan() throws -> AutoPlan {
    let drawn = FileManager.default.temporaryDirectory.appending(
      path: "manikin-plan-\(UUID().uuidString)", directoryHint: .isDirectory)
    defer { try? FileManager.default.removeItem(at: drawn) }
    let data = try Experiment(recipe, progress: progress).imagesForTrials(drawnIn: drawn)
    _ = try RunFolder(
      lookingAt: recipe.runFolder, recipe: recipe, versions: Manikin.versions, inputs: inputs(data))
    return AutoPlan(self, data: data)
  }

  /// Does what is not done yet.
  public func run() throws -> AutoAnswer {
    let url = recipe.runFolder
    if let path = recipe.data.path { try Experiment.requireOutside(url, data: path) }
    // Images of a user's may be refused, and then there is no folder yet; a phantom is made inside it.
    let given = recipe.data.path == nil ? nil : try read()
    if let given { try requireTime(given) }
    let folder = try RunFolder(
      url, recipe: recipe, versions: Manikin.versions, inputs: given.map { inputs($0) } ?? [])
    defer { withExtendedLifetime(folder) {} }
    let data = try given ?? read()
    for (name, digest) in inputs(data) { try folder.require(name, digest: digest) }
    if folder.isResumed { progress.note("Continuing the run in \(url.relativePath)") }
    for note in data.notes { progress.note("note: \(note)") }
    if let leak = data.leak { progress.note("warning: \(leak)") }
    let scratch = url.appending(path: "unfinished", directoryHint: .isDirectory)
    try? FileManager.default.removeItem(at: scratch)
    defer { try? FileManager.default.removeItem(at: scratch) }
    if let done = try finished() { return try lookingBack(done, data, scratch: scratch) }
    for note in notesOnSettings(data) { progress.note("note: \(note)") }
    if data.cameSplit, FileManager.default.fileExists(atPath: url.appending(path: "answer.json").path) {
      progress.note(
        "note: the given split is scored already and stays as it is; for a longer race begin anew with another --out")
    }
    let time = try TimeKeeper(budget: 60 * settings.minutes, file: url.appending(path: "time.json"), now: now)

    let divisions = data.cameSplit ? 1 : min(settings.divisions, data.mostDivisions)
    let reserve = Self.reserve * time.budget
    var results: [DivisionResult] = []
    var handedOver: HandOver.Source?
    for index in 0..<divisions {
      let parts = divisions - index + (data.cameSplit ? 0 : 1)
      let end = time.end(ofNextOf: parts, keeping: reserve)
      let outer = try OuterDivision(
        run: self, data: data, index: index, time: time, scratch: scratch, end: end, keepsClassifier: data.cameSplit)
      let (result, source) = try outer.result()
      results.append(result)
      handedOver = source ?? handedOver
      if let line = AutoAnswer.line(result, of: divisions, classes: data.classes.count) { progress.note(line) }
      try time.save()
    }
    if !data.cameSplit {
      // Images are drawn once more, from models of their own.
      let models = try longestModels(Workload(data), time)
      let drawing = min(models, Self.shareOfDrawing * max(0, time.budget - time.elapsed))
      let end = time.end(ofNextOf: 1, keeping: reserve + drawing)
      handedOver = try self.handedOver(data, time: time, scratch: scratch, end: end)
    }
    let gain = ProcedureGain(results, classes: data.classes.count, seed: UInt64(recipe.seed))
    let handOver = HandOver(run: self, data: data, source: handedOver!, gain: gain, results: results, folder: url)
    let answer = try handOver.write(elapsed: time)
    try time.save()
    return try lookingBack(answer, data, scratch: scratch)
  }

  /// The answer with what the best single way comes to in hindsight, where that is asked for and not there.
  private func lookingBack(_ answer: AutoAnswer, _ data: ExperimentData, scratch: URL) throws -> AutoAnswer {
    guard settings.looksBack, answer.hindsight == nil else { return answer }
    let folder = recipe.runFolder
    let results = try answer.divisions.indices.compactMap { try OuterDivision.read($0, in: folder) }
    guard results.count == answer.divisions.count else {
      throw ExperimentsError.damaged(
        path: folder.appending(path: "divisions").relativePath, line: nil,
        problem: "there are not the \(answer.divisions.count) divisions that answer.json tells of")
    }
    var answer = answer
    answer.hindsight = try Hindsight(run: self, data: data, results: results, scratch: scratch).find(
      elapsedSeconds: answer.elapsedSeconds)
    answer.files.append(Hindsight.fileName)
    try AutoPages(run: self, data: data, answer: answer).write(to: folder)
    return answer
  }

  /// The answer of an earlier start that had as much time; nil where there is none.
  private func finished() throws -> AutoAnswer? {
    let file = recipe.runFolder.appending(path: "answer.json")
    guard let data = try? Data(contentsOf: file) else { return nil }
    guard let answer = try? JSONDecoder().decode(AutoAnswer.self, from: data) else {
      throw ExperimentsError.damaged(path: file.relativePath, line: nil, problem: "this is no answer")
    }
    return answer.minutes >= settings.minutes ? answer : nil
  }

  /// What the user set and the race does not follow, or nothing here does.
  func notesOnSettings(_ data: ExperimentData) -> [String] {
    let usual = Recipe()
    let own = Set(ways(hasValidation: true).flatMap { $0.settings.map(\.key) }).subtracting(["generator.model"]).union([
      "evaluation.methods", "evaluation.splits", "evaluation.runs", "evaluation.protocol", "synthetic.method",
      "generator.epochs",
    ])
    let given = Recipe.settings.filter { own.contains($0.key) && $0.value(in: recipe) != $0.value(in: usual) }.map(
      \.key)
    var notes: [String] = []
    if !given.isEmpty {
      notes.append(
        "every way has its own \(given.joined(separator: ", ")); what you set reaches original-matched, which they are "
          + "compared with, or nothing")
    }
    let unused = Recipe.settings.map(\.key).filter { key in
      Self.unusedSections.contains { key.hasPrefix($0 + ".") } || Self.unusedKeys.contains(key)
    }
    let vain = Recipe.settings.filter { unused.contains($0.key) && $0.value(in: recipe) != $0.value(in: usual) }
    if !vain.isEmpty {
      notes.append("'auto' makes no use of \(vain.map(\.key).joined(separator: ", ")), which you set")
    }
    if data.cameSplit, settings.divisions != AutoSettings().divisions {
      notes.append("the images came split, so that --divisions has no effect")
    }
    return notes
  }

  private func inputs(_ data: ExperimentData) -> [(name: String, digest: String)] {
    data.inputDigests + [
      ("ways", Checksum.of(ways(hasValidation: true).map { "\($0)" }.joined(separator: "\n"))),
      ("number of divisions", "\(settings.divisions)"),
    ]
  }

  private func read() throws -> ExperimentData {
    try Experiment(recipe, progress: progress).imagesForTrials()
  }

  /// What is tried; ways that the recipe's other settings rule out, such as its model, are not.
  func ways(hasValidation: Bool) -> [Way] {
    (chosenWays ?? (settings.isPrivate ? Way.privateTable : Way.table(hasValidation: hasValidation)))
      .filter { (try? $0.recipe(recipe)) != nil }
  }

  /// Seconds of the dearest models of which any were trained yet.
  private func longestModels(_ load: Workload, _ time: TimeKeeper) throws -> Double {
    try ways(hasValidation: false).filter(\.needsModels).compactMap { way in
      let own = try way.recipe(recipe)
      return time.forecast(Workload.models(own.generator.model), units: load.models(own))
    }.max() ?? 0
  }

  /// Refuses a time in which little more than the baseline could be trained, going by a short training.
  private func requireTime(_ data: ExperimentData) throws {
    // What was begun knows what it takes.
    guard !FileManager.default.fileExists(atPath: recipe.runFolder.appending(path: "time.json").path) else { return }
    let divisions = data.cameSplit ? 1 : min(settings.divisions, data.mostDivisions)
    let time = try TimeKeeper(budget: 60 * settings.minutes, now: now)
    let load = Workload(data)
    try TrialRunner.measureNetwork(recipe, data, time)
    let one = time.forecast(Workload.network, units: load.network(recipe)) ?? 0
    let rounds = (Double(Self.baselineRuns(cameSplit: data.cameSplit)) / Double(recipe.threadCount)).rounded(.up)
    let needed = 2 * Double(divisions) * rounds * one / 60
    guard needed > settings.minutes else { return }
    throw ExperimentsError.option(
      name: "--minutes",
      problem: String(
        format:
          "%.3g minutes are too few: half of them should do for real images alone, which take about %.1f; give %.0f "
          + "or more%@", settings.minutes, needed / 2, needed.rounded(.up),
        data.cameSplit ? "" : ", or fewer --divisions"))
  }

  func procedure(
    _ recipe: Recipe, _ data: ExperimentData, part: String, title: String, time: TimeKeeper, scratch: URL
  ) -> Procedure {
    Procedure(
      recipe: recipe, ways: ways(hasValidation: !data.indices(in: .validation).isEmpty), data: data,
      store: TrialStore(self.recipe.runFolder.appending(path: "trials/\(part)", directoryHint: .isDirectory)),
      time: time,
      isPrivate: settings.isPrivate, scratch: scratch, progress: progress, title: title)
  }

  /// The images that the choice that is handed over is made and trained on: of a given split those for training; else all of
  /// the cohort, those of the first division with its test images for training.
  func whole(_ data: ExperimentData) throws -> ExperimentData {
    guard !data.cameSplit else {
      return data.sided(training: data.indices(in: .train), validation: data.indices(in: .validation), test: [])
    }
    let base = try data.division(0, recipe)
    // Where the recipe limits the training images of a class, test images are not put to them.
    let further = recipe.data.minority == nil ? base.indices(in: .test) : []
    return base.sided(
      training: (base.indices(in: .train) + further).sorted(), validation: base.indices(in: .validation), test: [])
  }

  /// The procedure on all images.
  private func handedOver(
    _ data: ExperimentData, time: TimeKeeper, scratch: URL, end: Double
  ) throws -> HandOver.Source {
    let all = try whole(data)
    let procedure = procedure(recipe, all, part: "all", title: "All images", time: time, scratch: scratch)
    let found = try procedure.race(until: procedure.endOfRace(runs: 1, before: end))
    let committee = try found.choice.map {
      try procedure.train($0, found.outcome.evidence, run: 0, until: end)
    }
    return HandOver.Source(data: all, procedure: procedure, found: found, committee: committee)
  }
}
