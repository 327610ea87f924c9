import Foundation
import Imaging

/// Balances a cohort: trains its models and writes the synthetic images that each class lacks.
public struct Augmentation: Sendable {
  public let recipe: Recipe
  public let progress: ProgressReporter

  public init(_ recipe: Recipe, progress: ProgressReporter) throws {
    try recipe.check()
    self.recipe = recipe
    self.progress = progress
  }

  /// - Parameters:
  ///   - out: the folder to make; it may not lie inside the data, where it would become a class.
  ///   - overwrite: whether a folder that Manikin wrote before may be replaced.
  public func write(to out: URL, overwrite: Bool) throws -> Generation.Outcome {
    if let path = recipe.data.path { try Experiment.requireOutside(out, data: path) }
    try SyntheticFolder.requireWritable(out, overwrite: overwrite)
    if let path = recipe.data.path, recipe.synthetic.perClass == nil {
      // Before the models are trained: is there anything to balance?
      let cohort = try Cohort.load(URL(filePath: path, directoryHint: .isDirectory), labels: recipe.labelTable)
      let sizes = cohort.classes.map { name in
        cohort.images(of: name).count { $0.split == nil || $0.split == .train }
      }
      guard Set(sizes).count > 1 else {
        throw ExperimentsError.settings(
          problem: "the classes have \(sizes.first ?? 0) training images each, so there is nothing to balance; "
            + "say how many to make with --per-class")
      }
    }
    let models = try TrainedModel.load(all: try Experiment(recipe, progress: progress).train())
    let sizes = models.map(\.card.trainingImages.count)
    let counts = zip(models, sizes).map { ($0.card.className, recipe.synthetic.perClass ?? sizes.max()! - $1) }
    return try Generation(recipe, progress: progress)
      .write(models, counts: Dictionary(uniqueKeysWithValues: counts), to: out, overwrite: overwrite)
  }
}
