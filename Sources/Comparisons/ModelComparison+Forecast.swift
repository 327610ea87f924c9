import Datasets
import Experiments
import Forecasts
import Foundation
import Generators
import ImageSets
import Recipes
import Runs
import Tensors
import Training

extension ModelComparison {
  /// What `run` would do, and what that takes on this machine; writes nothing.
  public func plan() throws -> RunOutline {
    let weights = try weightsDigest()
    if let path = recipe.data.path { try Experiment.requireOutside(recipe.runFolder, data: path) }
    let drawn = FileManager.default.temporaryDirectory.appending(
      path: "manikin-plan-\(UUID().uuidString)", directoryHint: .isDirectory)
    defer { try? FileManager.default.removeItem(at: drawn) }
    let (all, data) = try read(drawnIn: drawn)
    for note in all.notes + data.notes { progress.note("note: \(note)") }
    let (forecast, isResumed) = try lookAhead(all, data, scale: scale(of: data), weights: weights)
    let known = own.compare
    var lines = [RunOutline.images(data.whole, isDivided: true)]
    lines.append(("models", known.models.map(\.rawValue).joined(separator: ", ")))
    lines.append(("methods", known.methods.map(\.rawValue).joined(separator: ", ")))
    lines.append(
      (
        "trainings",
        "\(RunForecast.counted(known.seeds, "seed")), \(RunForecast.counted(known.settings, "setting")) at most, "
          + "training sets of \(data.sizes.map(\.name).joined(separator: ", "))"
      ))
    if known.quick { lines.append(("quick", Self.quickWarning)) }
    return RunOutline(
      name: recipe.name, folder: recipe.runFolder, isResumed: isResumed, lines: lines, forecast: forecast)
  }

  /// What is left of a comparison, found without a change of its run folder; no stages where nothing is.
  ///
  /// - Throws: `ExperimentsError` for a folder that the run could not take up, and when the disk has no room for it.
  func lookAhead(
    _ all: ExperimentData, _ data: ComparisonData, scale: ComparisonScale, weights: String
  ) throws -> (forecast: RunForecast, isResumed: Bool) {
    let folder = try RunFolder(
      lookingAt: recipe.runFolder, recipe: recipe, versions: Manikin.versions, inputs: Self.digests(of: all))
    let pending = try trainings(of: data, scale: scale, in: folder).filter { !$0.isDone(weights: weights) }
    let forecast = try forecast(pending, data, scale: scale)
    try forecast.requireDisk(in: recipe.runFolder, free: freeDisk(recipe.runFolder))
    return (forecast, folder.isResumed)
  }

