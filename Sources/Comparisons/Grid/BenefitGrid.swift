import Datasets
import Experiments
import Forecasts
import Foundation
import ImageSets
import Judgement
import Recipes
import Runs
import Samplers
import Synthesis
import Tensors
import Training

/// Compares ways of augmenting on one cohort: each combination of sharing, rendering, method and augmentation, added to
/// balanced real images or in place of them, against real images alone (`BenefitTrial`). The best on the validation images is
/// chosen; its test score is one that had no part in the choice.
///
/// Everything lies in one run folder: `models-none` and `models-all` are runs of their own, `grid.csv` grows by a line for
/// each classifier, and what is there is not done again.
public struct BenefitGrid: Sendable {
  public let recipe: Recipe
  public let progress: ProgressReporter
  /// Bytes that are free on the disk of a folder; nil where nobody knows.
  package var freeDisk: @Sendable (URL) -> Int? = FreeDisk.bytes

  public init(_ recipe: Recipe, progress: ProgressReporter) throws {
    try recipe.check()
    self.recipe = recipe.fixingPrecision()
    self.progress = progress
  }

  static let sides: [Split] = [.validation, .test]
  package static let tableName = "grid.csv"

  /// What is drawn from the models of one sharing, in one rendering.
  package struct Drawing: Sendable {
    package let share: GeneratorSharing
    package let render: SyntheticSettings.Render
    package let methods: [SyntheticMethod]

    package var name: String { "\(share.rawValue)/\(render.rawValue)" }
  }

  package typealias Drawn = (drawing: Drawing, sets: [SyntheticMethod: [SyntheticSet]])

  /// Classifiers of each arm.
  package var runs: Int { recipe.evaluation.chosenRuns ?? EvaluationSettings.usualRuns(.paper) }

  /// Runs what is not done yet.
  public func run() throws -> BenefitTable {
    var forecast: RunForecast?
    let (folder, data) = try open { forecast = try lookAhead($0).forecast }
    defer { withExtendedLifetime(folder) {} }
    if let forecast { progress.note(forecast.sentence) }
    let training = TrainingImages(data, progress: progress)
    var models: [GeneratorSharing: [TrainedModel]] = [:]
    var drawn: [Drawn] = []
    for drawing in drawings {
      let own = try models[drawing.share] ?? self.models(drawing.share, data, in: folder)
      models[drawing.share] = own
      drawn.append((drawing, try draw(drawing, own, training)))
    }
    return try finish(drawn, models, training, data, in: folder)
  }

  /// Judges what was drawn, and trains the classifiers that are not in `grid.csv` yet.
  package func finish(
    _ drawn: [Drawn], _ models: [GeneratorSharing: [TrainedModel]], _ training: TrainingImages,
    _ data: ExperimentData, in folder: RunFolder
  ) throws -> BenefitTable {
    var quality: [String: SyntheticQuality] = [:]
    for (drawing, sets) in drawn {
      for method in drawing.methods {
        let found = SyntheticQuality(
          sets[method]!, models: models[drawing.share]!, training: training.present,
          seed: recipe.seed)
        for name in names(drawing, method).map(\.name) { quality[name] = found }
      }
    }
    try RunFolder.write(quality.mapValues(\.leak), to: folder.url.appending(path: "leak.json"))
    try RunFolder.write(
      quality.mapValues(\.crowding), to: folder.url.appending(path: "crowding.json"))
    let file = folder.url.appending(path: Self.tableName)
    let arms = arms(data, drawn)
    var table = BenefitTable(arms: arms.map(\.name), leaks: quality.compactMapValues(\.leak))
    table.splitLeak = data.leakage.sentence
    try table.read(file)
    return try classify(arms, data, runs: 0..<runs, table, file: file)
  }

