import Datasets
import Evaluations
import Forecasts
import Foundation
import Judgement
import Recipes
import Runs
import Training

extension Experiment {
  /// What `evaluate` would do, and what that takes on this machine; writes nothing. Images that Manikin draws itself are drawn into a
  /// folder that is removed again.
  ///
  /// - Parameter isEvaluated: whether classifiers are trained; otherwise models of all images, as `train` does.
  public func plan(isEvaluated: Bool = true) throws -> RunOutline {
    _ = try recipe.fidelity.inception()
    let inputs = try readToPlan(isEvaluated: isEvaluated)
    for note in inputs.notes { progress.note("note: \(note)") }
    let (forecast, isResumed) = try lookAhead(inputs, isEvaluated: isEvaluated)
    return RunOutline(
      name: recipe.name, folder: recipe.runFolder, isResumed: isResumed, lines: inputs.outline, forecast: forecast)
  }

  /// The images, and what goes with them, of a run that is only planned.
  func readToPlan(isEvaluated: Bool) throws -> ExperimentInputs {
    let drawn = FileManager.default.temporaryDirectory.appending(
      path: "manikin-plan-\(UUID().uuidString)", directoryHint: .isDirectory)
    defer { try? FileManager.default.removeItem(at: drawn) }
    let data = try readImages(split: isEvaluated && recipe.evaluation.runs > 0, drawnIn: drawn)
    return try ExperimentInputs(isEvaluated ? recipe : recipe.ofModelsAlone, data: data, progress: progress)
  }

  /// What is left of an experiment, found without a change of its run folder; no stages where nothing is.
  ///
  /// - Parameter isEvaluated: whether images are drawn and judged.
  /// - Throws: `ExperimentsError` for a folder that the run could not take up, and when the disk has no room for it.
  func lookAhead(
    _ inputs: ExperimentInputs, isEvaluated: Bool = true
  ) throws -> (forecast: RunForecast, isResumed: Bool) {
    let data = inputs.data
    let folder = try RunFolder(
      lookingAt: recipe.runFolder, recipe: recipe, versions: Manikin.versions,
      inputs: data.digests(split: isEvaluated && recipe.evaluation.runs > 0)
        + (isEvaluated ? inputs.furtherDigests : []))
    let recorder =
      inputs.isScored
      ? try EvaluationRecorder(methods: inputs.plan.methods, classes: data.classes, folder: folder) : nil
    let elsewhere = try inputs.external.map { _ in
      try EvaluationRecorder(methods: inputs.plan.methods, classes: data.classes, folder: folder.part("external"))
    }
    let divisions = try (0..<inputs.plan.splits).map { try inputs.division($0) }
    let rests = try rests(inputs, divisions, in: folder, recorder, elsewhere)
    let isLeft = Self.isLeft(rests) || isEvaluated && !FileManager.default.fileExists(atPath: folder.reportFile.path)
    let forecast = try RunForecast(
      EvaluationScope(
        inputs.recipe, data: data, divisions: divisions, plan: inputs.plan, synthetic: inputs.methods,
        isScored: inputs.isScored, further: inputs.external?.set.count ?? 0),
      rests: rests, isJudged: isEvaluated && isLeft,
      memory: ModelTraining.memory(data, recipe, isEvaluated: inputs.isScored))
    try forecast.requireDisk(in: recipe.runFolder, free: freeDisk(recipe.runFolder))
    return (forecast, folder.isResumed)
  }

  private static func isLeft(_ rests: [EvaluationScope.Rest]) -> Bool {
    rests.contains { $0.trains || !$0.jobs.isEmpty }
  }

  /// What is left of each split.
  private func rests(
    _ inputs: ExperimentInputs, _ divisions: [ExperimentData], in folder: RunFolder, _ recorder: EvaluationRecorder?,
    _ elsewhere: EvaluationRecorder?
  ) throws -> [EvaluationScope.Rest] {
    var rests = try divisions.enumerated().map { split, division in
      let part = try inputs.split(split, division, in: folder, progress: progress)
      let training = ModelTraining(recipe: part.recipe, data: division, progress: progress)
      let jobs =
        recorder.map {
          inputs.evaluation(split, division, recorder: $0, elsewhere: elsewhere, progress: progress).pending
        } ?? []
      let trains = part.recipe.needsModels && !training.isDone(in: part.folder)
      return EvaluationScope.Rest(trains: trains, draws: trains || !jobs.isEmpty, jobs: jobs)
    }
    // The report shows the images of the first split, which are drawn again for it.
    if Self.isLeft(rests) { rests[0].draws = true }
    return rests
  }
}

extension Recipe {
  /// The same without classifiers and synthetic images.
  var ofModelsAlone: Recipe {
    var recipe = self
    (recipe.evaluation.runs, recipe.evaluation.methods) = (0, [])
    return recipe
  }
}

extension ExperimentInputs {
  /// What is said of it before it begins.
  var outline: [RunOutline.Line] {
    var lines = [RunOutline.images(data, isDivided: isScored)]
    if isScored {
      lines.append(
        (
          "splits",
          "\(plan.splits), with \(RunForecast.counted(plan.runs, "training")) of \(RunForecast.counted(plan.methods.count, "method")) each"
        ))
      lines.append(("methods", plan.methods.map(\.rawValue).joined(separator: ", ")))
    }
    return lines
  }
}
