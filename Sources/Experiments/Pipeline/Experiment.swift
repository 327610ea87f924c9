import Foundation
import Generators
import Geometry
import Imaging
import Tensors

/// A whole experiment in a run folder, from a cohort to a report. Stages that are done are not done again.
public struct Experiment: Sendable {
  public let recipe: Recipe
  public let progress: ProgressReporter

  /// What an experiment came to.
  public struct Outcome: Sendable {
    public let folder: URL
    public let report: URL
    public let results: EvaluationResults
    /// What the user should know.
    public let notes: [String]
  }

  /// - Throws: `ExperimentsError` if the recipe does not hold.
  public init(_ recipe: Recipe, progress: ProgressReporter) throws {
    try recipe.check()
    self.recipe = recipe
    self.progress = progress
  }

  /// Trains, samples, writes the synthetic folders, evaluates (unless the recipe says 0 runs), and writes the report.
  public func evaluate() throws -> Outcome {
    let (folder, data) = try open(split: recipe.evaluation.runs > 0)
    // The models do not depend on it, but the scores do.
    let synthetics = recipe.synthetic
    try folder.require(
      "rendering of synthetic images",
      digest: "\(synthetics.render.rawValue) \(synthetics.path.rawValue) \(synthetics.interpolationSteps)")
    for note in data.notes { progress.note("note: \(note)") }
    let models = try ModelTraining(
      recipe: recipe, data: data, dataFolder: recipe.data.path ?? phantomFolder.path, progress: progress
    ).run(in: folder)
    let methods = SyntheticMethod.allCases.filter { method in
      recipe.evaluation.methods.contains { $0.synthetic == method }
    }
    var synthetic: [SyntheticMethod: [SyntheticSet]] = [:]
    if !methods.isEmpty {
      let bar = progress.stage("Drawing synthetic images", total: methods.count * models.count, unit: "sets")
      for method in methods {
        synthetic[method] = try models.map { model in
          defer { bar.advance() }
          return try model.generate(
            recipe.evaluation.syntheticPerClass, by: method, recipe: recipe,
            training: data.tensor(data.indices(of: model.card.className, in: .train)),
            spectrum: model.residualSpectrum(among: models))
        }
        try write(synthetic[method]!, method, models, data, in: folder)
      }
      bar.finish()
    }
    for chains in synthetic[.manifold]?.compactMap(\.chains) ?? [] {
      progress.note("  \(chains.summary)")
      for warning in chains.warnings { progress.note("warning: \(warning)") }
    }
    let training = Dictionary(
      uniqueKeysWithValues: data.classes.map { ($0, data.tensor(data.indices(of: $0, in: .train))) })
    let quality = synthetic.mapValues {
      SyntheticQuality($0, models: models, training: training, seed: recipe.seed)
    }
    try SyntheticQuality.write(quality, to: folder.url)
    for method in methods {
      for warning in quality[method]!.warnings(method: method) { progress.note("warning: \(warning)") }
    }
    let results =
      recipe.evaluation.runs > 0
      ? try Evaluation(recipe: recipe, data: data, synthetic: synthetic, progress: progress).run(in: folder)
      : EvaluationResults(methods: [], classes: data.classes)
    try ResultsDocument(results: results, samplers: synthetic[.manifold]?.compactMap(\.chains) ?? [])
      .write(to: folder.resultsDocument)
    let report = try ExperimentReport(
      recipe: recipe, data: data, models: models, synthetic: synthetic, quality: quality, results: results,
      folder: folder)
    try AtomicFile.write(report.html(), to: folder.reportFile)
    try report.writeMaps()
    return Outcome(folder: folder.url, report: folder.reportFile, results: results, notes: data.notes)
  }

  /// Trains one model for each class on all images of the cohort that are not for validation or test.
  ///
  /// - Returns: the run folder.
  public func train() throws -> URL {
    let (folder, data) = try open(split: false)
    for note in data.notes { progress.note("note: \(note)") }
    _ = try ModelTraining(
      recipe: recipe, data: data, dataFolder: recipe.data.path ?? phantomFolder.path, progress: progress
    ).run(in: folder)
    return folder.url
  }

