import Foundation
import Generators

/// Makes a run folder of the parts that are done: it lays them over it, joins the predictions, and lets the experiment go
/// on from there, which finds nothing left to do but the tables and the report. So the folder is what one process makes.
public struct PartGathering {
  public let run: URL
  private let progress: ProgressReporter

  public init(run: URL, progress: ProgressReporter) {
    self.run = run
    self.progress = progress
  }

  /// - Throws: `ExperimentsError.partsMissing` with the ids of parts that are not done; then the run folder stays as it is.
  public func gather() throws -> Experiment.Outcome {
    let parts = PartsFolder(run: run)
    let plan = try parts.readPlan()
    let recipe = try PartWork.recipe(of: run, head: plan, threads: nil)
    let done = parts.doneIDs()
    let needed = plan.parts.filter { $0.kind != .gather }
    let missing = needed.map(\.id).filter { !done.contains($0) }
    guard missing.isEmpty else { throw ExperimentsError.partsMissing(path: run.relativePath, parts: missing) }
    let experiment = try Experiment(recipe, progress: progress)
    let (folder, inputs) = try experiment.openInputs(checksMemory: false)
    try folder.add(needed.compactMap { PartRecord.read(from: parts.done($0.id))?.versions })
    let bar = progress.stage("Gathering", total: needed.count, unit: "parts")
    for part in needed {
      try PartsFolder.lay(parts.done(part.id).appending(path: "run", directoryHint: .isDirectory), over: folder.url)
      bar.advance()
    }
    bar.finish()
    let shards = try needed.filter { $0.kind == .classify }.map { try RunFolder(unshared: parts.done($0.id)) }
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
    let outcome = try experiment.evaluate(inputs, in: folder) { split, _ in
      guard let draw = draws.first(where: { $0.split == split + 1 }),
        let figures = SplitFigures.read(from: try inputs.place(split, in: folder))
      else { return nil }
      let sets = parts.done(draw.id).appending(path: "sets", directoryHint: .isDirectory)
      return .init(synthetic: try DrawnFiles(folder: sets).read(inputs.methods), figures: figures)
    }
    parts.removeAttempts()
    try parts.mark("gather")
    return outcome
  }
}

extension Experiment {
  /// Begins a run folder, unless it is there, and writes the plan of its parts beside it.
  ///
  /// - Parameters:
  ///   - runsPerPart: trainings of each method that one part does.
  ///   - threads: of each part.
  /// - Throws: `ExperimentsError`, `ImagingError`: whatever would stop the experiment at its start.
  public func planParts(runsPerPart: Int, threads: Int) throws -> (plan: PartPlan, folder: PartsFolder) {
    if recipe.sweep.key != nil {
      throw ExperimentsError.settings(
        problem: "a sweep is not cut into parts yet: plan the run of each of its values by itself, with --set")
    }
    let parts = PartsFolder(run: recipe.runFolder)
    if let path = recipe.data.path { try Self.requireOutside(parts.url, data: path) }
    _ = try recipe.fidelity.inception()
    let (folder, inputs) = try openInputs(checksMemory: false)
    for note in inputs.notes { progress.note("note: \(note)") }
    for split in 0..<inputs.plan.splits {
      try ModelTraining.check(inputs.division(split), recipe, isEvaluated: inputs.isScored, checksMemory: false)
    }
    let plan = try PartPlan(
      inputs, runName: folder.url.standardizedFileURL.lastPathComponent, runsPerPart: runsPerPart, threads: threads)
    try parts.write(plan)
    return (plan, parts)
  }
}
