import Classification
import Foundation
import Imaging
import Randomness
import Tensors

/// Trains and scores the classifier for every run and method, runs side by side over the cores.
struct Evaluation: Sendable {
  let recipe: Recipe
  let data: ExperimentData
  /// Synthetic images by method, in the order of the classes.
  let synthetic: [SyntheticMethod: [SyntheticSet]]
  let progress: ProgressReporter

  /// Does the runs that `folder` has no scores of yet; after each, `results.csv` is replaced by a longer one.
  func run(in folder: RunFolder) throws -> EvaluationResults {
    let methods = recipe.evaluation.methods
    var results = EvaluationResults(methods: methods.map(\.rawValue), classes: data.classes)
    if let text = try? String(contentsOf: folder.resultsFile, encoding: .utf8) {
      try results.read(text, path: folder.resultsFile.relativePath)
    }
    let sets = Dictionary(uniqueKeysWithValues: methods.map { ($0, trainingSet(for: $0)) })
    let validation = labelled(.validation)
    let test = labelled(.test)!
    let jobs = (0..<recipe.evaluation.runs).flatMap { run in methods.map { (run: run, method: $0) } }
      .filter { !results.contains(run: $0.run, method: $0.method.rawValue) }
    guard !jobs.isEmpty else { return results }
    let epochs = recipe.classifier.epochs
    let bar = progress.stage(
      jobs.count == 1 ? "Training 1 classifier" : "Training \(jobs.count) classifiers", total: jobs.count * epochs,
      unit: "epochs")
    let collected = Collected(results, file: folder.resultsFile)
    try ComputeThreads.sideBySide(jobs: jobs.count, workers: recipe.threadCount) { index in
      let (run, method) = jobs[index]
      // All methods of a run start from the same weights, so that they can be compared in pairs.
      let stream = RandomStream(seed: UInt64(recipe.seed), purpose: "classifier", index: run)
      let classifier = try Classifier(
        height: data.set.size.height, width: data.set.size.width, classes: data.classes.count,
        stream: stream.substream("weights"))
      try classifier.train(
        set(sets[method]!, run: run, method: method), validation: validation,
        configuration: recipe.classifierConfiguration, stream: stream.substream("training")
      ) { _ in bar.advance() }
      let scores = Scores(
        actual: test.labels, predicted: classifier.predictions(test.images), classes: data.classes.count)
      try collected.add(run: run, method: method.rawValue, scores: scores)
    }
    bar.finish()
    return collected.results
  }

  /// Results as they come in from several threads; on disk after each.
  private final class Collected: @unchecked Sendable {
    private let lock = NSLock()
    private var current: EvaluationResults
    private let file: URL

    init(_ results: EvaluationResults, file: URL) {
      current = results
      self.file = file
    }

    var results: EvaluationResults { lock.withLock { current } }

    func add(run: Int, method: String, scores: Scores) throws {
      try lock.withLock {
        current.add(run: run, method: method, scores: scores)
        try AtomicFile.write(current.csv, to: file)
      }
    }
  }

  /// The images of a side with their labels; nil for none.
  private func labelled(_ split: Split) -> LabelledImages? {
    let indices = data.indices(in: split)
    guard !indices.isEmpty else { return nil }
    return LabelledImages(
      images: data.tensor(indices), labels: indices.map { data.label(data.set.images[$0].className) })
  }

  /// All images that a method may train on, once each.
  private func trainingSet(for method: EvaluationMethod) -> LabelledImages {
    let real = labelled(.train)!
    guard let kind = method.synthetic, let sets = synthetic[kind] else { return real }
    let images = sets.map(\.images)
    let labels = sets.flatMap { set in Array(repeating: data.label(set.className), count: set.images.shape[0]) }
    switch recipe.evaluation.trainOn {
    case .synthetic: return LabelledImages(images: .concatenated(images), labels: labels)
    case .both:
      return LabelledImages(images: .concatenated([real.images] + images), labels: real.labels + labels)
    }
  }

  /// The rows that a run trains on: for the baselines on real images, drawn anew in each run.
  private func set(_ images: LabelledImages, run: Int, method: EvaluationMethod) -> LabelledImages {
    let stream = RandomStream(seed: UInt64(recipe.seed), purpose: "resampling", index: run)
    let counts = images.classCounts(data.classes.count)
    switch method {
    case .original: return images
    case .posterior, .prior, .gmm, .manifold, .interpolation:
      guard recipe.evaluation.trainOn == .both else { return images }
      // The real images come first: balanced as in the baseline, so that only what else there is differs.
      let real = data.indices(in: .train).count
      let own = LabelledImages(images: images.images, labels: images.labels, rows: Array(0..<real))
      let largest = own.classCounts(data.classes.count).max() ?? 0
      return images.selecting(balanced(own, to: largest, stream) + Array(real..<images.labels.count))
    case .originalResampled: return images.selecting(balanced(images, to: counts.max() ?? 0, stream))
    case .originalMatched:
      let perClass = recipe.evaluation.syntheticPerClass
      let extra = recipe.evaluation.trainOn == .both ? counts.max() ?? 0 : 0
      return images.selecting(balanced(images, to: perClass + extra, stream))
    }
  }

  /// `count` rows of each class: every image as often as any other, give or take one.
  private func balanced(_ images: LabelledImages, to count: Int, _ stream: RandomStream) -> [Int] {
    data.classes.indices.flatMap { label -> [Int] in
      let members = images.rows.filter { images.labels[$0] == label }
      var rows: [Int] = []
      while rows.count < count {
        var order = stream.substream("class \(label)", index: rows.count / members.count)
        rows += order.permutation(members.count).map { members[$0] }
      }
      return Array(rows.prefix(count))
    }
  }
}
