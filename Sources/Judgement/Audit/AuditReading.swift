import Cohorts
import Datasets
import Figures
import Foundation
import ImageFiles
import ImageSets
import Recipes
import Runs
import Synthesis

/// Reads the folders of a privacy audit and draws its pictures.
public struct AuditReading: Sendable {
  private let synthetic: ImageSet
  private let training: ImageSet
  public let audit: PrivacyAudit
  /// What the user should know of the images.
  public let notes: [String]

  /// Reads all images of an audit and audits them.
  ///
  /// - Parameters:
  ///   - folder: class folders of synthetic images; real images that lie beside them, as their manifest says, are
  ///     passed over.
  ///   - recipe: names the real images and how they are read. Where they come split, the training images are those that
  ///     the synthetic ones were made from, and the others are held out.
  ///   - heldOut: class folders of real images that took no part in the making of the synthetic ones; nil for none.
  ///   - progress: shows how far the reading is.
  /// - Throws: `ImagingError`, or `ExperimentsError` when the folders do not go together.
  public init(synthetic folder: URL, recipe: Recipe, heldOut: URL?, progress: ProgressReporter) throws {
    let root = URL(filePath: recipe.data.path ?? "", directoryHint: .isDirectory)
    let real = try Cohort.load(
      root, labels: recipe.labelTable, subjects: recipe.subjectRule, allowsLeaks: recipe.data.allowsLeaks)
    let found = try Cohort.load(folder, checksSplit: false)
    // Of a folder that holds real images too, only the others are asked about.
    let beside = try SyntheticFolder.realFiles(in: folder)
    let made = Cohort(root: found.root, images: found.images.filter { !beside.contains($0.path) }, notes: found.notes)
    guard !made.images.isEmpty else {
      throw ExperimentsError.settings(
        problem:
          "'\(folder.relativePath)' holds real images alone, as its manifest says; name a folder of synthetic ones")
    }
    var preprocessing = recipe.preprocessingConfiguration
    func read(
      _ images: [CohortImage], _ label: String, _ selection: SliceSelection?, _ preprocessing: Preprocessing
    ) throws -> ImageSet {
      let bar = progress.stage("Reading \(label) images", total: images.count, unit: "images")
      defer { bar.finish() }
      return try CohortReader(preprocessing: preprocessing, selection: selection).read(images) { bar.update(to: $0) }
    }
    // Grey images were made from the luminance of real ones, whatever these store.
    let channels = try CohortReader(preprocessing: preprocessing).channels(of: made.images)
    preprocessing = preprocessing.with(channels: channels)
    let storage = try ImageFile.storage(of: made.images.map(\.url))
    let written =
      storage.kind.isPicture
      ? preprocessing.ofWritten(storage, source: try ImageFile.storage(of: real.images.map(\.url)))
      : preprocessing.ofWritten(channels: channels)
    synthetic = try read(made.images, "synthetic", nil, written)
    // Real images were brought to the size of the synthetic ones before these were made.
    if preprocessing.size == nil { preprocessing.size = synthetic.size }
    training = try read(
      real.isSplit ? real.images(in: .train) : real.images, "training", recipe.sliceSelection,
      preprocessing)
    for name in made.classes {
      let count = training.indices(of: name).count
      guard count < 2 else { continue }
      throw ExperimentsError.settings(
        problem: "class '\(name)' of \(folder.relativePath) has \(count) training image\(count == 1 ? "" : "s") in "
          + "\(root.relativePath), and an audit needs at least 2; name the folder that the images were made from")
    }
    var unseen: ImageSet?
    if let heldOut {
      unseen = try read(
        Cohort.load(heldOut, checksSplit: false).images, "held-out", recipe.sliceSelection, preprocessing)
    } else if real.isSplit {
      unseen = try read(
        real.images.filter { $0.split != .train }, "held-out", recipe.sliceSelection, preprocessing)
    }
    audit = PrivacyAudit(synthetic: .init(synthetic), training: .init(training), heldOut: unseen.map { .init($0) })
    notes = synthetic.notes + training.notes
  }

  /// The nearest pairs as one PNG, nearest first: each synthetic image with its training image at its right.
  public func writePairs(to file: URL) throws {
    guard !FileManager.default.fileExists(atPath: file.path) else {
      throw ExperimentsError.option(
        name: "--pairs", problem: "there is a file '\(file.relativePath)' already; choose another name")
    }
    func pictures(_ images: ImageSet) -> [String: Picture] {
      let all = images.rows
      let wanted = Set(audit.nearest.flatMap { [$0.synthetic, $0.training] })
      return Dictionary(
        uniqueKeysWithValues: images.images.indices.filter { wanted.contains(images.images[$0].path) }.map {
          (images.images[$0].path, Picture(of: all, $0))
        })
    }
    let (made, real) = (pictures(synthetic), pictures(training))
    try ContactSheet(audit.nearest.flatMap { [made[$0.synthetic]!, real[$0.training]!] }, columns: 6).picture
      .write(to: file)
  }
}
