import Datasets
import Evaluations
import Forecasts
import Foundation
import ImageSets
import Judgement
import Recipes
import RunReports
import Runs
import Synthesis
import Training

/// A whole experiment in a run folder, from a cohort to a report. Stages that are done are not done again.
public struct Experiment: Sendable {
  public let recipe: Recipe
  public let progress: ProgressReporter
  /// Of trainings that `train` begins.
  package var checkpoints = Checkpoints()
  /// Bytes that are free on the disk of a folder; nil where nobody knows.
  package var freeDisk: @Sendable (URL) -> Int? = FreeDisk.bytes

  /// What an experiment came to.
  public struct Outcome: Sendable {
    public let folder: URL
    public let report: URL
    public let results: EvaluationResults
    /// Nil when nothing was scored.
    public let statistics: EvaluationStatistics?
    /// What the user should know.
    public let notes: [String]
    /// What makes the scores too good, to be said first; nil if nothing does.
    public let leak: String?
    /// What the images of another place came to; nil where there are none.
    public let external: ExternalResults?

    /// The table and the answer, as text; empty when nothing was scored.
    public var text: String {
      statistics.map {
        [leak, external?.leak].compactMap { $0 }.map { $0 + "\n\n" }.joined() + results.text($0) + "\n"
          + $0.answerText(leak: leak)
          + (external.map { "\n\n" + $0.text } ?? "")
      } ?? ""
    }
  }

  /// - Throws: `ExperimentsError` if the recipe does not hold.
  public init(_ recipe: Recipe, progress: ProgressReporter) throws {
    try recipe.check()
    self.recipe = recipe.fixingPrecision()
    self.progress = progress
  }

  /// Trains, samples, writes the synthetic folders, evaluates (unless the recipe says 0 runs), and writes the report; all
  /// but the last for each split by itself.
  public func evaluate() throws -> Outcome {
    // Weights that do not fit are said before hours of work.
    _ = try recipe.fidelity.inception()
    var forecast: RunForecast?
    let (folder, inputs) = try openInputs { forecast = try lookAhead($0).forecast }
    return try evaluate(inputs, in: folder, forecast: forecast)
  }

