import Classification
import Datasets
import Foundation
import ImageSets
import Randomness
import Recipes
import Runs
import Samplers
import Synthesis
import Tensors

/// Trains the classifier for every run and method on one split, runs side by side over the cores, and records what each
/// says of the test images.
package struct Evaluation: Sendable {
  /// With the seed of this split.
  package let recipe: Recipe
  package let plan: EvaluationPlan
  /// From 0.
  package let split: Int
  /// Which trainings of each method, from 0; nil for all that are planned.
  package var runs: Range<Int>?
  package let data: ExperimentData
  package let covariates: CovariateBaseline?
  package let recorder: EvaluationRecorder
  /// What is scored beside the test images, and where that is recorded; nil where there is nothing.
  package let external: (test: ExternalTest, recorder: EvaluationRecorder)?
  package let progress: ProgressReporter

  package init(
    recipe: Recipe, plan: EvaluationPlan, split: Int, runs: Range<Int>? = nil, data: ExperimentData,
    covariates: CovariateBaseline?, recorder: EvaluationRecorder,
    external: (test: ExternalTest, recorder: EvaluationRecorder)?, progress: ProgressReporter
  ) {
    self.recipe = recipe
    self.plan = plan
    self.split = split
    self.runs = runs
    self.data = data
    self.covariates = covariates
    self.recorder = recorder
    self.external = external
    self.progress = progress
  }

  private typealias Job = PredictionTable.Identity

  private var jobs: [Job] {
    (runs ?? 0..<plan.runs).flatMap { run in plan.methods.map { Job(split: split, run: run, method: $0.rawValue) } }
  }

  /// Whether all predictions of this split are there.
  ///
  /// - Throws: `ExperimentsError.damaged` when some are of other images than this split's test images.
  package func isDone() throws -> Bool {
    try check(
      recorder.predictions, are: data.indices(in: .test).map { data.set.images[$0].path }, file: "predictions.csv",
      what: "the test images of split \(split + 1)")
    if let external {
      try check(
        external.recorder.predictions, are: external.test.set.images.map(\.path), file: "external/predictions.csv",
        what: "those of \(external.test.name)")
    }
    return jobs.allSatisfy(isDone)
  }

  /// The methods of the classifiers that are still to be trained, in their order.
  package var pending: [EvaluationMethod] {
    jobs.filter { !isDone($0) }.compactMap { EvaluationMethod(rawValue: $0.method) }
  }

  private func isDone(_ job: Job) -> Bool {
    guard recorder.predictions.contains(job) else { return false }
    return external.map { $0.recorder.predictions.contains(job) || !Self.isScoredElsewhere(job.method) } ?? true
  }

  /// Whether a method says something of images that no table describes.
  private static func isScoredElsewhere(_ method: String) -> Bool { EvaluationMethod(rawValue: method) != .covariates }

  private func check(_ predictions: PredictionTable, are images: [String], file: String, what: String) throws {
    for identity in predictions.identities where identity.split == split {
      guard predictions.rows[identity]!.map(\.image) == images else {
        throw ExperimentsError.damaged(
          path: file, line: nil,
          problem: "the images of '\(identity.method)' in run \(identity.run + 1) are not \(what)")
      }
    }
  }

  /// Does the runs that have no predictions yet.
  ///
  /// - Parameter synthetic: synthetic images by method, in the order of the classes.
  package func run(_ synthetic: [SyntheticMethod: [SyntheticSet]]) throws {
    let jobs = jobs.filter { !isDone($0) }
    guard !jobs.isEmpty else { return }
    let sets = EvaluationSets(recipe: recipe, data: data, synthetic: synthetic)
    let pools = Dictionary(uniqueKeysWithValues: plan.methods.map { ($0.rawValue, sets.pool(of: $0)) })
    let validation = sets.labelled(.validation)
    let test = sets.labelled(.test)!
    let other = external?.test.labelled
    let linear = plan.methods.contains(.linear) ? try linearClassifier(sets.labelled(.train)!) : nil
    let epochs = recipe.classifier.epochs
    let bar = progress.stage(
      jobs.count == 1 ? "Training 1 classifier" : "Training \(jobs.count) classifiers", total: jobs.count * epochs,
      unit: "epochs")
    // One thread for each classifier, also for the last ones of a run that was broken off: sums over several threads would
    // round otherwise.
    try ComputeThreads.sideBySide(jobs: jobs.count, workers: min(recipe.threadCount, jobs.count)) { index in
      let job = jobs[index]
      let method = EvaluationMethod(rawValue: job.method)!
      if method == .covariates {
        try record(
          job, covariates!.probabilities(data, in: .test), covariates!.probabilities(data, in: .validation), nil)
        return bar.advance(by: epochs)
      }
      if method == .linear {
        try record(
          job, linear!.probabilities(test.images), (validation?.images).map(linear!.probabilities),
          (other?.images).map(linear!.probabilities))
        return bar.advance(by: epochs)
      }
      let classifier = try sets.train(method, run: job.run, pool: pools[job.method]!, validation: validation) {
        bar.advance()
      }
      try record(
        job, classifier.probabilities(test.images), (validation?.images).map(classifier.probabilities),
        (other?.images).map(classifier.probabilities))
    }
    ComputeMemory.release()
    bar.finish()
  }

  private func linearClassifier(_ train: LabelledImages) throws -> LinearClassifier {
    let subjects = data.indices(in: .train).map { data.set.images[$0].subject }
    return try LinearClassifier(
      images: train.images, labels: train.labels, subjects: subjects, classes: data.classes.count,
      stream: RandomStream(seed: UInt64(recipe.seed), purpose: "linear"))
  }

  /// - Parameter elsewhere: of the external images; nil where there are none, or the method says nothing of them.
  private func record(
    _ job: Job, _ probabilities: Tensor, _ onValidation: Tensor?, _ elsewhere: Tensor?
  ) throws {
    if let external, let elsewhere {
      let own = Array(external.test.set.images.indices)
      // Before the own images, by which a classifier counts as done.
      try external.recorder.add(job, rows(elsewhere, external.test.set, own), onValidation: nil)
    }
    let held = data.indices(in: .validation).map { data.label(data.set.images[$0].className) }
    let score =
      held.isEmpty
      ? nil
      : onValidation.flatMap {
        Scores(actual: held, predicted: Classifier.mostProbable($0), classes: data.classes.count).balancedAccuracy
      }
    try recorder.add(job, rows(probabilities, data.set, data.indices(in: .test)), onValidation: score)
  }

  /// - Parameter indices: of the images that the probabilities are of, in their order.
  private func rows(_ probabilities: Tensor, _ set: ImageSet, _ indices: [Int]) -> [PredictionTable.Row] {
    let predicted = Classifier.mostProbable(probabilities)
    return indices.enumerated().map { position, index in
      let image = set.images[index]
      return PredictionTable.Row(
        subject: image.subject, image: image.path, actual: data.label(image.className), predicted: predicted[position],
        probabilities: probabilities.row(position))
    }
  }
}
