import Classification
import Foundation
import Generators
import Imaging
import Randomness
import Tensors

/// Trains the classifier for every run and method on one split, runs side by side over the cores, and records what each
/// says of the test images.
struct Evaluation: Sendable {
  /// With the seed of this split.
  let recipe: Recipe
  let plan: EvaluationPlan
  /// From 0.
  let split: Int
  let data: ExperimentData
  let covariates: CovariateBaseline?
  let recorder: EvaluationRecorder
  let progress: ProgressReporter

  private typealias Job = PredictionTable.Identity

  private var jobs: [Job] {
    (0..<plan.runs).flatMap { run in plan.methods.map { Job(split: split, run: run, method: $0.rawValue) } }
  }

  /// Whether all predictions of this split are there.
  ///
  /// - Throws: `ExperimentsError.damaged` when some are of other images than this split's test images.
  func isDone() throws -> Bool {
    let predictions = recorder.predictions
    let test = data.indices(in: .test).map { data.set.images[$0].path }
    for identity in predictions.identities where identity.split == split {
      guard predictions.rows[identity]!.map(\.image) == test else {
        throw ExperimentsError.damaged(
          path: "predictions.csv", line: nil,
          problem: "the images of '\(identity.method)' in run \(identity.run + 1) are not the test images of split "
            + "\(split + 1)")
      }
    }
    return jobs.allSatisfy(predictions.contains)
  }

  /// Does the runs that have no predictions yet.
  ///
  /// - Parameter synthetic: synthetic images by method, in the order of the classes.
  func run(_ synthetic: [SyntheticMethod: [SyntheticSet]]) throws {
    let done = recorder.predictions
    let jobs = jobs.filter { !done.contains($0) }
    guard !jobs.isEmpty else { return }
    let sets = EvaluationSets(recipe: recipe, data: data, synthetic: synthetic)
    let pools = Dictionary(uniqueKeysWithValues: plan.methods.map { ($0.rawValue, sets.pool(of: $0)) })
    let validation = sets.labelled(.validation)
    let test = sets.labelled(.test)!
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
        try record(job, covariates!.probabilities(data, in: .test), covariates!.probabilities(data, in: .validation))
        return bar.advance(by: epochs)
      }
      if method == .linear {
        try record(job, linear!.probabilities(test.images), (validation?.images).map(linear!.probabilities))
        return bar.advance(by: epochs)
      }
      let classifier = try sets.train(method, run: job.run, pool: pools[job.method]!, validation: validation) {
        bar.advance()
      }
      try record(job, classifier.probabilities(test.images), (validation?.images).map(classifier.probabilities))
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

  private func record(_ job: Job, _ probabilities: Tensor, _ onValidation: Tensor?) throws {
    let predicted = Classifier.mostProbable(probabilities)
    let classes = data.classes.count
    let rows = data.indices(in: .test).enumerated().map { position, index in
      let image = data.set.images[index]
      return PredictionTable.Row(
        subject: image.subject, image: image.path, actual: data.label(image.className), predicted: predicted[position],
        probabilities: Array(probabilities.buffer[(position * classes)..<((position + 1) * classes)]))
    }
    let held = data.indices(in: .validation).map { data.label(data.set.images[$0].className) }
    let score =
      held.isEmpty
      ? nil
      : onValidation.flatMap {
        Scores(actual: held, predicted: Classifier.mostProbable($0), classes: classes).balancedAccuracy
      }
    try recorder.add(job, rows, onValidation: score)
  }
}