  /// Checks whether the synthetic images that the recipe describes help a classifier, on validation images only.
  ///
  /// Images that come split are scored on their validation images, and the models are those that `train` makes. Others are
  /// split for the check, in a run folder of its own beside this one's, and scored on all that was held out.
  ///
  /// - Returns: the outcome, and the images as `train` sees them.
  func checkBenefit() throws -> (outcome: BenefitCheck.Outcome, data: ExperimentData) {
    let (folder, data) = try open(split: false)
    let check = BenefitCheck(recipe: recipe, progress: progress)
    func models(_ recipe: Recipe, _ data: ExperimentData, _ folder: RunFolder) throws -> [TrainedModel] {
      try ModelTraining(
        recipe: recipe, data: data, dataFolder: recipe.data.path ?? phantomFolder.path, progress: progress
      ).run(in: folder)
    }
    if data.classes.allSatisfy({ !data.indices(of: $0, in: .validation).isEmpty }) {
      let trained = try models(recipe, data, folder)
      return (try check.run(trained, data: data, sides: [.validation], usesOwnValidation: true), data)
    }
    var held = recipe
    held.out = recipe.runFolder.path + "-check"
    let experiment = try Experiment(held, progress: progress)
    let (checkFolder, split) = try experiment.open(split: true)
    let trained = try models(held, split, checkFolder)
    return (
      try BenefitCheck(recipe: held, progress: progress).run(
        trained, data: split, sides: [.validation, .test], usesOwnValidation: false), data
    )
  }

  /// Where images that Manikin draws itself go.
  private var phantomFolder: URL {
    recipe.runFolder.appending(path: recipe.data.shapes == nil ? "phantom" : "data", directoryHint: .isDirectory)
  }

  /// Opens the run folder and reads the images. Images that are there are read and checked first, so that nothing is
  /// left behind when they are no use.
  private func open(split: Bool) throws -> (RunFolder, ExperimentData) {
    func makeFolder() throws -> RunFolder {
      let folder = try RunFolder(recipe.runFolder, recipe: recipe, versions: Manikin.versions)
      if folder.isResumed { progress.note("Continuing the run in \(folder.url.relativePath)") }
      return folder
    }
    /// A model of all images must not be taken for one of the training images alone, nor the other way round.
    func hold(_ folder: RunFolder, to data: ExperimentData) throws {
      try folder.require("data", digest: data.digest)
      try folder.require("division of the images", digest: split ? "split" : "all")
    }
    func read() throws -> ExperimentData {
      let data = try ExperimentData(recipe, split: split, phantomFolder: phantomFolder, progress: progress)
      try ModelTraining.check(data, recipe)
      try Interpolation.check(data, recipe)
      return data
    }
    guard let path = recipe.data.path else {
      let folder = try makeFolder()
      let data = try read()
      try hold(folder, to: data)
      return (folder, data)
    }
    try Self.requireOutside(recipe.runFolder, data: path)
    let data = try read()
    let folder = try makeFolder()
    try hold(folder, to: data)
    return (folder, data)
  }

  /// Refuses a folder inside the data, where its contents would be read as a class.
  static func requireOutside(_ out: URL, data path: String) throws {
    func resolved(_ url: URL) -> String {
      let path = url.standardizedFileURL.resolvingSymlinksInPath().path
      return path.hasSuffix("/") ? path : path + "/"
    }
    guard !resolved(out).hasPrefix(resolved(URL(filePath: path, directoryHint: .isDirectory))) else {
      throw ExperimentsError.option(
        name: "--out",
        problem: "'\(out.relativePath)' lies inside the data, where it would be read as a class; choose another place")
    }
  }

  private func write(
    _ sets: [SyntheticSet], _ method: SyntheticMethod, _ models: [TrainedModel], _ data: ExperimentData,
    in folder: RunFolder
  ) throws {
    let target = folder.syntheticFolder.appending(path: method.rawValue, directoryHint: .isDirectory)
    let stage = Stage(
      "synthetic \(method.rawValue)", recipe: recipe,
      sections: ["metric", "sampler", "synthetic"],
      inputs: Dictionary(
        uniqueKeysWithValues: models.map { ("model \($0.card.className)", $0.card.digest) }
          + [("images of each class", "\(recipe.evaluation.syntheticPerClass)")]))
    try AtomicFile.makeFolder(folder.syntheticFolder)
    try folder.perform(stage, outputs: [target.appending(path: "manifest.csv")]) {
      try SyntheticFolder.write(
        to: target,
        description: .synthetic(
          name: "Synthetic images of \(recipe.name), \(method.rawValue)", source: recipe.data.path ?? "phantom"),
        furtherColumns: SyntheticSet.furtherColumns, overwrite: true
      ) { output in
        for (set, model) in zip(sets, models) {
          let training = data.tensor(data.indices(of: set.className, in: .train))
          try output.add(set.files(model: model, training: training))
        }
      }
    }
  }
}
