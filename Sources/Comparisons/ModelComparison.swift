import Datasets
import Experiments
import Figures
import Files
import Forecasts
import Foundation
import Generators
import ImageFiles
import ImageSets
import Recipes
import Runs
import Samplers
import Synthesis
import Tensors
import Training

/// Compares generative models and ways of drawing from them on one cohort, as the paper's Tables 1, 3, 6 and 7 and Figure 4
/// do: every model is trained on the images of all classes, images are drawn by every method that goes with it, and
/// compared with the test images. Settings are chosen by the validation images alone.
///
/// A run folder holds `trained/SIZE/MODEL/SETTING-SEED/` for each training, which is not done again, and
/// `comparison.csv`, `comparison.json`, `table.txt`, `samples.png` and `report.html`.
public struct ModelComparison: Sendable {
  /// As it was given, and as it is carried out.
  public let recipe: Recipe
  let own: Recipe
  public let progress: ProgressReporter
  /// Bytes that are free on the disk of a folder; nil where nobody knows.
  package var freeDisk: @Sendable (URL) -> Int? = FreeDisk.bytes

  static let quickWarning = "A quick comparison, on few images and steps: its numbers mean little."

  /// What a comparison came to.
  public struct Outcome: Sendable {
    public let report: URL
    /// The table and what it says.
    public let text: String
    /// The same for programs; `comparison.json` holds it.
    public let json: String
  }

  /// - Throws: `ExperimentsError` if the recipe does not hold.
  public init(_ recipe: Recipe, progress: ProgressReporter) throws {
    try recipe.check()
    if let conflict = recipe.compareModelConflict { throw ExperimentsError.settings(problem: conflict.problem) }
    self.recipe = recipe.compare.quick ? recipe : recipe.fixingPrecision()
    own = self.recipe.comparing
    self.progress = progress
  }

  /// What a comparison opens: its run folder, and all that it reads.
  package struct Opened {
    package let folder: RunFolder
    let all: ExperimentData
    package let data: ComparisonData
    package let scale: ComparisonScale

    /// What the comparison is held to.
    package var digests: [(name: String, digest: String)] { ModelComparison.digests(of: all) }
  }

  package static func digests(of data: ExperimentData) -> [(name: String, digest: String)] {
    [("data", data.digest), ("table of classes and subjects", data.labelDigest)]
  }

  /// - Parameter check: refuses what was read; where a user gave the data, before there is a folder.
  package func open(
    checksMemory: Bool = true, _ check: (ExperimentData, ComparisonData) throws -> Void = { _, _ in }
  ) throws -> Opened {
    let url = recipe.runFolder
    if let path = recipe.data.path { try Experiment.requireOutside(url, data: path) }
    func read() throws -> (all: ExperimentData, own: ComparisonData) {
      let found = try self.read(checksMemory: checksMemory)
      try check(found.all, found.own)
      return found
    }
    // Data of a user's may be refused, and then there is no folder yet; drawn data are made inside it.
    let given = recipe.data.path == nil ? nil : try read()
    let folder = try RunFolder(url, recipe: recipe, versions: Manikin.versions)
    if folder.isResumed { progress.note("Continuing the run in \(url.relativePath)") }
    let (all, data) = try given ?? read()
    for (name, digest) in Self.digests(of: all) { try folder.require(name, digest: digest) }
    for note in all.notes + data.notes { progress.note("note: \(note)") }
    progress.note(SubjectOverlap(all).sentence)
    if let leak = all.leakage.sentence { progress.note("warning: \(leak)") }
    return Opened(folder: folder, all: all, data: data, scale: try scale(of: data))
  }

  package func scale(of data: ComparisonData) throws -> ComparisonScale {
    try ComparisonScale(own, size: data.whole.set.size, channels: data.whole.set.channels)
  }

  /// Trains, draws and compares what is not done yet.
  public func run() throws -> Outcome { try run { _ in } }

