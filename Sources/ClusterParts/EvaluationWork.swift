import Datasets
import Evaluations
import Experiments
import Foundation
import Recipes
import RunReports
import Runs
import Training

/// Does one part of an experiment with classifiers.
struct EvaluationWork {
  private let context: PartContext
  private let split: Int
  private var part: Part { context.part }
  private var progress: ProgressReporter { context.progress }

  init(_ context: PartContext) {
    self.context = context
    split = (context.part.split ?? 1) - 1
  }

  func run() throws {
    let recipe = context.recipe
    let data = try ExperimentData(
      recipe, split: recipe.evaluation.runs > 0, phantomFolder: recipe.drawnFolder,
      progress: progress)
    let inputs = try ExperimentInputs(
      recipe, data: data, isScoring: part.kind == .classify, progress: progress)
    try context.require(inputs.digests)
    let division = try inputs.division(split)
    let target = try context.target()
    switch part.kind {
    case .train: try train(inputs, division, in: target)
    case .draw: try draw(inputs, division, in: target)
    case .judge: try judge(inputs, division, in: target)
    case .classify: try classify(inputs, division)
    case .gather: break
    }
  }

  private func train(_ inputs: ExperimentInputs, _ division: ExperimentData, in target: RunFolder)
    throws
  {
    let own = try inputs.split(split, division, in: target, progress: progress)
    var training = ModelTraining(recipe: own.recipe, data: division, progress: progress)
    training.checkpoints = context.checkpoints
    try training.train(part.className.map { [$0] } ?? division.classes, in: own.folder)
  }

  private func draw(_ inputs: ExperimentInputs, _ division: ExperimentData, in target: RunFolder)
    throws
  {
    try context.layInputs(over: target)
    let own = try inputs.split(split, division, in: target, progress: progress)
    guard
      !own.recipe.needsModels
        || ModelTraining(recipe: own.recipe, data: division, progress: progress).isDone(in: own.folder)
    else {
      throw ExperimentsError.damaged(
        path: context.folder.url.relativePath, line: nil,
        problem: "the models of split \(split + 1) are not those of this plan")
    }
    try DrawnFiles(folder: context.sets(context.attempt)).write(
      own.drawAndJudge(own.models()).synthetic)
  }

  /// The part that drew this part's images.
  private var drawn: URL { context.folder.done(part.inputs.first { $0.hasPrefix("draw-") }!) }

  private var drawnFiles: DrawnFiles { DrawnFiles(folder: context.sets(drawn)) }

  private func judge(_ inputs: ExperimentInputs, _ division: ExperimentData, in target: RunFolder)
    throws
  {
    let own = try inputs.split(
      split, division, in: RunFolder(unshared: context.made(drawn)), progress: progress)
    let models = try division.classes.map {
      try TrainedModel(contentsOf: own.folder.modelFolder(class: $0))
    }
    _ = try SyntheticJudgement(
      recipe: own.recipe,
      shown: .init(
        data: division, models: models, synthetic: drawnFiles.read(inputs.methods),
        folder: own.folder),
      folder: target, isScored: inputs.isScored, progress: progress
    ).run()
  }

  private func classify(_ inputs: ExperimentInputs, _ division: ExperimentData) throws {
    let (plan, classes) = (inputs.plan, inputs.data.classes)
    // What killed attempts have recorded is taken up; two processes that write here write the same lines.
    let kept = try RunFolder(unshared: context.folder.progress(part.id))
    let recorder = try EvaluationRecorder(methods: plan.methods, classes: classes, folder: kept)
    let elsewhere = try inputs.external.map { _ in
      try EvaluationRecorder(methods: plan.methods, classes: classes, folder: kept.part("external"))
    }
    let others = try context.otherRuns().map { try RunFolder(unshared: $0) }
    if !others.isEmpty {
      try elsewhere?.take(from: others.map { try $0.part("external") }, runs: part.runs)
      try recorder.take(from: others, runs: part.runs)
    }
    let evaluation = inputs.evaluation(
      split, division, recorder: recorder, elsewhere: elsewhere, runs: part.runs, progress: progress
    )
    if try !evaluation.isDone() { try evaluation.run(drawnFiles.read(inputs.methods)) }
    try recorder.write(to: RunFolder(unshared: context.attempt))
    try elsewhere?.write(to: RunFolder(unshared: context.attempt).part("external"))
  }
}
