import Comparisons
import Datasets
import Evaluations
import Experiments
import Foundation
import Judgement
import Recipes
import Runs
import Training

/// Makes a run folder of the parts that are done: it lays them over it, joins the predictions, and lets the experiment go
/// on from there, which finds nothing left to do but the tables and the report. So the folder is what one process makes.
public struct PartGathering {
  public let run: URL
  private let progress: ProgressReporter
  private let parts: PartsFolder

  /// What was made, by what was cut into parts.
  public enum Outcome: Sendable {
    case experiment(Experiment.Outcome)
    case sweep(Sweep.Outcome)
    case grid(BenefitTable)
    case comparison(ModelComparison.Outcome)
  }

  public init(run: URL, progress: ProgressReporter) {
    self.run = run
    self.progress = progress
    parts = PartsFolder(run: run)
  }

  /// - Throws: `ExperimentsError.partsMissing` with the ids of parts that are not done; then the run folder stays as it is.
  public func gather() throws -> Outcome {
    let plan = try parts.readPlan()
    let recipe = try PartWork.recipe(of: run, digest: plan.recipe, threads: nil)
    let done = parts.doneIDs()
    let needed = plan.parts.filter { $0.kind != .gather }
    let missing = needed.map(\.id).filter { !done.contains($0) }
    guard missing.isEmpty else {
      throw ExperimentsError.partsMissing(path: run.relativePath, parts: missing)
    }
    let outcome: Outcome
    switch plan.task {
    case .evaluate:
      if let points = plan.points, let sweep = try Sweep(recipe, progress: progress) {
        outcome = .sweep(try gather(sweep, points, needed))
      } else {
        outcome = .experiment(try gather(recipe, needed))
      }
    case .grid: outcome = .grid(try gather(BenefitGrid(recipe, progress: progress), needed))
    case .compare:
      outcome = .comparison(
        try ModelComparison(recipe, progress: progress).run(checksMemory: false) {
          try lay(needed, over: $0)
        })
    }
    parts.removeAttempts()
    try parts.mark("gather")
    return outcome
  }

  /// Lays what parts made over a run folder, and notes their machines.
  private func lay(_ needed: [Part], over folder: RunFolder) throws {
    try folder.add(needed.compactMap { PartRecord.read(from: parts.done($0.id))?.versions })
    let bar = progress.stage("Gathering", total: needed.count, unit: "parts")
    for part in needed {
      try PartsFolder.lay(parts.done(part.id).appending(path: "run", directoryHint: .isDirectory), over: folder.url)
      bar.advance()
    }
    bar.finish()
  }

  private func gather(_ recipe: Recipe, _ needed: [Part]) throws -> Experiment.Outcome {
    let experiment = try Experiment(recipe, progress: progress)
    let (folder, inputs) = try experiment.openInputs(checksMemory: false)
    try lay(needed, over: folder)
    let shards = try needed.filter { $0.kind == .classify }.map {
      try RunFolder(unshared: parts.done($0.id))
    }
    if inputs.isScored {
      try EvaluationRecorder(methods: inputs.plan.methods, classes: inputs.data.classes, folder: folder).take(
        from: shards)
      if inputs.external != nil {
        try EvaluationRecorder(
          methods: inputs.plan.methods, classes: inputs.data.classes, folder: folder.part("external")
        ).take(from: shards.map { try $0.part("external") })
      }
    }
    let draws = needed.filter { $0.kind == .draw }
    return try experiment.evaluate(inputs, in: folder) { split, _ in
      guard let draw = draws.first(where: { $0.split == split + 1 }),
        let figures = SplitFigures.read(from: try inputs.place(split, in: folder))
      else { return nil }
      let sets = parts.done(draw.id).appending(path: "sets", directoryHint: .isDirectory)
      return .init(synthetic: try DrawnFiles(folder: sets).read(inputs.methods), figures: figures)
    }
  }

  private func gather(
    _ sweep: Sweep, _ points: [String: PartPlan.Point], _ needed: [Part]
  ) throws -> Sweep.Outcome {
    try sweep.run { value in
      guard let point = points[value] else {
        throw ExperimentsError.otherRecipe(
          path: run.relativePath, difference: "the plan has no parts for the value \(value)")
      }
      return try gather(
        PartWork.recipe(
          of: run.appending(path: value, directoryHint: .isDirectory), digest: point.recipe,
          threads: nil),
        needed.filter { $0.item == value })
    }
  }

  private func gather(_ grid: BenefitGrid, _ needed: [Part]) throws -> BenefitTable {
    let (folder, data) = try grid.open(checksMemory: false)
    defer { withExtendedLifetime(folder) {} }
    try lay(needed, over: folder)
    var models: [GeneratorSharing: [TrainedModel]] = [:]
    for share in grid.recipe.grid.shares {
      models[share] = try grid.models(share, data, in: folder)
    }
    let drawn = try GridWork.drawn(grid, needed.filter { $0.kind == .draw }.map(\.id), parts)
    let file = folder.url.appending(path: BenefitGrid.tableName)
    var table = BenefitTable(arms: grid.arms(data, drawn).map(\.name), leaks: [:])
    try table.read(file)
    for part in needed where part.kind == .classify {
      try table.read(parts.done(part.id).appending(path: BenefitGrid.tableName))
    }
    try AtomicFile.write(table.csv, to: file)
    return try grid.finish(
      drawn, models, TrainingImages(data, progress: progress), data, in: folder)
  }
}
