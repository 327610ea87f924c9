import Assessment
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
    /// Whether the images carry a mark of their class; nil when the training images are gone or there are too few images.
    public var leak: LeakCheck?
    /// How many training images stand behind the synthetic ones.
    public var crowding: [Crowding] = []
    /// Whether they helped a classifier, when that was asked.
    public var benefit: BenefitCheck.Outcome?
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
    let isWithoutDecoder = recipe.synthetic.method == .deformation
    let keepsDetail = recipe.synthetic.render == .residual || isWithoutDecoder
    var reports: [SamplerReport] = []
    var notes: [String] = []
    if keepsDetail {
      notes.append(
        "these images keep the fine detail of a training image each: share them only as you would share the originals, or "
          + "take another method with --render decode")
    }
    var quality: SyntheticQuality?
    let wanted = models.filter { (counts[$0.card.className] ?? 0) > 0 }
    let bar = progress.stage(
      "Drawing images", total: wanted.reduce(0) { $0 + counts[$1.card.className]! }, unit: "images")
    let description = DatasetDescription.synthetic(
      name: "Synthetic images (\(recipe.synthetic.method.rawValue)"
        + (isWithoutDecoder ? ")" : ", \(recipe.synthetic.render.rawValue))")
        + (keepsDetail
          ? ", each with the fine detail of a training image: share them as the originals" : ""),
      source: models.first?.card.sourceName ?? "unknown")
    try SyntheticFolder.write(
      to: out, description: description, furtherColumns: SyntheticSet.furtherColumns, layout: recipe.synthetic.layout,
      isSkullStripped: recipe.synthetic.contents == .brain, overwrite: overwrite
    ) { folder in
      let all = TrainingImages(models.map(\.card.className), progress: progress) { name in
        models.first { $0.card.className == name }!.trainingImages(recipe)
      }
      var sets: [SyntheticSet] = []
      for model in wanted {
        let count = counts[model.card.className]!
        let training = all[model.card.className]
        let set = try model.generate(
          count, by: recipe.synthetic.method, recipe: recipe, among: models, training: all)
        if let chains = set.chains { reports.append(chains) }
        if training == nil {
          notes.append(
            "the training images of class '\(model.card.className)', which were in '\(model.card.dataFolder)', are not found, "
              + "so the manifest names no nearest ones; name their folder with --data")
        }
        try folder.add(set.files(model: model, training: training))
        sets.append(set)
        bar.advance(by: count)
      }
      let found = SyntheticQuality(sets, models: models, training: all.present, seed: recipe.seed)
      for (name, data) in try SyntheticQuality.documents([recipe.synthetic.method: found]) {
        try folder.attach(data, as: name)
      }
      if !sets.isEmpty {
        var sheet = DataSheet(
          name: description.name, source: models[0].card.sourceName, sets: sets, models: models, recipe: recipe)
        (sheet.leak, sheet.crowding) = (found.leak, found.crowding)
        sheet.audit = PrivacyAudit(sets, models: models, training: all.present)
        sheet.manifestDigest = folder.manifestData.map { Checksum.of($0) }
        try folder.attach(Data(sheet.text.utf8), as: DataSheet.fileName)
      }
      quality = found
    }
    bar.finish()
    return Outcome(
      out: out.relativePath, layout: recipe.synthetic.layout.rawValue, images: counts.filter { $0.value > 0 },
      samplers: reports, leak: quality?.leak, crowding: quality?.crowding ?? [], notes: notes)
  }
}
