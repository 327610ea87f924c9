import Assessment
import Datasets
import Evaluations
import Figures
import Foundation
import Geometry
import ImageFiles
import ImageSets
import Judgement
import Recipes
import Reports
import Runs
import Samplers
import Synthesis
import Tensors
import Training

/// Fills the report's page from what an experiment made.
package struct ExperimentReport {
  /// The split whose images, models and samples are shown.
  package struct Shown {
    package let data: ExperimentData
    package let models: [TrainedModel]
    package let synthetic: [SyntheticMethod: [SyntheticSet]]
    /// Where the models lie.
    package let folder: RunFolder

    package init(
      data: ExperimentData, models: [TrainedModel], synthetic: [SyntheticMethod: [SyntheticSet]], folder: RunFolder
    ) {
      self.data = data
      self.models = models
      self.synthetic = synthetic
      self.folder = folder
    }
  }

  let recipe: Recipe
  let plan: EvaluationPlan
  let shown: Shown
  /// Of every split.
  let figures: [SplitFigures]
  let judgement: SyntheticJudgement.Outcome
  let results: EvaluationResults
  /// Nil when nothing was scored.
  let statistics: EvaluationStatistics?
  /// Of images of another place.
  let external: ExternalResults?
  let notes: [String]
  /// Of each split; none when nothing was scored.
  let overlaps: [SubjectOverlap]
  /// What makes the scores too good, to be said first.
  let leak: String?
  let folder: RunFolder
  private let maps: [LatentMap]
  private let interpolations: [Interpolation]

  /// - Throws: `GeometryError`, `ExperimentsError`.
  package init(
    recipe: Recipe, plan: EvaluationPlan, shown: Shown, figures: [SplitFigures],
    judgement: SyntheticJudgement.Outcome, results: EvaluationResults, statistics: EvaluationStatistics?,
    external: ExternalResults?, notes: [String], overlaps: [SubjectOverlap], leak: String?, folder: RunFolder
  ) throws {
    self.recipe = recipe
    self.plan = plan
    self.shown = shown
    self.figures = figures
    self.judgement = judgement
    self.results = results
    self.statistics = statistics
    self.external = external
    self.notes = notes
    self.overlaps = overlaps
    self.leak = leak
    self.folder = folder
    interpolations = try shown.models.compactMap { try Interpolation.asked(for: recipe, in: $0) }
    maps = try LatentMapDrawing.maps(
      of: shown.models, synthetic: shown.synthetic, interpolations: interpolations, recipe: recipe)
  }

  private var data: ExperimentData { shown.data }
  private var models: [TrainedModel] { shown.models }
  private var synthetic: [SyntheticMethod: [SyntheticSet]] { shown.synthetic }

  private static let picturesPerClass = 12

  package func html() throws -> String { try HTMLReport.render(content) }

  /// Writes each map as an SVG file of its own.
  package func writeMaps() throws {
    guard !maps.isEmpty else { return }
    let target = folder.url.appending(path: "maps", directoryHint: .isDirectory)
    try AtomicFile.makeFolder(target)
    for map in maps {
      let name = RunFolder.fileName(for: map.title.replacing(": ", with: "-").replacing(" ", with: "-")) + ".svg"
      try AtomicFile.write(LatentMapFile.svg(map), to: target.appending(component: name))
    }
  }

  private var isScored: Bool { statistics != nil }

  private var answer: String {
    if let statistics { return statistics.headline(leak: leak) }
    let names = models.map { "'\($0.card.className)'" }.joined(separator: ", ")
    return
      "What the model\(models.count == 1 ? "" : "s") of \(names) made of the images: latent space, metric, samples."
  }

  private var content: ReportContent {
    let sets = synthetic[.manifold] ?? synthetic.sorted { $0.key.rawValue < $1.key.rawValue }.first?.value ?? []
    let size = data.set.size
    let counts = data.classes.map { name in
      let sides = [Split.train, .validation, .test].map { "\(data.indices(of: name, in: $0).count)" }
      return LabelledText(
        "Class \(name)",
        isScored
          ? sides.joined(separator: " / ")
            + " images for training / validation / test\(plan.splits > 1 ? " in split 1" : "")" : "\(sides[0]) images")
    }
    return ReportContent(
      title: "Manikin: \(recipe.name)", answer: answer,
      answerNumbers: statistics.map { [leak, $0.numbers].compactMap { $0 }.joined(separator: " ") },
      answerDetails: statistics?.details ?? [],
      facts: counts + [
        LabelledText(
          "Image size", "\(size.height) x \(size.width) pixels\(data.set.channels == 3 ? " in colour" : "")"),
        LabelledText("Synthetic images", "\(recipe.evaluation.syntheticPerClass) for each class and method"),
      ] + repeats
        + (isScored ? [LabelledText("Independence", SubjectOverlap.sentence(overlaps).capitalizedFirst)] : []),
      scores: statistics.map { EvaluationScores(results: results, statistics: $0).table },
      external: external?.figures, pictures: sets.map(pictures(of:)),
      distanceMeaning: "root mean square difference of pixels, on a scale from 0 to 1",
      latentMaps: maps, interpolations: interpolations.map(\.strips), quality: figures.qualityFigures,
      training: (models.contains { $0.card.sharedAmong != nil } ? Array(models.prefix(1)) : models).map(history(of:)),
      samplers: figures.samplerFigures, fidelity: judgement.fidelity?.figures ?? [], audit: judgement.audits.figures,
      warnings: [leak, external?.leak].compactMap(\.self) + figures.leakWarnings
        + [judgement.audits.warning].compactMap { $0?.capitalizedFirst }
        + figures.samplerWarnings,
      notes: notes,
      command: "manikin run recipe.yaml", recipe: recipe.withoutPlaces.yaml(), versions: versions)
  }

  private var repeats: [LabelledText] {
    guard isScored else { return [] }
    let runs = LabelledText(plan.splits > 1 ? "Trainings on each split" : "Classifier runs", "\(plan.runs)")
    guard plan.splits > 1 else { return [runs] }
    return [
      LabelledText("Splits", models.isEmpty ? "\(plan.splits)" : "\(plan.splits), each with models of its own"), runs,
    ] + (models.isEmpty ? [] : [LabelledText("Pictures, maps, curves, likeness and audit", "of split 1")])
  }

  private func pictures(of set: SyntheticSet) -> ClassPictures {
    let indices = data.indices(of: set.className, in: .train)
    let training = data.rows(indices)
    let count = min(Self.picturesPerClass, set.images.shape[0])
    let chosen = set.images.rows(Array(0..<count))
    let nearest = NearestImages.find(TensorRows(chosen), among: training)
    return ClassPictures(
      className: set.className,
      summary: "\(set.images.shape[0]) synthetic images by '\(set.method.rawValue)' from \(indices.count) real ones.",
      real: (0..<min(Self.picturesPerClass, indices.count)).map {
        NamedPicture(name: data.set.images[indices[$0]].path, picture: Picture(of: training, $0))
      },
      synthetic: (0..<count).map { index in
        let match = nearest[index]
        return SyntheticPicture(
          name: "synthetic-\(set.className)-\(String(format: "%05d", index + 1))", picture: Picture(of: chosen, index),
          nearest: NamedPicture(
            name: data.set.images[indices[match.index]].path, picture: Picture(of: training, match.index)),
          distance: match.distance)
      })
  }

  private func history(of model: TrainedModel) -> TrainingHistory {
    let file = shown.folder.modelFolder(class: model.card.className).appending(path: "training.csv")
    let lines = ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n").dropFirst()
    let epochs = lines.compactMap { line -> TrainingHistory.Epoch? in
      let fields = line.split(separator: ",")
      guard fields.count >= 6, let number = Int(fields[0]) else { return nil }
      return .init(
        number: number, trainingLoss: Double(fields[1]), validationLoss: Double(fields[2]),
        learningRate: Double(fields[5]))
    }
    let kept = epochs.filter { $0.validationLoss != nil }.min { $0.validationLoss! < $1.validationLoss! }?.number
    return TrainingHistory(
      className: model.card.sharedAmong.map { $0.joined(separator: ", ") } ?? model.card.className, epochs: epochs,
      keptEpoch: recipe.generator.keep == .best ? kept : nil)
  }

  private var versions: [LabelledText] {
    let current = Manikin.versions
    return [
      LabelledText("Manikin", current.manikin), LabelledText("Swift", current.swift),
      LabelledText("Operating system", current.operatingSystem), LabelledText("Processor", current.processor),
      LabelledText("Cores", "\(current.cores)"), LabelledText("Seed", "\(recipe.seed)"),
      LabelledText("Digest of the images", data.digest),
    ] + current.libraries.sorted { $0.key < $1.key }.map { LabelledText($0.key, $0.value) }
  }
}