  /// Opens the run folder and reads the images.
  ///
  /// - Parameter check: refuses what was read; where a user gave the data, before there is a folder.
  package func open(
    checksMemory: Bool = true, _ check: (ExperimentData) throws -> Void = { _ in }
  ) throws -> (RunFolder, ExperimentData) {
    let url = recipe.runFolder
    try requireSense()
    func read() throws -> ExperimentData {
      let data = try self.read(checksMemory: checksMemory)
      try check(data)
      return data
    }
    // Data of a user's may be refused, and then there is no folder yet; a phantom is made inside it.
    let given = recipe.data.path == nil ? nil : try read()
    let folder = try RunFolder(url, recipe: recipe, versions: Manikin.versions)
    let data = try given ?? read()
    for (name, digest) in digests(of: data) { try folder.require(name, digest: digest) }
    for note in data.notes { progress.note("note: \(note)") }
    progress.note(SubjectOverlap(data).sentence)
    if let leak = data.leakage.sentence { progress.note("warning: \(leak)") }
    return (folder, data)
  }

  /// Refuses settings that do not go together.
  func requireSense() throws {
    if let path = recipe.data.path { try Experiment.requireOutside(recipe.runFolder, data: path) }
    if let conflict = recipe.gridConflict { throw ExperimentsError.settings(problem: conflict.problem) }
  }

  /// - Parameter drawn: where a phantom goes; by default into the run folder.
  package func read(checksMemory: Bool, drawnIn drawn: URL? = nil) throws -> ExperimentData {
    let data = try ExperimentData(
      recipe, split: true,
      phantomFolder: drawn ?? recipe.runFolder.appending(path: "phantom", directoryHint: .isDirectory),
      progress: progress)
    try ModelTraining.check(data, recipe, checksMemory: false)
    if checksMemory { try memory(data).require(available: MemoryPlan.available) }
    return data
  }

  /// What a grid is held to.
  package func digests(of data: ExperimentData) -> [(name: String, digest: String)] {
    [("data", data.digest), ("table of classes and subjects", data.labelDigest)]
  }

  /// In the order of the arms.
  package var drawings: [Drawing] {
    recipe.grid.shares.flatMap { share in
      recipe.grid.renders.map { render in
        // One that no network takes part in is tried once.
        let isFirst = share == recipe.grid.shares.first && render == recipe.grid.renders.first
        return Drawing(
          share: share, render: render,
          methods: recipe.grid.methods.filter { method in
            (share == .all || method != .transfer) && (isFirst || method != .deformation)
          })
      }
    }
  }

  /// Draws the images of every method, in the order of the classes.
  package func draw(
    _ drawing: Drawing, _ models: [TrainedModel], _ training: TrainingImages
  ) throws -> [SyntheticMethod: [SyntheticSet]] {
    var own = recipe
    own.synthetic.render = drawing.render
    // An image with a residual is near a training image by design.
    if drawing.render == .residual { own.synthetic.nearCopies = .keep }
    var sets: [SyntheticMethod: [SyntheticSet]] = [:]
    for method in drawing.methods {
      sets[method] = try models.map { model in
        try model.generate(
          recipe.evaluation.syntheticPerClass, by: method, recipe: own, among: models,
          training: training)
      }
    }
    return sets
  }

  private func names(
    _ drawing: Drawing, _ method: SyntheticMethod
  ) -> [(name: String, trainOn: TrainingSet, augmentation: AugmentationKind)] {
    recipe.grid.trainOn.flatMap { trainOn in
      recipe.grid.augmentations.map { augmentation in
        (
          Self.name("\(drawing.name)/\(method.rawValue)", augmentation, trainOn), trainOn,
          augmentation
        )
      }
    }
  }

  /// How many arms there are.
  package var armCount: Int {
    1 + recipe.grid.augmentations.count { $0 != .none }
      + drawings.reduce(0) { $0 + $1.methods.reduce(0) { $0 + names(drawings[0], $1).count } }
  }