  /// - Parameters:
  ///   - checksMemory: whether this machine does all of it, must have the memory and the disk for it, and says so before.
  ///   - prepare: fills the run folder with what was done elsewhere.
  package func run(checksMemory: Bool = true, after prepare: (RunFolder) throws -> Void) throws -> Outcome {
    let weights = try weightsDigest()
    var forecast: RunForecast?
    let opened = try open(checksMemory: checksMemory) { all, data in
      guard checksMemory else { return }
      forecast = try lookAhead(all, data, scale: self.scale(of: data), weights: weights).forecast
    }
    let (folder, all, data, scale) = (opened.folder, opened.all, opened.data, opened.scale)
    defer { withExtendedLifetime(folder) {} }
    try prepare(folder)
    if let forecast, !forecast.stages.isEmpty { progress.note(forecast.sentence) }
    let trainings = try trainings(of: data, scale: scale, in: folder)
    let test = data.reference(.test, size: 0)
    let testReference = try scale.reference(test)
    try train(trainings, data: data, scale: scale, weights: weights, test: test, testReference)
    let records = try trainings.map { try $0.read() }
    let table = ModelRanking(
      records, models: own.compare.models, methods: own.compare.methods, features: scale.features,
      isInception: scale.isInception, yardstick: try yardstick(data, scale, against: testReference),
      testImages: min(data.whole.indices(in: .test).count, CompareSettings.mostTestImages))
    if table.lines.isEmpty, let gap = table.failed.first ?? table.refused.first {
      throw ExperimentsError.settings(problem: "nothing could be drawn: \(gap.reason)")
    }
    let pictures = try pictures(of: table, trainings)
    return try write(
      table, records, pictures, data: data, notes: all.notes + data.notes, leak: all.leakage.sentence, to: folder)
  }

  package func weightsDigest() throws -> String {
    guard own.fidelity.features.contains(.inception), let path = own.fidelity.inceptionWeights
    else { return "" }
    return try Checksum.ofFile(URL(filePath: path))
  }

  /// - Parameter drawn: where images go that Manikin draws itself; by default into the run folder.
  package func read(
    checksMemory: Bool = true, drawnIn drawn: URL? = nil
  ) throws -> (all: ExperimentData, own: ComparisonData) {
    let all = try ExperimentData(
      own, split: true, isClassified: false, phantomFolder: drawn ?? recipe.drawnFolder, progress: progress)
    let data = try ComparisonData(all, own)
    // What would fail after minutes: whether the networks take the images' size, and the memory.
    let set = data.whole.set
    _ = try VAEArchitecture(
      own.generatorConfiguration.architecture, height: set.size.height, width: set.size.width,
      channels: set.channels)
    if checksMemory { try memory(data).require(available: MemoryPlan.available) }
    return (all, data)
  }

  /// The largest model's plan.
  func memory(_ data: ComparisonData) throws -> MemoryPlan {
    try own.compare.models.map { try memory(data, $0) }.max { $0.peak < $1.peak }!
  }

  /// What the trainings of a model will take, its drawn images included, as many side by side as there are threads.
  private func memory(_ data: ComparisonData, _ kind: ModelKind) throws -> MemoryPlan {
    let set = data.whole.set
    let jobs = own.compare.models.count * own.compare.seeds * own.compare.settings * data.sizes.count
    return try MemoryPlan(
      own.compared(kind, settings: own.generator.settings, seed: 0), size: set.size, channels: set.channels,
      images: set.count, largestClass: data.sizes.last!.trainingImages, classes: jobs,
      drawnImages: 2 * samples(data) * min(own.threadCount, jobs))
  }

  private func samples(_ data: ComparisonData) -> Int {
    own.compare.samples ?? min(data.whole.indices(in: .test).count, CompareSettings.mostSamples)
  }

  /// Every training, sizes first.
  ///
  /// - Parameters:
  ///   - folder: of the run; nil where they are only to be listed.
  ///   - place: of the one that is wanted; nil for all.
  package func trainings(
    of data: ComparisonData, scale: ComparisonScale, in folder: RunFolder?, at place: String? = nil
  ) throws -> [ComparisonTraining] {
    try data.sizes.enumerated().flatMap { index, size in
      try own.compare.models.flatMap { kind in
        let candidates = SettingSearch.candidates(
          of: kind, own: own.generator.settings, count: own.compare.settings, seed: own.seed)
        return try candidates.enumerated().flatMap { setting, candidate -> [ComparisonTraining] in
          try (0..<own.compare.seeds).compactMap { seed -> ComparisonTraining? in
            let record = ComparisonRecord(
              size: size.name, trainingImages: size.trainingImages, model: kind,
              setting: setting + 1,
              settingName: candidate.name, seed: seed + 1)
            guard place == nil || place == record.place else { return nil }
            return ComparisonTraining(
              recipe: own.compared(kind, settings: candidate.settings, seed: seed), size: index,
              data: data.part(index), record: record,
              methods: own.compare.methods.filter { $0.refusal(of: kind) == nil },
              samples: samples(data),
              scale: scale, place: try folder?.part("trained/\(record.place)"))
          }
        }
      }
    }
  }

