import Foundation
import Imaging
import Tensors

/// Compares ways of augmenting on one cohort: each combination of sharing, rendering, method and augmentation, added to
/// balanced real images or in place of them, against real images alone (`BenefitTrial`). The best on the validation images is
/// chosen; its test score is one that had no part in the choice.
///
/// Everything lies in one run folder: `models-none` and `models-all` are runs of their own, `grid.csv` grows by a line for
/// each classifier, and what is there is not done again.
public struct BenefitGrid: Sendable {
  public let recipe: Recipe
  public let progress: ProgressReporter

  public init(_ recipe: Recipe, progress: ProgressReporter) throws {
    try recipe.check()
    self.recipe = recipe.fixingPrecision()
    self.progress = progress
  }

  static let sides: [Split] = [.validation, .test]

  /// Runs what is not done yet.
  public func run() throws -> BenefitTable {
    let url = recipe.runFolder
    if let path = recipe.data.path { try Experiment.requireOutside(url, data: path) }
    if let conflict = recipe.gridConflict { throw ExperimentsError.settings(problem: conflict.problem) }
    func read() throws -> ExperimentData {
      let data = try ExperimentData(
        recipe, split: true, phantomFolder: url.appending(path: "phantom", directoryHint: .isDirectory),
        progress: progress)
      try ModelTraining.check(data, recipe)
      return data
    }
    // Data of a user's may be refused, and then there is no folder yet; a phantom is made inside it.
    let given = recipe.data.path == nil ? nil : try read()
    let folder = try RunFolder(url, recipe: recipe, versions: Manikin.versions)
    let data = try given ?? read()
    try folder.require("data", digest: data.digest)
    try folder.require("table of classes and subjects", digest: data.labelDigest)
    for note in data.notes { progress.note("note: \(note)") }
    progress.note(SubjectOverlap(data).sentence)
    if let leak = data.leakage.sentence { progress.note("warning: \(leak)") }
    let counts = Dictionary(uniqueKeysWithValues: data.classes.map { ($0, recipe.evaluation.syntheticPerClass) })
    var arms = [BenefitTrial.Arm(name: BenefitTable.baseline, sets: [], counts: counts)]
    arms += recipe.grid.augmentations.filter { $0 != .none }.map { augmentation in
      BenefitTrial.Arm(
        name: Self.name(BenefitTable.baseline, augmentation), sets: [], counts: counts, augmentation: augmentation)
    }
    var quality: [String: SyntheticQuality] = [:]
    let training = TrainingImages(data, progress: progress)
    for share in recipe.grid.shares {
      let models = try models(share, data, in: folder)
      for render in recipe.grid.renders {
        // One that no network takes part in is tried once.
        let isFirst = share == recipe.grid.shares.first && render == recipe.grid.renders.first
        for method in recipe.grid.methods
        where (share == .all || method != .transfer) && (isFirst || method != .deformation) {
          var own = recipe
          own.synthetic.render = render
          let sets = try models.map { model in
            try model.generate(
              recipe.evaluation.syntheticPerClass, by: method, recipe: own, among: models,
              training: training)
          }
          let name = "\(share.rawValue)/\(render.rawValue)/\(method.rawValue)"
          let found = SyntheticQuality(sets, models: models, training: training.present, seed: recipe.seed)
          for trainOn in recipe.grid.trainOn {
            for augmentation in recipe.grid.augmentations {
              let name = Self.name(name, augmentation, trainOn)
              arms.append(
                BenefitTrial.Arm(
                  name: name, sets: sets, counts: counts, trainOn: trainOn, augmentation: augmentation))
              quality[name] = found
            }
          }
        }
      }
    }
    try RunFolder.write(quality.mapValues(\.leak), to: url.appending(path: "leak.json"))
    try RunFolder.write(quality.mapValues(\.crowding), to: url.appending(path: "crowding.json"))
    let file = url.appending(path: "grid.csv")
    var table = BenefitTable(arms: arms.map(\.name), leaks: quality.compactMapValues(\.leak))
    table.splitLeak = data.leakage.sentence
    if let text = try? String(contentsOf: file, encoding: .utf8) { try table.read(text, path: file.relativePath) }
    let runs = recipe.evaluation.chosenRuns ?? EvaluationSettings.usualRuns(.paper)
    let jobs = (0..<runs).flatMap { run in arms.indices.map { (run: run, arm: arms[$0]) } }
      .filter { !table.contains(arm: $0.arm.name, run: $0.run) }
    let bar = progress.stage(
      "Training \(jobs.count) classifiers", total: max(1, jobs.count * recipe.classifier.epochs), unit: "epochs")
    let collected = Collected(table, file: file)
    let trial = BenefitTrial(recipe: recipe, data: data)
    try ComputeThreads.sideBySide(jobs: jobs.count, workers: recipe.threadCount) { index in
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

  private func models(_ share: GeneratorSharing, _ data: ExperimentData, in folder: RunFolder) throws -> [TrainedModel]
  {
    var own = recipe
    own.generator.share = share
    own.out = folder.url.appending(path: "models-\(share.rawValue)").path
    let place = try RunFolder(own.runFolder, recipe: own, versions: Manikin.versions)
    return try ModelTraining(recipe: own, data: data, progress: progress).run(in: place)
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