  /// Real images alone, and with what was drawn.
  package func arms(_ data: ExperimentData, _ drawn: [Drawn]) -> [BenefitTrial.Arm] {
    let counts = Dictionary(
      uniqueKeysWithValues: data.classes.map { ($0, recipe.evaluation.syntheticPerClass) })
    var arms = [BenefitTrial.Arm(name: BenefitTable.baseline, sets: [], counts: counts)]
    arms += recipe.grid.augmentations.filter { $0 != .none }.map { augmentation in
      BenefitTrial.Arm(
        name: Self.name(BenefitTable.baseline, augmentation), sets: [], counts: counts, augmentation: augmentation)
    }
    for (drawing, sets) in drawn {
      for method in drawing.methods {
        arms += names(drawing, method).map { name, trainOn, augmentation in
          BenefitTrial.Arm(
            name: name, sets: sets[method]!, counts: counts, trainOn: trainOn,
            augmentation: augmentation)
        }
      }
    }
    return arms
  }

  /// Trains the classifiers that are not in the table yet; the file grows by a line for each.
  package func classify(
    _ arms: [BenefitTrial.Arm], _ data: ExperimentData, runs: Range<Int>, _ table: BenefitTable,
    file: URL
  ) throws -> BenefitTable {
    let jobs = runs.flatMap { run in arms.indices.map { (run: run, arm: arms[$0]) } }
      .filter { !table.contains(arm: $0.arm.name, run: $0.run) }
    let bar = progress.stage(
      "Training \(jobs.count) classifiers", total: max(1, jobs.count * recipe.classifier.epochs), unit: "epochs")
    let collected = Collected(table, file: file)
    let trial = BenefitTrial(recipe: recipe, data: data)
    // One thread for each classifier, also for the last ones: sums over several threads would round otherwise.
    try ComputeThreads.sideBySide(
      jobs: jobs.count, workers: min(recipe.threadCount, max(1, jobs.count))
    ) { index in
      let (run, arm) = jobs[index]
      let scores = try trial.scores(arm, run: run, sides: Self.sides) { bar.advance() }
      try collected.add(
        .init(arm: arm.name, run: run, validation: scores[.validation]!, test: scores[.test]!))
    }
    bar.finish()
    return collected.table
  }

  /// Of an arm.
  private static func name(
    _ images: String, _ augmentation: AugmentationKind, _ trainOn: TrainingSet = .both
  ) -> String {
    images + (augmentation == .none ? "" : "+\(augmentation.rawValue)") + (trainOn == .synthetic ? " alone" : "")
  }

  package static func placeName(_ share: GeneratorSharing) -> String { "models-\(share.rawValue)" }

  /// The recipe of the models of one sharing, whose folder is a run of its own.
  package func recipe(_ share: GeneratorSharing) -> Recipe {
    var own = recipe
    own.generator.share = share
    own.out = recipe.runFolder.appending(path: Self.placeName(share)).path
    return own
  }

  package func place(_ share: GeneratorSharing, in folder: RunFolder) throws -> RunFolder {
    let own = recipe(share)
    return try RunFolder(own.runFolder, recipe: own, versions: Manikin.versions)
  }

  package func models(_ share: GeneratorSharing, _ data: ExperimentData, in folder: RunFolder) throws
    -> [TrainedModel]
  {
    try ModelTraining(recipe: recipe(share), data: data, progress: progress, saysMemory: false).run(
      in: place(share, in: folder))
  }

  /// Rows as they come in from several threads; on disk after each.
  private final class Collected: @unchecked Sendable {
    private let lock = NSLock()
    private var current: BenefitTable
    private let file: URL

    init(_ table: BenefitTable, file: URL) {
      current = table
      self.file = file
    }

    var table: BenefitTable { lock.withLock { current } }

    func add(_ row: BenefitTable.Row) throws {
      try lock.withLock {
        current.add(row)
        try AtomicFile.write(current.csv, to: file)
      }
    }
  }
}
