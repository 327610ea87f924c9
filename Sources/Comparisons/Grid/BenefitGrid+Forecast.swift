import Datasets
import Forecasts
import Foundation
import ImageSets
import Judgement
import Recipes
import Runs
import Samplers
import Synthesis
import Training

extension BenefitGrid {
  /// What `run` would do, and what that takes on this machine; writes nothing.
  public func plan() throws -> RunOutline {
    try requireSense()
    let drawn = FileManager.default.temporaryDirectory.appending(
      path: "manikin-plan-\(UUID().uuidString)", directoryHint: .isDirectory)
    defer { try? FileManager.default.removeItem(at: drawn) }
    let data = try read(checksMemory: true, drawnIn: drawn)
    for note in data.notes { progress.note("note: \(note)") }
    let (forecast, isResumed) = try lookAhead(data)
    return RunOutline(
      name: recipe.name, folder: recipe.runFolder, isResumed: isResumed,
      lines: [
        RunOutline.images(data, isDivided: true),
        ("ways", "\(armCount), with \(RunForecast.counted(runs, "classifier")) each"),
        ("methods", recipe.grid.methods.map(\.rawValue).joined(separator: ", ")),
      ], forecast: forecast)
  }

  /// Images of all drawings, which are in memory together.
  private func drawnImages(_ classes: Int) -> Int {
    drawings.reduce(0) { $0 + $1.methods.count } * recipe.evaluation.syntheticPerClass * classes
  }

  /// The largest plan of any sharing's models.
  func memory(_ data: ExperimentData) throws -> MemoryPlan {
    try recipe.grid.shares.map {
      try ModelTraining.memory(
        data, recipe($0), isEvaluated: true, drawnImages: drawnImages(data.classes.count))
    }.max { $0.peak < $1.peak }!
  }

  /// What is left of a grid, found without a change of its run folder.
  ///
  /// - Throws: `ExperimentsError` for a folder that the run could not take up, and when the disk has no room for it.
  func lookAhead(_ data: ExperimentData) throws -> (forecast: RunForecast, isResumed: Bool) {
    let folder = try RunFolder(
      lookingAt: recipe.runFolder, recipe: recipe, versions: Manikin.versions, inputs: digests(of: data))
    let threads = recipe.threadCount
    let amounts = WorkAmounts(recipe, data: data, methods: [], synthetic: [])
    var (models, drawing, disk, trained) = (0.0, 0.0, WorkRates.report, 0)
    for share in recipe.grid.shares {
      let own = recipe(share)
      let isDone = ModelTraining(recipe: own, data: data, progress: progress).isDone(
        in: try RunFolder(lookingAt: own.runFolder, recipe: own, versions: Manikin.versions, inputs: []))
      let work = WorkAmounts(own, data: data, methods: [], synthetic: []).trainings
      let model = try WorkTrial(recipe: own, data: data).model(models: work.count, budget: 0.3)
      if !isDone {
        models += WorkAmounts.span(work.map { RunForecast.seconds($0, model, own) }, workers: threads)
        disk += data.classes.count * model.bytes
        trained += work.count
      }
      for method in drawings.filter({ $0.share == share }).flatMap(\.methods) {
        let each = recipe.evaluation.syntheticPerClass
        let chains = amounts.counts.reduce(0) {
          $0 + RunForecast.chains(method, own, training: $1, drawn: each)
        }
        drawing +=
          method == .deformation
          ? WorkTrial(recipe: own, data: data).registrations(amounts.counts, budget: 0.3)
          : chains / Double(threads) + Double(each * data.classes.count) * model.decoding
      }
    }
    let images = drawnImages(data.classes.count)
    let rest = try classifiers(data, amounts)
    let plan = try memory(data)
    var stages: [RunForecast.Stage] = []
    if trained > 0 {
      stages.append(.init(name: "models", work: RunForecast.counted(trained, "training"), seconds: models))
    }
    stages.append(.init(name: "images", work: "\(ProgressText.grouped(images)) drawn", seconds: drawing))
    if rest.count > 0 {
      stages.append(.init(name: "classifiers", work: ProgressText.grouped(rest.count), seconds: rest.seconds))
    }
    let forecast = RunForecast(
      stages: stages, memoryBytes: plan.peak, diskBytes: disk, readsFromFile: plan.readsFromFile)
    try forecast.requireDisk(in: recipe.runFolder, free: freeDisk(recipe.runFolder))
    return (forecast, folder.isResumed)
  }

  /// Those that the table has not yet, and their seconds.
  private func classifiers(
    _ data: ExperimentData, _ amounts: WorkAmounts
  ) throws -> (count: Int, seconds: Double) {
    let empty = drawings.map { drawing -> Drawn in
      (drawing, Dictionary(uniqueKeysWithValues: drawing.methods.map { ($0, [SyntheticSet]()) }))
    }
    let arms = arms(data, empty)
    var table = BenefitTable(arms: arms.map(\.name), leaks: [:])
    try table.read(recipe.runFolder.appending(path: Self.tableName))
    let jobs = (0..<runs).flatMap { run in arms.filter { !table.contains(arm: $0.name, run: run) } }
    guard !jobs.isEmpty else { return (0, 0) }
    let settings = recipe.classifier
    let judge = try WorkTrial(recipe: recipe, data: data).judge(
      jobs: jobs.count, kinds: Set(jobs.map(\.augmentation)), budget: 0.15)
    // Every way trains on as many images of each class.
    let images = ((amounts.counts.max() ?? 0) + recipe.evaluation.syntheticPerClass) * data.classes.count
    let judged = Self.sides.reduce(0) { $0 + data.indices(in: $1).count }
    let seconds = WorkAmounts.span(
      jobs.map { arm in
        Double(settings.epochs) * judge.training[arm.augmentation]!.seconds(images: images, batch: settings.batchSize)
          + Double(judged) * judge.judging
      }, workers: recipe.threadCount)
    return (jobs.count, seconds)
  }
}
