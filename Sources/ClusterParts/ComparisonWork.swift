import Comparisons
import Foundation
import Recipes
import Runs
import Tensors

/// Does one part of a comparison of models: the training of one, or what is drawn from it and measured.
struct ComparisonWork {
  private let context: PartContext

  init(_ context: PartContext) { self.context = context }

  func run() throws {
    let comparison = try ModelComparison(context.recipe, progress: context.progress)
    let weights = try comparison.weightsDigest()
    let (all, data) = try comparison.read(checksMemory: false)
    try context.require(ModelComparison.digests(of: all))
    let target = try context.target()
    try context.layInputs(over: target)
    let scale = try comparison.scale(of: data)
    guard
      let training = try comparison.trainings(
        of: data, scale: scale, in: target, at: context.part.item ?? ""
      ).first
    else {
      throw ExperimentsError.damaged(
        path: context.folder.tableFile.relativePath, line: nil,
        problem: "the part is of no training of this recipe")
    }
    // On one thread, as in one process.
    try ComputeThreads.with(1) {
      switch context.part.kind {
      case .train:
        let bar = context.progress.stage(
          "Training 1 model", total: max(1, training.pendingEpochs), unit: "epochs")
        _ = try training.train(weights: weights, epochs: bar, checkpoints: context.checkpoints)
        bar.finish()
      case .draw:
        // What could not be trained has its scores already, which say so.
        guard !training.isDone(weights: weights) else { return }
        let bar = context.progress.stage(
          "Drawing and comparing", total: max(1, training.methods.count), unit: "sets")
        let test = data.reference(.test, size: 0)
        try training.measure(
          comparison.references(data, training.size, scale, test, scale.reference(test)),
          weights: weights, draws: bar)
        bar.finish()
      case .judge, .classify, .gather: break
      }
    }
  }
}
