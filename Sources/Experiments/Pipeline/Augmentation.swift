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
    if let path = recipe.data.path {
      let data = URL(filePath: path, directoryHint: .isDirectory).standardizedFileURL.resolvingSymlinksInPath().path
      let target = out.standardizedFileURL.resolvingSymlinksInPath().path
      guard !(target + "/").hasPrefix(data.hasSuffix("/") ? data : data + "/") else {
        throw ExperimentsError.option(
          name: "--out",
          problem: "'\(out.relativePath)' lies inside the data, where it would be read as a class; choose another place"
        )
      }
    }
    try SyntheticFolder.requireWritable(out, overwrite: overwrite)
    let folder = try Experiment(recipe, progress: progress).train()
    let models = try TrainedModel.load(all: folder)
    let sizes = models.map(\.card.trainingImages.count)
    let largest = sizes.max() ?? 0
    let counts = zip(models, sizes).map { ($0.card.className, recipe.synthetic.perClass ?? largest - $1) }
    guard counts.contains(where: { $0.1 > 0 }) else {
      throw ExperimentsError.settings(
        problem:
          "the classes have \(largest) images each, so there is nothing to balance; say how many to make with --per-class"
      )
    }
    return try Generation(recipe, progress: progress)
      .write(models, counts: Dictionary(uniqueKeysWithValues: counts), to: out, overwrite: overwrite)
  }
}
