import Assessment
import Cohorts
import Files
import Forecasts
import Foundation
import ImageFiles
import ImageSets
import Judgement
import Recipes
import Runs
import Samplers
import Synthesis
import Tensors
import Training

/// Writes a folder of synthetic images from trained models.
public struct Generation: Sendable {
  public let recipe: Recipe
  public let progress: ProgressReporter
  /// Whether the forecast is still to be said.
  var saysForecast = true
  /// Bytes that are free on the disk of a folder; nil where nobody knows.
  package var freeDisk: @Sendable (URL) -> Int? = FreeDisk.bytes

  /// What was written.
  public struct Outcome: Codable, Sendable {
    public let out: String
    /// `class-folders` or `bids`.
    public let layout: String
    /// What kind of file the images are, such as `PNG of 8 bits`.
    public var format = ImageStorage.nifti.text
    /// Images written by class.
    public let images: [String: Int]
    /// Real training images beside them, by class.
    public var real: [String: Int] = [:]
    /// The file of arrays that was written too.
    public var archive: String?
    public let samplers: [SamplerReport]
    /// Whether the images carry a mark of their class; nil when the training images are gone or there are too few images.
    public var leak: LeakCheck?
    /// How many training images stand behind the synthetic ones.
    public var crowding: [Crowding] = []
    /// Whether they helped a classifier, when that was asked.
    public var benefit: BenefitCheck.Outcome?
    public var notes: [String]
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
  ///   - overwrite: whether a folder that Manikin wrote before may be replaced, and the archive.
  ///   - archive: a `.npz` file to write too, with the training images and the synthetic ones.
  public func write(
    _ models: [TrainedModel], counts: [String: Int], to out: URL, overwrite: Bool, archive: URL? = nil
  ) throws -> Outcome {
    try Self.check(recipe, out: out, archive: archive, overwrite: overwrite)
    let kind = try SyntheticStorage(recipe, trained: models.map(\.card.storage))
    if saysForecast { progress.note(try lookAhead(models, counts, kind, out: out, archive: archive).sentence) }
    let real = try RealBeside(models, recipe)
    let isWithoutDecoder = recipe.synthetic.method == .deformation
    let keepsDetail = recipe.synthetic.render == .residual || isWithoutDecoder
    var reports: [SamplerReport] = []
    var notes = kind.notes
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
          ? ", each with the fine detail of a training image: share them as the originals" : "") + real.title,
      source: models.first?.card.sourceName ?? "unknown")
    let columns = SyntheticSet.furtherColumns + kind.columns + real.columns
    try SyntheticFolder.write(
      to: out, prefix: SyntheticFolder.prefix(avoiding: real.images), description: description, furtherColumns: columns,
      layout: recipe.synthetic.layout, storage: kind.storage,
      isSkullStripped: recipe.synthetic.contents == .brain, overwrite: overwrite
    ) { folder in
      let all = try TrainingImages(models.map(\.card.className), progress: progress) { name in
        try models.first { $0.card.className == name }!.trainingImages(recipe)
      }
      if archive != nil, let gone = models.first(where: { all[$0.card.className] == nil }) {
        throw ExperimentsError.option(
          name: "--npz",
          problem:
            "the training images of class '\(gone.card.className)', which were in '\(gone.card.dataFolder)', are not "
            + "found; name their folder with --data")
      }
      notes += try real.write(
        to: &folder, columns: columns, size: models.first.flatMap { Self.preparedSize($0.card) })
      var arrays = models.first.map { TrainingArchive(preprocessing: $0.card.preprocessing, kind: kind) }
      for model in models where archive != nil {
        arrays?.add(
          .init(
            className: model.card.className, isSynthetic: false, images: all[model.card.className]!,
            files: model.card.trainingImages, limits: model.card.limits))
      }
      var sets: [SyntheticSet] = []
      for model in wanted {
        let count = counts[model.card.className]!
        let training = all[model.card.className]
        let set = try model.generate(
          count, by: recipe.synthetic.method, recipe: recipe, among: models, training: all)
        if let chains = set.chains { reports.append(chains) }
        if set.redrawn > 0 {
          notes.append(
            "\(set.redrawn) of \(count) images of class '\(set.className)' came out as copies of training images, or nearly, "
              + "and were drawn anew")
        }
        if training == nil {
          notes.append(
            "the training images of class '\(model.card.className)', which were in '\(model.card.dataFolder)', are not found, "
              + "so the manifest names no nearest ones; name their folder with --data")
        }
        let files = try folder.add(
          set.files(
            model: model, training: training, kind: kind, further: real.values))
        if archive != nil {
          arrays?.add(
            .init(
              className: set.className, isSynthetic: true, images: TensorRows(set.images), files: files,
              limits: model.card.limits.map { limits in set.origins.map { limits[$0] } }))
        }
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
        (sheet.kind, sheet.realBeside) = (kind, real.images.count)
        sheet.manifestDigest = folder.manifestData.map { Checksum.of($0) }
        try folder.attach(Data(sheet.text.utf8), as: DataSheet.fileName)
      }
      if let archive { try arrays?.write(to: archive, classes: models.map(\.card.className)) }
      quality = found
    }
    bar.finish()
    return Outcome(
      out: out.relativePath, layout: recipe.synthetic.layout.rawValue, format: kind.storage.text,
      images: counts.filter { $0.value > 0 }, real: real.counts, archive: archive?.relativePath, samplers: reports,
      leak: quality?.leak, crowding: quality?.crowding ?? [], notes: notes)
  }

  /// Checks, before long work, what can be told of the settings and the places.
  static func check(_ recipe: Recipe, out: URL, archive: URL?, overwrite: Bool) throws {
    try RealBeside.check(recipe)
    try SyntheticStorage.check(recipe)
    try SyntheticFolder.requireWritable(out, overwrite: overwrite)
    guard let archive else { return }
    func path(_ url: URL) -> String { url.standardizedFileURL.resolvingSymlinksInPath().path }
    guard !path(archive).hasPrefix(path(out) + "/") else {
      throw ExperimentsError.option(
        name: "--npz",
        problem: "'\(archive.relativePath)' lies inside the folder that is written; name a place beside it")
    }
    try NumPyArchive.requireWritable(archive, overwrite: overwrite)
  }

  /// The size of images that were brought to one or cut from volumes; nil where they are as they came in.
  private static func preparedSize(_ card: TrainedModel.Card) -> String? {
    card.preprocessing.size != nil || card.selection != nil ? "\(card.height) x \(card.width)" : nil
  }
}
