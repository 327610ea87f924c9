import Comparisons
import Datasets
import Foundation
import Judgement
import Recipes
import Runs
import Training

/// Does one part of a grid of ways of augmenting.
struct GridWork {
  private let context: PartContext
  private var part: Part { context.part }

  init(_ context: PartContext) { self.context = context }

  func run() throws {
    let grid = try BenefitGrid(context.recipe, progress: context.progress)
    let data = try grid.read(checksMemory: false)
    try context.require(grid.digests(of: data))
    let target = try context.target()
    switch part.kind {
    case .train:
      guard let share = part.item.flatMap(GeneratorSharing.init(rawValue:)) else { return }
      var training = ModelTraining(
        recipe: grid.recipe(share), data: data, progress: context.progress)
      training.checkpoints = context.checkpoints
      try training.train(
        part.className.map { [$0] } ?? data.classes, in: target.part(BenefitGrid.placeName(share)))
    case .draw:
      guard let drawing = grid.drawings.first(where: { $0.name == part.item }) else { return }
      try context.layInputs(over: target)
      let place = try target.part(BenefitGrid.placeName(drawing.share))
      let training = ModelTraining(
        recipe: grid.recipe(drawing.share), data: data, progress: context.progress)
      guard training.isDone(in: place) else {
        throw ExperimentsError.damaged(
          path: context.folder.url.relativePath, line: nil,
          problem: "the models are not those of this plan")
      }
      let models = try data.classes.map {
        try TrainedModel(contentsOf: place.modelFolder(class: $0))
      }
      let sets = try grid.draw(drawing, models, TrainingImages(data, progress: context.progress))
      try DrawnFiles(folder: context.sets(context.attempt)).write(sets)
    case .classify:
      let kept = context.folder.progress(part.id)
      try AtomicFile.makeFolder(kept)
      let drawn = try Self.drawn(grid, part.inputs, context.folder)
      let arms = grid.arms(data, drawn)
      let file = kept.appending(path: BenefitGrid.tableName)
      var table = BenefitTable(arms: arms.map(\.name), leaks: [:])
      try table.read(file)
      for other in context.otherRuns() {
        try table.read(other.appending(path: BenefitGrid.tableName), runs: part.runs)
      }
      table = try grid.classify(arms, data, runs: part.runs ?? 0..<0, table, file: file)
      try AtomicFile.write(table.csv, to: context.attempt.appending(path: BenefitGrid.tableName))
    case .judge, .gather: break
    }
  }

  /// What the parts of these ids drew, in the order of the grid's drawings.
  static func drawn(_ grid: BenefitGrid, _ ids: [String], _ folder: PartsFolder) throws
    -> [BenefitGrid.Drawn]
  {
    try zip(grid.drawings, ids).map { drawing, id in
      let sets = folder.done(id).appending(path: "sets", directoryHint: .isDirectory)
      return (drawing, try DrawnFiles(folder: sets).read(drawing.methods))
    }
  }
}
