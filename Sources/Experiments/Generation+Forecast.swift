import Forecasts
import Foundation
import Geometry
import ImageFiles
import Recipes
import Runs
import Synthesis
import Tensors
import Training

extension Generation {
  /// What `write` would do, and what that takes on this machine; writes nothing.
  public func plan(
    _ models: [TrainedModel], counts: [String: Int], to out: URL, overwrite: Bool, archive: URL? = nil
  ) throws -> RunOutline {
    try Self.check(recipe, out: out, archive: archive, overwrite: overwrite)
    let kind = try SyntheticStorage(recipe, trained: models.map(\.card.storage))
    return RunOutline(
      name: out.lastPathComponent, folder: out, isResumed: false,
      lines: [
        ("models", models.map(\.card.className).joined(separator: ", ")), ("format", kind.storage.text),
      ], forecast: try lookAhead(models, counts, kind, out: out, archive: archive))
  }

  /// What drawing and writing will take.
  ///
  /// - Throws: `ExperimentsError` when a disk has no room for it.
  func lookAhead(
    _ models: [TrainedModel], _ counts: [String: Int], _ kind: SyntheticStorage, out: URL, archive: URL?
  ) throws -> RunForecast {
    guard let first = models.first else { preconditionFailure("no models") }
    let card = first.card
    var own = recipe
    own.generator.latentDimensions = card.latentDimensions
    let sizes = models.map(\.card.trainingImages.count)
    let scope = DrawingScope(
      own, size: ImageSize(height: card.height, width: card.width), channels: card.channelCount, training: sizes,
      drawn: models.map { counts[$0.card.className] ?? 0 }, storage: kind.storage, isArchived: archive != nil)
    // Shapes are found of images like those that come out.
    let registrations =
      recipe.synthetic.method == .deformation
      ? WorkTrial.registrations(
        sizes,
        images: first.generator.decode(
          Matrix(rows: max(2, recipe.threadCount), columns: card.latentDimensions, repeating: 0.1)), budget: 0.3) : 0
    let forecast = RunForecast(
      scope,
      decoding: WorkTrial.decoding(first.generator, latentDimensions: card.latentDimensions, budget: 0.1),
      registrations: registrations, weights: models.reduce(0) { $0 + 4 * $1.generator.parameterCount })
    try Self.requireDisk(scope, out: out, archive: archive, freeDisk)
    return forecast
  }

  /// Refuses images, and an archive, that the disk has no room for.
  static func requireDisk(
    _ scope: DrawingScope, out: URL, archive: URL?, _ freeDisk: (URL) -> Int?
  ) throws {
    try FreeDisk.require(scope.folderBytes, in: out, free: freeDisk(out))
    guard let archive else { return }
    let folder = archive.deletingLastPathComponent()
    try FreeDisk.require(scope.archiveBytes, in: folder, free: freeDisk(folder))
  }
}