  /// Does what is not done yet.
  ///
  /// - Parameters:
  ///   - forecast: to be said before.
  ///   - drawn: what was drawn before for a split, where nothing is left but to gather it; nil where this process
  ///     does all of it, and needs the memory.
  package func evaluate(
    _ inputs: ExperimentInputs, in folder: RunFolder, forecast: RunForecast? = nil,
    drawn: ((Int, [TrainedModel]) throws -> SplitExperiment.Drawn?)? = nil
  ) throws -> Outcome {
    let (data, plan, isScored) = (inputs.data, inputs.plan, inputs.isScored)
    let (notes, external) = (inputs.notes, inputs.external)
    for note in notes { progress.note("note: \(note)") }
    let divisions = try (0..<plan.splits).map { try inputs.division($0) }
    for division in divisions { try ModelTraining.check(division, recipe, checksMemory: drawn == nil) }
    let overlaps = isScored ? divisions.map { SubjectOverlap($0) } : []
    if isScored { progress.note(SubjectOverlap.sentence(overlaps)) }
    let leak = inputs.leak
    for leak in [leak, external?.leak] { if let leak { progress.note("warning: \(leak)") } }
    let recorder = isScored ? try EvaluationRecorder(methods: plan.methods, classes: data.classes, folder: folder) : nil
    let elsewhere = try external.map {
      ($0, try EvaluationRecorder(methods: plan.methods, classes: data.classes, folder: folder.part("external")))
    }

    if let forecast, !forecast.stages.isEmpty { progress.note(forecast.sentence) }
    // The report shows the models and images of the first split; of the others, scores and figures are all that is needed.
    var shown: ExperimentReport.Shown?
    var first: SplitExperiment?
    var figures: [SplitFigures] = []
    for (split, division) in divisions.enumerated() {
      let evaluation = recorder.map {
        inputs.evaluation(split, division, recorder: $0, elsewhere: elsewhere?.1, progress: progress)
      }
      var part = try inputs.split(split, division, in: folder, progress: progress)
      part.saysMemory = drawn != nil
      if split > 0, try evaluation?.isDone() ?? true, let known = SplitFigures.read(from: part.folder) {
        figures.append(known)
        continue
      }
      if plan.splits > 1 { progress.note("Split \(split + 1) of \(plan.splits)") }
      let models = try part.models()
      let found = try drawn?(split, models) ?? part.drawAndJudge(models)
      figures.append(found.figures)
      if let evaluation, try !evaluation.isDone() { try evaluation.run(found.synthetic) }
      if split == 0 {
        shown = .init(data: division, models: models, synthetic: found.synthetic, folder: part.folder)
        first = part
      }
    }

    let results = recorder?.predictions.results ?? EvaluationResults(methods: [], classes: data.classes)
    let statistics = recorder.map {
      EvaluationStatistics(
        $0.predictions,
        trainSubjects: Double(divisions.reduce(0) { $0 + $1.subjectCount(in: .train) }) / Double(divisions.count),
        validation: $0.validationMeans, augmentation: recipe.evaluation.augmentation,
        covariates: recipe.data.covariates, seed: recipe.seed)
    }
    let outside = try elsewhere.map { test, there in
      try ExternalResults(
        test, there.predictions, data: divisions[0], beside: results,
        trainSubjects: statistics!.trainSubjects, validation: recorder!.validationMeans, recipe: recipe)
    }
    for warning in figures.leakWarnings { progress.note("warning: \(warning)") }
    let judgement = try SyntheticJudgement(
      recipe: recipe, shown: shown!, folder: folder, isScored: isScored, progress: progress
    ).run()
    if let warning = judgement.audits.warning { progress.note("warning: \(warning)") }
    try first!.writeSheets(
      shown!.synthetic, models: shown!.models, figures: figures[0], audits: judgement.audits)
    try ResultsDocument(
      results: results, statistics: statistics, figures: figures, overlaps: overlaps, leak: leak, external: outside
    )
    .write(to: folder.resultsDocument)
    let report = try ExperimentReport(
      recipe: recipe, plan: plan, shown: shown!, figures: figures, judgement: judgement, results: results,
      statistics: statistics, external: outside, notes: notes, overlaps: overlaps, leak: leak, folder: folder)
    try AtomicFile.write(report.html(), to: folder.reportFile)
    try report.writeMaps()
    return Outcome(
      folder: folder.url, report: folder.reportFile, results: results, statistics: statistics, notes: notes,
      leak: leak, external: outside)
  }

  /// Trains one model for each class on all images of the cohort that are not for validation or test.
  ///
  /// - Returns: the run folder.
  public func train() throws -> URL { try train { _ in nil } }

