import Datasets
import Evaluations
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
  public func plan(isEvaluated: Bool = true) throws -> ExperimentOutline {
    _ = try recipe.fidelity.inception()
    let split = isEvaluated && recipe.evaluation.runs > 0
    let drawn = FileManager.default.temporaryDirectory.appending(
      path: "manikin-plan-\(UUID().uuidString)", directoryHint: .isDirectory)
    defer { try? FileManager.default.removeItem(at: drawn) }
    let data = try readImages(split: split, drawnIn: drawn)
    let inputs = try ExperimentInputs(isEvaluated ? recipe : recipe.ofModelsAlone, data: data, progress: progress)
    for note in inputs.notes { progress.note("note: \(note)") }
    let folder = try RunFolder(
      lookingAt: recipe.runFolder, recipe: recipe, versions: Manikin.versions,
      inputs: data.digests(split: split) + (isEvaluated ? inputs.furtherDigests : []))
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
      inputs, rests: rests, isJudged: isEvaluated && isLeft,
      memory: ModelTraining.memory(data, recipe, isEvaluated: split))
    return ExperimentOutline(inputs, forecast: forecast, isResumed: folder.isResumed)
  }

  /// What is left of an experiment in a run folder; nil if nothing takes long any more.
  ///
  /// - Parameter isEvaluated: whether images are drawn and judged.
  func forecast(
    _ inputs: ExperimentInputs, _ divisions: [ExperimentData], in folder: RunFolder, _ recorder: EvaluationRecorder?,
    _ elsewhere: EvaluationRecorder?, isEvaluated: Bool = true
  ) throws -> RunForecast? {
    let rests = try rests(inputs, divisions, in: folder, recorder, elsewhere)
    guard Self.isLeft(rests) else { return nil }
    return try RunForecast(
      inputs, rests: rests, isJudged: isEvaluated,
      memory: ModelTraining.memory(inputs.data, recipe, isEvaluated: inputs.isScored))
  }

  private static func isLeft(_ rests: [RunForecast.Rest]) -> Bool { rests.contains { $0.trains || !$0.jobs.isEmpty } }

  /// What is left of each split.
  private func rests(
    _ inputs: ExperimentInputs, _ divisions: [ExperimentData], in folder: RunFolder, _ recorder: EvaluationRecorder?,
    _ elsewhere: EvaluationRecorder?
  ) throws -> [RunForecast.Rest] {
    var rests = try divisions.enumerated().map { split, division in
      let part = try inputs.split(split, division, in: folder, progress: progress)
      let training = ModelTraining(recipe: part.recipe, data: division, progress: progress)
      let jobs =
        recorder.map {
          inputs.evaluation(split, division, recorder: $0, elsewhere: elsewhere, progress: progress).pending
        } ?? []
      let trains = part.recipe.needsModels && !training.isDone(in: part.folder)
      return RunForecast.Rest(trains: trains, draws: trains || !jobs.isEmpty, jobs: jobs)
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
