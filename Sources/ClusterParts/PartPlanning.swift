import Comparisons
import Datasets
import Experiments
import Foundation
import Judgement
import Recipes
import Runs
import Samplers
import Training

/// Cuts what a recipe describes into parts: begins the run folder, unless it is there, and writes the plan beside it.
public struct PartPlanning {
  private let recipe: Recipe
  private let task: PartPlan.Task
  private let runsPerPart: Int
  private let threads: Int
  private let progress: ProgressReporter

  /// A planning that has not begun; `write()` does it.
  ///
  /// - Parameters:
  ///   - recipe: says what the experiment is, and in `out` where its run folder goes.
  ///   - task: which command the parts do together.
  ///   - runsPerPart: trainings of each method that one part does, at least 1.
  ///   - threads: processor threads of each part, at least 1.
  ///   - progress: shows how far the reading of the images is, and takes notes for the user.
  public init(
    _ recipe: Recipe, task: PartPlan.Task, runsPerPart: Int, threads: Int,
    progress: ProgressReporter
  ) {
    (self.recipe, self.task, self.runsPerPart, self.threads) = (recipe, task, runsPerPart, threads)
    self.progress = progress
  }

  /// - Throws: `ExperimentsError`, `ImagingError`: whatever would stop the experiment at its start.
  public func write() throws -> (plan: PartPlan, folder: PartsFolder) {
    let parts = PartsFolder(run: recipe.runFolder)
    if let path = recipe.data.path { try Experiment.requireOutside(parts.url, data: path) }
    var plan: PartPlan
    switch task {
    case .evaluate: plan = try Sweep(recipe, progress: progress).map(sweep) ?? experiment(parts)
    case .grid: plan = try grid(BenefitGrid(recipe, progress: progress))
    case .compare: plan = try comparison(ModelComparison(recipe, progress: progress))
    }
    plan.task = task
    let leftOut = try parts.write(plan)
    if let first = leftOut.first {
      progress.note(
        "note: the plan that was there has parts that this one leaves out (\(leftOut.count), from '\(first)' on). What they did "
          + "is kept for a plan that has them again")
    }
    return (plan, parts)
  }

  private var runName: String { recipe.runFolder.standardizedFileURL.lastPathComponent }

  private func makePlan(
    _ recipe: Recipe, inputs: [(name: String, digest: String)], classes: [String], _ parts: [Part]
  )
    -> PartPlan
  {
    PartPlan(
      version: Manikin.version, run: runName,
      inputs: Dictionary(uniqueKeysWithValues: inputs.map { ($0.name, $0.digest) }),
      recipe: recipe.digestOfParts, classes: classes, parts: parts)
  }

  // MARK: Experiments

  /// Opens the run folder of one experiment and checks all of it.
  private func open(_ experiment: Experiment) throws -> ExperimentInputs {
    let recipe = experiment.recipe
    _ = try recipe.fidelity.inception()
    let (folder, inputs) = try experiment.openInputs(checksMemory: false)
    defer { withExtendedLifetime(folder) {} }
    for note in inputs.notes { progress.note("note: \(note)") }
    for split in 0..<inputs.plan.splits {
      try ModelTraining.check(
        inputs.division(split), recipe, isEvaluated: inputs.isScored, checksMemory: false)
    }
    return inputs
  }

  private func outputs(of inputs: ExperimentInputs) -> [String] {
    (inputs.isScored ? ["results.csv", "predictions.csv"] : []) + ["results.json", "report.html"]
  }

  private func experiment(_ parts: PartsFolder) throws -> PartPlan {
    let experiment = try Experiment(recipe, progress: progress)
    let inputs = try open(experiment)
    let forecast = try PartForecast(experiment.recipe, .init(inputs), threads: threads)
    var listing = PartListing(threads: threads)
    listing.add(inputs, run: runName, value: nil, runsPerPart: runsPerPart, forecast)
    var plan = makePlan(
      experiment.recipe, inputs: inputs.digests, classes: inputs.data.classes,
      listing.finished(
        outputs: outputs(of: inputs).map { "\(runName)/\($0)" },
        forecast.cost(of: .gather, runs: 0, className: nil)))
    (plan.splits, plan.runs) = (inputs.plan.splits, inputs.isScored ? inputs.plan.runs : 0)
    plan.methods = inputs.plan.methods.map(\.rawValue)
    return plan
  }

