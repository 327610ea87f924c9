import Foundation
import Generators
import Imaging
import Tensors

/// Writes a folder of synthetic images from trained models.
public struct Generation: Sendable {
  public let recipe: Recipe
  public let progress: ProgressReporter

  /// What was written.
  public struct Outcome: Codable, Sendable {
    public let out: String
    /// `class-folders` or `bids`.
    public let layout: String
    /// Images written by class.
    public let images: [String: Int]
    public let samplers: [SamplerReport]
    public let notes: [String]
  }

  public init(_ recipe: Recipe, progress: ProgressReporter) {
    self.recipe = recipe
    self.progress = progress
  }

  /// Draws `counts[class]` images of each class that a model exists for.
  ///
  /// - Parameters:
  ///   - models: one for each class.
  ///   - counts: how many images of each class; a class without an entry gets none.
  ///   - out: the folder to make.
  ///   - overwrite: whether a folder that Manikin wrote before may be replaced.
  public func write(_ models: [TrainedModel], counts: [String: Int], to out: URL, overwrite: Bool) throws -> Outcome {
    try SyntheticFolder.requireWritable(out, overwrite: overwrite)
    var reports: [SamplerReport] = []
    var notes: [String] = []
    let wanted = models.filter { (counts[$0.card.className] ?? 0) > 0 }
    let bar = progress.stage(
      "Drawing images", total: wanted.reduce(0) { $0 + counts[$1.card.className]! }, unit: "images")
    try SyntheticFolder.write(
      to: out,
      description: .synthetic(
        name: "Synthetic images (\(recipe.synthetic.method.rawValue))",
        source: models.first?.card.dataFolder ?? "unknown"),
      furtherColumns: SyntheticSet.furtherColumns, layout: recipe.synthetic.layout,
      isSkullStripped: recipe.synthetic.contents == .brain, overwrite: overwrite
    ) { folder in
      for model in wanted {
        let count = counts[model.card.className]!
        let set = try model.generate(count, by: recipe.synthetic.method, recipe: recipe)
        if let chains = set.chains { reports.append(chains) }
        let training = trainingImages(of: model)
        if training == nil {
          notes.append(
            "the training images of class '\(model.card.className)' are no longer in \(model.card.dataFolder), "
              + "so the manifest names no nearest ones")
        }
        try folder.add(set.files(model: model, training: training))
        bar.advance(by: count)
      }
    }
    bar.finish()
    return Outcome(
      out: out.relativePath, layout: recipe.synthetic.layout.rawValue, images: counts.filter { $0.value > 0 },
      samplers: reports, notes: notes)
  }

  /// The images that a model was trained on, if they are still where they were.
  private func trainingImages(of model: TrainedModel) -> Tensor? {
    let root = URL(filePath: model.card.dataFolder, directoryHint: .isDirectory)
    let images = model.card.trainingImages.map {
      CohortImage(url: root.appending(path: $0), path: $0, subject: $0, className: model.card.className)
    }
    guard images.allSatisfy({ FileManager.default.fileExists(atPath: $0.url.path) }),
      let set = try? CohortReader(preprocessing: model.card.preprocessing, selection: model.card.selection).read(
        images),
      set.size == ImageSize(height: model.card.height, width: model.card.width)
    else { return nil }
    return Tensor([set.count, set.size.height, set.size.width, 1], values: set.pixels)
  }
}
