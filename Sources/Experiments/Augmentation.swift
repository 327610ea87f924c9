import Cohorts
import Datasets
import Forecasts
import Foundation
import ImageFiles
import ImageSets
import Judgement
import Recipes
import Runs
import Synthesis
import Training

/// Balances a cohort: trains its models and writes the synthetic images that each class lacks.
public struct Augmentation: Sendable {
  public let recipe: Recipe
  public let progress: ProgressReporter
  /// Bytes that are free on the disk of a folder; nil where nobody knows.
  package var freeDisk: @Sendable (URL) -> Int? = FreeDisk.bytes

  public init(_ recipe: Recipe, progress: ProgressReporter) throws {
    try recipe.check()
    self.recipe = recipe
    self.progress = progress
  }

  /// - Parameters:
  ///   - out: the folder to make; it may not lie inside the data, where it would become a class.
  ///   - overwrite: whether a folder that Manikin wrote before may be replaced.
  ///   - archive: a `.npz` file to write too, with the training images and the others.
  ///   - onlyIfHelpful: whether to check first, without a look at test images, that the synthetic images help a classifier,
  ///     and to write copies of real images when there is no evidence of it.
  public func write(
    to out: URL, overwrite: Bool, onlyIfHelpful: Bool = false, archive: URL? = nil
  ) throws -> Generation.Outcome {
    try check(out: out, overwrite: overwrite, onlyIfHelpful: onlyIfHelpful, archive: archive)
    var benefit: BenefitCheck.Outcome?
    if onlyIfHelpful {
      let (outcome, data) = try experiment.checkBenefit()
      benefit = outcome
      progress.note(outcome.sentence)
      if !outcome.isHelpful { return try writeCopies(data, outcome, to: out, overwrite: overwrite, archive: archive) }
    }
    let models = try TrainedModel.load(
      all: try experiment.train { try lookAhead($0, out: out, archive: archive) })
    let counts = self.counts(
      Dictionary(uniqueKeysWithValues: models.map { ($0.card.className, $0.card.trainingImages.count) }))
    var generation = Generation(recipe, progress: progress)
    generation.saysForecast = false
    var written = try generation.write(models, counts: counts, to: out, overwrite: overwrite, archive: archive)
    written.benefit = benefit
    return written
  }

  /// What `write` would do, and what that takes on this machine; writes nothing.
  public func plan(
    to out: URL, overwrite: Bool, onlyIfHelpful: Bool = false, archive: URL? = nil
  ) throws -> RunOutline {
    try check(out: out, overwrite: overwrite, onlyIfHelpful: onlyIfHelpful, archive: archive)
    let experiment = try experiment
    let inputs = try experiment.readToPlan(isEvaluated: false)
    for note in inputs.data.notes { progress.note("note: \(note)") }
    let models = try experiment.lookAhead(inputs, isEvaluated: false).forecast
    let drawing = try lookAhead(inputs.data, out: out, archive: archive)
    var lines = [RunOutline.images(inputs.data, isDivided: false)]
    lines.append(("models", recipe.runFolder.relativePath))
    if onlyIfHelpful { lines.append(("check", "on validation images first; its time is not counted below")) }
    return RunOutline(
      name: out.lastPathComponent, folder: out, isResumed: false, lines: lines,
      forecast: RunForecast.sum([models, drawing].map { (nil, $0) }))
  }

  private var experiment: Experiment {
    get throws {
      var experiment = try Experiment(recipe, progress: progress)
      experiment.freeDisk = freeDisk
      return experiment
    }
  }

  /// What drawing and writing will take.
  ///
  /// - Throws: `ExperimentsError` when a disk has no room for it.
  private func lookAhead(_ data: ExperimentData, out: URL, archive: URL?) throws -> RunForecast {
    let sizes = data.classes.map { data.indices(of: $0, in: .train).count }
    let counts = self.counts(Dictionary(uniqueKeysWithValues: zip(data.classes, sizes)))
    let scope = DrawingScope(
      recipe, size: data.set.size, channels: data.set.channels, training: sizes,
      drawn: data.classes.map { counts[$0] ?? 0 },
      storage: try SyntheticStorage(recipe, trained: [data.set.storage]).storage, isArchived: archive != nil)
    let trial = WorkTrial(recipe: recipe, data: data)
    let model = try trial.model(models: 1, budget: 0.1)
    let forecast = RunForecast(
      scope, decoding: model.decoding,
      registrations: recipe.synthetic.method == .deformation ? trial.registrations(sizes, budget: 0.3) : 0,
      weights: data.classes.count * model.bytes)
    try Generation.requireDisk(scope, out: out, archive: archive, freeDisk)
    return forecast
  }

  /// Checks, before long work, what can be told of the settings and the places.
  private func check(out: URL, overwrite: Bool, onlyIfHelpful: Bool, archive: URL?) throws {
    if let path = recipe.data.path { try Experiment.requireOutside(out, data: path) }
    if onlyIfHelpful, recipe.synthetic.layout != .classFolders {
      throw ExperimentsError.option(
        name: "--only-if-helpful",
        problem: "it may write copies of real images, which a derivative that says no person was scanned cannot hold; "
          + "take the layout class-folders")
    }
    try Generation.check(recipe, out: out, archive: archive, overwrite: overwrite)
    if let path = recipe.data.path, recipe.synthetic.perClass == nil {
      // Before the models are trained: is there anything to balance?
      let cohort = try Cohort.load(
        URL(filePath: path, directoryHint: .isDirectory), labels: recipe.labelTable,
        subjects: recipe.subjectRule, allowsLeaks: recipe.data.allowsLeaks)
      let sizes = cohort.classes.map { name in
        cohort.images(of: name).count { $0.split == nil || $0.split == .train }
      }
      guard Set(sizes).count > 1 else {
        throw ExperimentsError.settings(
          problem: "the classes have \(sizes.first ?? 0) training images each, so there is nothing to balance; "
            + "say how many to make with --per-class")
      }
    }
  }

  /// How many images each class is to get: as many as it lacks to be as large as the largest, or those that are asked for.
  private func counts(_ sizes: [String: Int]) -> [String: Int] {
    sizes.mapValues { recipe.synthetic.perClass ?? sizes.values.max()! - $0 }
  }

  private func writeCopies(
    _ data: ExperimentData, _ benefit: BenefitCheck.Outcome, to out: URL, overwrite: Bool, archive: URL?
  ) throws -> Generation.Outcome {
    for note in data.notes { progress.note("note: \(note)") }
    let counts = self.counts(
      Dictionary(uniqueKeysWithValues: data.classes.map { ($0, data.indices(of: $0, in: .train).count) }))
    let kind = try SyntheticStorage(recipe, trained: [data.set.storage])
    let real = RealBeside(
      data.classes.map { name in data.indices(of: name, in: .train).map { data.set.images[$0] } }, recipe)
    let notes = try RealCopies(data: data, recipe: recipe, kind: kind, real: real).write(
      counts, to: out, source: recipe.sourceName, overwrite: overwrite, archive: archive)
    var outcome = Generation.Outcome(
      out: out.relativePath, layout: recipe.synthetic.layout.rawValue, format: kind.storage.text,
      images: counts.filter { $0.value > 0 }, real: real.counts, archive: archive?.relativePath, samplers: [],
      notes: kind.notes + notes + [
        "no synthetic images were written: the folder holds copies of real training images, for balance; share them only "
          + "as you would share the originals"
      ])
    outcome.benefit = benefit
    return outcome
  }
}
