import Datasets
import Files
import Foundation
import Generators
import Geometry
import ImageFiles
import ImageSets
import Randomness
import Recipes
import Tensors

extension TrainedModel {
  /// One model: of a class folder, or of one class of a folder of models or a run.
  ///
  /// - Throws: `ExperimentsError` if there is none, or several and no class is named.
  public static func load(one folder: URL, className: String?) throws -> TrainedModel {
    if FileManager.default.fileExists(atPath: folder.appending(path: cardName).path) {
      let model = try TrainedModel(contentsOf: folder)
      guard className == nil || className == model.card.className else {
        throw ExperimentsError.option(
          name: "--class", problem: "the model in '\(folder.relativePath)' is of class '\(model.card.className)'")
      }
      return model
    }
    let models = try load(all: folder)
    let names = models.map(\.card.className)
    if let className {
      guard let model = models.first(where: { $0.card.className == className }) else {
        throw ExperimentsError.option(
          name: "--class", problem: "there is no model of '\(className)'; take one of \(names.joined(separator: ", "))")
      }
      return model
    }
    guard models.count == 1 else {
      throw ExperimentsError.option(
        name: "--class",
        problem: "'\(folder.relativePath)' holds models of \(names.joined(separator: ", ")); say which class")
    }
    return models[0]
  }

  /// The recipe of the run that a model folder lies in, with that run's folder; nil when it lies in none.
  public static func recipe(around folder: URL) throws -> Recipe? {
    for parent in ["", "..", "../..", "../../..", "../../../.."] {
      let file = folder.appending(path: parent).appending(path: "recipe.yaml").standardizedFileURL
      guard FileManager.default.fileExists(atPath: file.path) else { continue }
      var recipe = try Recipe(contentsOf: file)
      recipe.out = file.deletingLastPathComponent().path
      return recipe
    }
    return nil
  }

  /// The recipe that models in a folder are drawn from by: that of their run, or defaults that suit their kind.
  public static func recipe(of models: [TrainedModel], in folder: URL) throws -> Recipe {
    if let recipe = try recipe(around: folder) { return recipe }
    guard let card = models.first?.card else { return Recipe() }
    let sharing: GeneratorSharing = card.sharedAmong == nil ? .none : .all
    return try Recipe().setting("generator.model", to: card.modelKind.rawValue)
      .setting("generator.share", to: sharing.rawValue)
  }

  /// The metric that this model learned, with the settings of a recipe.
  ///
  /// - Throws: `GeometryError`; `GeneratorError.noPosterior` for a model without posterior variances.
  package func metric(_ recipe: Recipe) throws -> RiemannianMetric {
    let stream = RandomStream(seed: UInt64(recipe.seed), purpose: "manifold/\(card.className)")
    return try RiemannianMetric(
      codes: codes.means,
      variances: try codes.variances(for: "the metric"), configuration: recipe.metricConfiguration,
      stream: stream.substream("centroids"))
  }

  /// A point of the latent space that a user named.
  public struct NamedCode: Sendable, Equatable {
    /// The training image's path, or the file's name.
    public let name: String
    /// The posterior mean, `[dimension]`.
    public let code: [Double]
    /// The row among the codes; nil for an image that the model was not trained on.
    public let index: Int?
  }

  /// The code of an image: a training image by its path, its file name with or without suffix, or its number from 1 in
  /// `model.json`; else an image file, which is encoded.
  ///
  /// - Throws: `ExperimentsError.option` when the text names no image, or several training images.
  public func code(of text: String, option: String) throws -> NamedCode {
    let paths = card.trainingImages
    if let index = try Self.index(of: text, among: paths, option: option) {
      return NamedCode(name: paths[index], code: codes.means.row(index), index: index)
    }
    guard FileManager.default.fileExists(atPath: text) else {
      throw ExperimentsError.option(
        name: option,
        problem: "'\(text)' is neither a training image of class '\(card.className)' (such as \(paths[0])) nor a file")
    }
    let file = URL(filePath: text)
    return NamedCode(name: file.lastPathComponent, code: try encode(file), index: nil)
  }

  /// The row of the training image that a text names by path, file name or number from 1; nil when it names none.
  ///
  /// - Throws: `ExperimentsError.option` when it names several, or a number that none has.
  package static func index(of text: String, among paths: [String], option: String) throws -> Int? {
    if let index = paths.firstIndex(of: text) { return index }
    let matches = paths.indices.filter { index in
      let file = URL(filePath: paths[index])
      return file.lastPathComponent == text || ImageFile.stem(file) == text
    }
    if matches.count == 1 { return matches[0] }
    guard matches.isEmpty else {
      throw ExperimentsError.option(
        name: option,
        problem: "'\(text)' is the name of \(matches.count) training images; give a path such as \(paths[matches[0]])")
    }
    guard let number = DecimalText.whole(text), !FileManager.default.fileExists(atPath: text) else { return nil }
    guard (1...paths.count).contains(number) else {
      throw ExperimentsError.option(
        name: option, problem: "there are training images 1 to \(paths.count), not \(number)")
    }
    return number - 1
  }

  /// The posterior mean of an image file that is prepared as the training images were.
  private func encode(_ file: URL) throws -> [Double] {
    let image = CohortImage(url: file, path: file.relativePath, subject: file.relativePath, className: card.className)
    let set = try CohortReader(preprocessing: card.reading, selection: card.selection).read([image])
    guard set.size == ImageSize(height: card.height, width: card.width) else {
      throw ExperimentsError.settings(
        problem: "'\(file.relativePath)' has \(set.size) pixels and the model takes \(card.height) x \(card.width); "
          + "bring the image to that size, as the training images were")
    }
    return generator.encode(set.rows).means.row(0)
  }
}