  /// The parts of every value's run, and one that makes the tables of all.
  private func sweep(_ sweep: Sweep) throws -> PartPlan {
    let folder = try RunFolder(recipe.runFolder, recipe: recipe, versions: Manikin.versions)
    defer { withExtendedLifetime(folder) {} }
    var listing = PartListing(threads: threads)
    var points: [String: PartPlan.Point] = [:]
    var classes: [String] = []
    var outputs = ["sweep.csv", "sweep.json", "report.html"]
    var last = PartForecast.Cost(seconds: 0, mebibytes: 0)
    for value in recipe.sweep.values {
      progress.note("\(recipe.sweep.key?.rawValue ?? "") = \(value)")
      let experiment = try Experiment(sweep.recipe(for: value), progress: progress)
      let inputs = try open(experiment)
      let forecast = try PartForecast(experiment.recipe, .init(inputs), threads: threads)
      listing.add(inputs, run: runName, value: value, runsPerPart: runsPerPart, forecast)
      points[value] = .init(
        inputs: Dictionary(uniqueKeysWithValues: inputs.digests.map { ($0.name, $0.digest) }),
        recipe: experiment.recipe.digestOfParts)
      classes += inputs.data.classes.filter { !classes.contains($0) }
      outputs += self.outputs(of: inputs).map { "\(value)/\($0)" }
      let cost = forecast.cost(of: .gather, runs: 0, className: nil)
      last = .init(
        seconds: last.seconds + cost.seconds, mebibytes: max(last.mebibytes, cost.mebibytes))
    }
    var plan = makePlan(
      recipe, inputs: [], classes: classes,
      listing.finished(outputs: outputs.map { "\(runName)/\($0)" }, last))
    plan.points = points
    return plan
  }

  // MARK: Grids and comparisons

  private func grid(_ grid: BenefitGrid) throws -> PartPlan {
    guard recipe.evaluation.runs > 0 else {
      throw ExperimentsError.settings(
        problem: "'runs' in 'evaluation' is 0, and a grid needs at least 1 classifier for each way")
    }
    let (folder, data) = try grid.open(checksMemory: false)
    defer { withExtendedLifetime(folder) {} }
    let own = grid.recipe
    var scope = PartForecast.Scope(data)
    let arms = grid.armCount
    (scope.runs, scope.methods) = (grid.runs, Array(repeating: .drawn(.manifold), count: arms))
    scope.syntheticImages =
      own.grid.methods.count * own.evaluation.syntheticPerClass * data.classes.count
    let forecast = try PartForecast(own, scope, threads: threads)
    var listing = PartListing(threads: threads)
    var models: [GeneratorSharing: [String]] = [:]
    for share in own.grid.shares {
      // The folder of its models is a run of its own.
      _ = try grid.place(share, in: folder)
      models[share] = listing.addModels(
        "train-\(share.rawValue)", share: share, data, split: nil, item: share.rawValue,
        place: "\(runName)/models-\(share.rawValue)", forecast)
    }
    var draws: [String] = []
    for drawing in grid.drawings {
      let id = "draw-\(drawing.share.rawValue)-\(drawing.render.rawValue)"
      draws.append(id)
      listing.add(
        id, .draw, item: drawing.name, inputs: models[drawing.share]!,
        outputs: ["\(PartsFolder.name(of: runName))/done/\(id)/sets"],
        forecast.cost(of: .draw, runs: 0, className: nil))
    }
    for (range, text) in PartListing.ranges(of: grid.runs, each: runsPerPart) {
      let id = "classify-\(text)"
      listing.add(
        id, .classify, runs: range, inputs: draws,
        outputs: ["\(PartsFolder.name(of: runName))/done/\(id)/grid.csv"],
        forecast.cost(of: .classify, runs: range.count, className: nil))
      listing.ends.append(id)
    }
    return makePlan(
      own, inputs: grid.digests(of: data), classes: data.classes,
      listing.finished(
        outputs: ["grid.csv", "leak.json", "crowding.json"].map { "\(runName)/\($0)" },
        forecast.cost(of: .gather, runs: 0, className: nil)))
  }

  private func comparison(_ comparison: ModelComparison) throws -> PartPlan {
    let opened = try comparison.open(checksMemory: false)
    defer { withExtendedLifetime(opened.folder) {} }
    var listing = PartListing(threads: threads)
    var forecasts: [String: PartForecast] = [:]
    var last = PartForecast.Cost(seconds: 0, mebibytes: 0)
    for training in try comparison.trainings(of: opened.data, scale: opened.scale, in: nil) {
      let record = training.record
      let key = "\(record.size) \(record.model.rawValue)"
      if forecasts[key] == nil {
        var scope = PartForecast.Scope(opened.data.whole)
        scope.counts = [record.trainingImages]
        scope.syntheticImages = training.methods.count * training.samples
        forecasts[key] = try PartForecast(training.recipe, scope, threads: threads)
      }
      let forecast = forecasts[key]!
      let name = "\(record.size)-\(record.model.rawValue)-\(record.setting)-\(record.seed)"
      listing.add(
        "train-\(name)", .train, item: record.place, inputs: [],
        outputs: ["\(runName)/trained/\(record.place)/models"],
        forecast.cost(of: .train, runs: 0, className: nil))
      listing.add(
        "draw-\(name)", .draw, item: record.place, inputs: ["train-\(name)"],
        outputs: ["\(runName)/trained/\(record.place)/scores.json"],
        forecast.cost(of: .draw, runs: 0, className: nil))
      listing.ends.append("draw-\(name)")
      let cost = forecast.cost(of: .gather, runs: 0, className: nil)
      last = .init(
        seconds: max(last.seconds, cost.seconds), mebibytes: max(last.mebibytes, cost.mebibytes))
    }
    return makePlan(
      comparison.recipe, inputs: opened.digests, classes: [ComparisonData.className],
      listing.finished(
        outputs: ["comparison.csv", "comparison.json", "table.txt", "samples.png", "report.html"]
          .map {
            "\(runName)/\($0)"
          }, last))
  }
}