  private func forecast(
    _ pending: [ComparisonTraining], _ data: ComparisonData, scale: ComparisonScale
  ) throws -> RunForecast {
    let plan = try memory(data)
    guard !pending.isEmpty else {
      return RunForecast(stages: [], memoryBytes: plan.peak, diskBytes: 0, readsFromFile: plan.readsFromFile)
    }
    let workers = min(own.threadCount, pending.count)
    // Seeds of one setting and sizes of the training set take steps of the same length.
    var numbers: [String: Int] = [:]
    var trials: [WorkTrial] = []
    let kinds = pending.map { training -> Int in
      let name = "\(training.record.model.rawValue) \(training.record.setting)"
      if let known = numbers[name] { return known }
      numbers[name] = trials.count
      trials.append(WorkTrial(recipe: training.recipe, data: data.whole))
      return trials.count - 1
    }
    let rounds = (trials.count + workers - 1) / workers
    let models = try WorkTrial.models(trials, workers: workers, budget: max(0.05, 1 / Double(rounds)))
    let judging = try JudgingTime(scale, data: data)

    let values = data.whole.set.size.height * data.whole.set.size.width * data.whole.set.channels
    var (training, drawing) = ([Double](), [Double]())
    var disk = WorkRates.report
    for (job, number) in zip(pending, kinds) {
      guard let model = models[number] else { continue }
      let amounts = WorkAmounts(job.recipe, data: job.data, methods: [], synthetic: job.methods)
      let epochs = job.pendingEpochs
      training.append(epochs > 0 ? RunForecast.seconds(amounts.training(0), model, job.recipe) : 0)
      let references = data.references(of: job.size)
      let chains = job.methods.reduce(0) {
        $0 + RunForecast.chains($1, job.recipe, training: amounts.trainingImages, drawn: job.samples)
      }
      let drawn = Double(job.methods.count * job.samples)
      drawing.append(
        chains + drawn * model.decoding + Double(references) * model.reconstructing
          + (drawn + Double(references)) * judging.perImage
          + Double(job.methods.count) * judging.score(of: job.samples, besides: references)
          + judging.score(of: references, besides: references))
      disk +=
        (epochs > 0 ? model.bytes + 8 * amounts.trainingImages * own.generator.latentDimensions : 0)
        + 4 * values * ComparisonTraining.shownImages * job.methods.count
    }
    // Features of the real images, and of some training images as a yardstick.
    let real = data.sizes.indices.reduce(0) { $0 + data.references(of: $1) } + pending[0].samples
    let modelSeconds = WorkAmounts.span(training, workers: workers)
    let all = WorkAmounts.span(zip(training, drawing).map { $0 + $1 }, workers: workers)
    let images = pending.reduce(0) { $0 + $1.methods.count * $1.samples }
    return RunForecast(
      stages: [
        .init(
          name: "models",
          work: "\(RunForecast.counted(pending.count, "training")) of "
            + RunForecast.counted(Set(pending.map(\.record.model)).count, "model"), seconds: modelSeconds),
        .init(
          name: "images",
          work: "\(ProgressText.grouped(images)) drawn and compared", seconds: all - modelSeconds),
        .init(
          name: "report", work: "tables and figures", seconds: 0.5 + Double(real) * judging.perImage),
      ],
      memoryBytes: plan.peak, diskBytes: disk, readsFromFile: plan.readsFromFile)
  }

  /// How long images take to be compared, as some real ones take.
  private struct JudgingTime {
    /// Seconds for the features of an image.
    let perImage: Double
    /// Seconds of a score for each image that it looks at.
    private let perScored: Double

    init(_ scale: ComparisonScale, data: ComparisonData) throws {
      let indices = data.whole.indices(in: .train)
      let few = Array(indices.prefix(8))
      let many = Array(indices.prefix(200))
      var features: ComparisonScale.Features?
      let images = data.whole.tensor(few)
      let (each, score) = try ComputeThreads.with(1) {
        let each = try StepTime.measure(images: few.count, least: few.count, budget: 0.1) { _ in
          features = try scale.features(images)
        }.seconds(images: few.count)
        // Where features take long, the score of a few images must do.
        let chosen = each * Double(many.count) / Double(few.count) < 0.5 ? many : few
        let reference = try scale.reference(data.whole.tensor(chosen))
        if chosen.count > few.count { features = try scale.features(data.whole.tensor(chosen)) }
        let score = StepTime.measure(images: chosen.count, least: chosen.count, budget: 0.1) { _ in
          _ = scale.score(features!, against: reference, seed: 0)
        }.seconds(images: chosen.count)
        return (each, score / Double(2 * chosen.count))
      }
      perImage = each / Double(few.count)
      perScored = score
    }

    /// Against validation images and against test images.
    func score(of images: Int, besides references: Int) -> Double { perScored * Double(2 * images + references) }
  }
}

extension ComparisonData {
  /// Validation and test images that those of a size are compared with.
  fileprivate func references(of size: Int) -> Int {
    [Split.validation, .test].reduce(0) {
      $0 + min(part(size).indices(in: $1).count, CompareSettings.mostTestImages)
    }
  }
}