  private func train(
    _ trainings: [ComparisonTraining], data: ComparisonData, scale: ComparisonScale,
    weights: String,
    test: Tensor, _ testReference: ComparisonScale.Reference
  ) throws {
    let pending = trainings.filter { !$0.isDone(weights: weights) }
    guard !pending.isEmpty else { return }
    if let precision = ModelTraining.precisionSentence(own) { progress.note(precision) }
    let references = try data.sizes.indices.map {
      try self.references(data, $0, scale, test, testReference)
    }
    let epochs = progress.stage(
      "Training \(pending.count) model\(pending.count == 1 ? "" : "s")",
      total: max(1, pending.reduce(0) { $0 + $1.pendingEpochs }), unit: "epochs")
    let draws = progress.stage(
      "Drawing and comparing", total: max(1, pending.reduce(0) { $0 + $1.methods.count }),
      unit: "sets")
    try ComputeThreads.sideBySide(jobs: pending.count, workers: min(own.threadCount, pending.count)) { job in
      // With one thread each, whatever the number of jobs: sums over several would round otherwise.
      try ComputeThreads.with(1) {
        try pending[job].run(
          references[pending[job].size], weights: weights, epochs: epochs, draws: draws)
      }
    }
    epochs.finish()
    draws.finish()
  }

  /// The real images that those of a size are compared with.
  package func references(
    _ data: ComparisonData, _ size: Int, _ scale: ComparisonScale, _ test: Tensor,
    _ testReference: ComparisonScale.Reference
  ) throws -> ComparisonTraining.References {
    let validation = data.reference(.validation, size: size)
    return ComparisonTraining.References(
      validation: try scale.reference(validation), test: testReference,
      validationImages: TensorRows(validation),
      testImages: TensorRows(test))
  }

  /// Real training images in the place of drawn ones.
  private func yardstick(
    _ data: ComparisonData, _ scale: ComparisonScale, against test: ComparisonScale.Reference
  ) throws -> ModelRanking.Yardstick {
    // Training images come in the order of their files: some from everywhere.
    let training = data.part(data.sizes.count - 1).indices(in: .train)
    let count = min(samples(data), training.count)
    let chosen = (0..<count).map { training[$0 * training.count / count] }
    return .init(
      images: count,
      score: scale.score(try scale.features(data.whole.tensor(chosen)), against: test, seed: own.seed))
  }

  /// The first images of each line that is shown, of its first seed, `[image, height, width, channel]`.
  private func pictures(of table: ModelRanking, _ trainings: [ComparisonTraining]) throws -> [Tensor] {
    try table.shown.map { line in
      let training = trainings.first {
        $0.record.size == line.size && $0.record.model == line.model && $0.record.setting == line.setting
          && $0.record.seed == line.seeds[0]
      }!
      guard let images = try training.shownImages()[line.method.rawValue] else {
        throw ExperimentsError.damaged(
          path: training.folder.url.relativePath, line: nil,
          problem: "samples.safetensors has no images of \(line.name)")
      }
      return images
    }
  }

  private func write(
    _ table: ModelRanking, _ records: [ComparisonRecord], _ pictures: [Tensor], data: ComparisonData,
    notes: [String], leak: String?, to folder: RunFolder
  ) throws -> Outcome {
    func file(_ name: String) -> URL { folder.url.appending(path: name) }
    let text =
      (leak.map { $0 + "\n\n" } ?? "")
      + (own.compare.quick ? Self.quickWarning + "\n\n" : "")
      + table.text
    try AtomicFile.write(records.csv, to: file("comparison.csv"))
    try AtomicFile.write(text, to: file("table.txt"))
    let document = ComparisonDocument(table, data: data, isQuick: own.compare.quick, leak: leak)
    try RunFolder.write(document, to: file("comparison.json"))
    let shown = pictures.map { images in (0..<images.shape[0]).map { Picture(of: images, $0) } }
    if let sheet = try ComparisonReport.sheet(shown) { try AtomicFile.write(sheet, to: file("samples.png")) }
    let report = ComparisonReport(
      recipe: recipe, table: table, data: data, pictures: pictures, notes: notes, leak: leak)
    try AtomicFile.write(try report.html(), to: folder.reportFile)
    return Outcome(
      report: folder.reportFile, text: text,
      json: try ReadableJSON.text(document) + "\n")
  }
}