  /// - Parameter further: what is done with the models afterwards, for the forecast; it may refuse before anything is written.
  func train(_ further: (ExperimentData) throws -> RunForecast?) throws -> URL {
    var forecast: RunForecast?
    let (folder, data) = try open(split: false) { data in
      let own = try lookAhead(
        ExperimentInputs(recipe.ofModelsAlone, data: data, progress: progress), isEvaluated: false
      ).forecast
      let after = try further(data)
      forecast = RunForecast.sum([own, after].compactMap { $0 }.map { (nil, $0) })
      return []
    }
    for note in data.notes { progress.note("note: \(note)") }
    if let forecast, !forecast.stages.isEmpty { progress.note(forecast.sentence) }
    _ = try ModelTraining(
      recipe: recipe, data: data, progress: progress, isEvaluated: false, saysMemory: false, checkpoints: checkpoints
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
    var (outcome, data) = try checkedBenefit()
    if let leak = data.leakage.sentence { outcome.sentence = leak + " " + outcome.sentence }
    return (outcome, data)
  }

  private func checkedBenefit() throws -> (outcome: BenefitCheck.Outcome, data: ExperimentData) {
    let (folder, data) = try open(split: false)
    let check = BenefitCheck(recipe: recipe, progress: progress)
    func models(_ recipe: Recipe, _ data: ExperimentData, _ folder: RunFolder) throws -> [TrainedModel] {
      try ModelTraining(
        recipe: recipe, data: data, progress: progress
      ).run(in: folder)
    }
    for note in data.notes { progress.note("note: \(note)") }
    if data.classes.allSatisfy({ !data.indices(of: $0, in: .validation).isEmpty }) {
      progress.note(SubjectOverlap(data, scored: [.validation], trained: [.train]).sentence)
      let trained = try models(recipe, data, folder)
      return (try check.run(trained, data: data, sides: [.validation], usesOwnValidation: true), data)
    }
    var held = recipe
    held.out = recipe.runFolder.path + "-check"
    let experiment = try Experiment(held, progress: progress)
    let (checkFolder, split) = try experiment.open(split: true)
    progress.note(SubjectOverlap(split, scored: [.validation, .test], trained: [.train]).sentence)
    let trained = try models(held, split, checkFolder)
    return (
      try BenefitCheck(recipe: held, progress: progress).run(
        trained, data: split, sides: [.validation, .test], usesOwnValidation: false), data
    )
  }

  /// Opens the run folder for an evaluation, with all that it needs to read.
  ///
  /// - Parameter check: refuses what was read, before there is a folder.
  package func openInputs(
    checksMemory: Bool = true, _ check: (ExperimentInputs) throws -> Void = { _ in }
  ) throws -> (RunFolder, ExperimentInputs) {
    var inputs: ExperimentInputs?
    let (folder, _) = try open(split: recipe.evaluation.runs > 0, checksMemory: checksMemory) {
      inputs = try ExperimentInputs(recipe, data: $0, progress: progress)
      try check(inputs!)
      return inputs!.furtherDigests
    }
    return (folder, inputs!)
  }

  /// Opens the run folder and reads the images. Images that are there are read and checked first, so that nothing is
  /// left behind when they are no use.
  ///
  /// - Parameters:
  ///   - checksMemory: whether this machine must have the memory for all of it.
  ///   - readFurther: reads what goes with the images and may be no use either; gives its digests.
  func open(
    split: Bool, checksMemory: Bool = true,
    _ readFurther: (ExperimentData) throws -> [(name: String, digest: String)] = { _ in [] }
  ) throws -> (RunFolder, ExperimentData) {
    var further: [(name: String, digest: String)] = []
    func digests(_ data: ExperimentData) -> [(name: String, digest: String)] { data.digests(split: split) + further }
    /// A model of all images must not be taken for one of the training images alone, nor the other way round.
    func makeFolder(of data: ExperimentData?) throws -> RunFolder {
      let folder = try RunFolder(
        recipe.runFolder, recipe: recipe, versions: Manikin.versions,
        inputs: data.map(digests) ?? [])
      if folder.isResumed { progress.note("Continuing the run in \(folder.url.relativePath)") }
      return folder
    }
    func hold(_ folder: RunFolder, to data: ExperimentData) throws {
      for (name, digest) in digests(data) { try folder.require(name, digest: digest) }
    }
    func read() throws -> ExperimentData {
      let data = try readImages(split: split, checksMemory: checksMemory, drawnIn: recipe.drawnFolder)
      further = try readFurther(data)
      return data
    }
    guard recipe.data.path != nil else {
      let folder = try makeFolder(of: nil)
      let data = try read()
      try hold(folder, to: data)
      return (folder, data)
    }
    let data = try read()
    let folder = try makeFolder(of: data)
    try hold(folder, to: data)
    return (folder, data)
  }

  /// Reads the images and checks what can be told of them and the recipe before anything is written.
  ///
  /// - Parameters:
  ///   - checksMemory: whether this machine must have the memory for all of it.
  ///   - drawn: where images go that Manikin draws itself.
  func readImages(split: Bool, checksMemory: Bool = true, drawnIn drawn: URL) throws -> ExperimentData {
    if let path = recipe.data.path {
      try Self.requireOutside(recipe.runFolder, data: path)
      if let test = recipe.data.test { try Self.requireOutside(recipe.runFolder, data: test) }
    }
    let data = try ExperimentData(recipe, split: split, phantomFolder: drawn, progress: progress)
    try ModelTraining.check(data, recipe, isEvaluated: split, checksMemory: checksMemory)
    try Interpolation.check(data, recipe)
    return data
  }

  /// Refuses a folder inside the data, where its contents would be read as a class.
  package static func requireOutside(_ out: URL, data path: String) throws {
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
}
