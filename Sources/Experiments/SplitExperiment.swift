import Cohorts
import Datasets
import Foundation
import ImageSets
import Judgement
import Recipes
import Runs
import Samplers
import Synthesis
import Training

/// The generative half of an experiment on one division of the images: models of its training images, and what is drawn
/// from them. No image of another side takes part, but that validation images choose the epoch that is kept.
package struct SplitExperiment: Sendable {
  /// With the seed of this split.
  package let recipe: Recipe
  let data: ExperimentData
  package let folder: RunFolder
  let methods: [SyntheticMethod]
  /// From 0.
  var split = 0
  let progress: ProgressReporter
  /// Whether the memory that training takes is still to be said.
  var saysMemory = true

  /// Synthetic images of every method, with what is known of them without a classifier.
  package struct Drawn: Sendable {
    package let synthetic: [SyntheticMethod: [SyntheticSet]]
    package let figures: SplitFigures

    package init(synthetic: [SyntheticMethod: [SyntheticSet]], figures: SplitFigures) {
      self.synthetic = synthetic
      self.figures = figures
    }
  }

  /// Trains the models that are not trained yet; one for each class, or none where nothing needs one.
  package func models() throws -> [TrainedModel] {
    guard recipe.needsModels else { return [] }
    return try ModelTraining(recipe: recipe, data: data, progress: progress, saysMemory: saysMemory).run(in: folder)
  }

  /// Draws the synthetic images of every method, writes the folders that are not written yet, and `figures.json`. The data
  /// sheets of the first split wait for its audit.
  package func drawAndJudge(_ models: [TrainedModel]) throws -> Drawn {
    let synthetic = try draw(from: models)
    let figures = SplitFigures(synthetic, models: models, data: data, seed: recipe.seed)
    try figures.write(to: folder)
    if split > 0 { try writeSheets(synthetic, models: models, figures: figures) }
    return Drawn(synthetic: synthetic, figures: figures)
  }

  /// Draws the synthetic images of every method and writes the folders that are not written yet.
  private func draw(from models: [TrainedModel]) throws -> [SyntheticMethod: [SyntheticSet]] {
    guard !methods.isEmpty else { return [:] }
    var synthetic: [SyntheticMethod: [SyntheticSet]] = [:]
    let bar = progress.stage("Drawing synthetic images", total: methods.count * models.count, unit: "sets")
    let training = TrainingImages(data, progress: progress)
    for method in methods {
      synthetic[method] = try models.map { model in
        defer { bar.advance() }
        return try model.generate(
          recipe.evaluation.syntheticPerClass, by: method, recipe: recipe, among: models,
          training: training)
      }
      try write(synthetic[method]!, method, models)
    }
    bar.finish()
    for chains in synthetic[.manifold]?.compactMap(\.chains) ?? [] {
      progress.note("  \(chains.summary)")
      for warning in chains.warnings { progress.note("warning: \(warning)") }
    }
    return synthetic
  }

  /// Writes the data sheet of each method's folder that has none; one that is there may hold what its owner filled in.
  ///
  /// - Parameters:
  ///   - figures: what was found of each method's images.
  ///   - audits: what they give away; by default they were not audited, and the sheets say how to.
  func writeSheets(
    _ synthetic: [SyntheticMethod: [SyntheticSet]], models: [TrainedModel], figures: SplitFigures,
    audits: [SyntheticMethod: PrivacyAudit] = [:]
  ) throws {
    for method in methods {
      let target = folder.syntheticFolder.appending(path: method.rawValue, directoryHint: .isDirectory)
      let file = target.appending(path: DataSheet.fileName)
      guard let sets = synthetic[method], !sets.isEmpty, !FileManager.default.fileExists(atPath: file.path) else {
        continue
      }
      var drawn = recipe
      drawn.synthetic.perClass = recipe.evaluation.syntheticPerClass
      var sheet = DataSheet(
        name: "Synthetic images of \(recipe.name), \(method.rawValue)",
        source: recipe.data.path.map { _ in recipe.sourceName }
          ?? (recipe.data.shapes == nil ? "phantom, a made-up cohort" : "made-up shapes"),
        sets: sets, models: models, recipe: drawn)
      sheet.manifestDigest = try Checksum.ofFile(target.appending(path: "manifest.csv"))
      sheet.leak = figures.quality[method.rawValue]?.leak
      sheet.crowding = figures.quality[method.rawValue]?.crowding ?? []
      sheet.audit = audits[method]
      try AtomicFile.write(sheet.text, to: file)
    }
  }

  private func write(_ sets: [SyntheticSet], _ method: SyntheticMethod, _ models: [TrainedModel]) throws {
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
          name: "Synthetic images of \(recipe.name), \(method.rawValue)", source: recipe.sourceName),
        furtherColumns: SyntheticSet.furtherColumns, overwrite: true
      ) { output in
        for (set, model) in zip(sets, models) {
          let training = data.rows(data.indices(of: set.className, in: .train))
          try output.add(set.files(model: model, training: training))
        }
      }
    }
  }
}
