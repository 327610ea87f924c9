import Datasets
import Foundation
import Generators
import Geometry
import ImageFiles
import ImageSets
import Networks
import Randomness
import Recipes
import Runs
import Samplers
import Synthesis
import Tensors
import Training

/// One training of a comparison: a model, its images by every method, and how near they are to real ones.
///
/// All of it runs on one thread beside others, so that its numbers do not depend on how many there are.
package struct ComparisonTraining: Sendable {
  /// Of this training: model, settings and seed are in it.
  package let recipe: Recipe
  /// The number of the training set's size.
  package let size: Int
  let data: ExperimentData
  /// What is known before it runs.
  package let record: ComparisonRecord
  package let methods: [SyntheticMethod]
  package let samples: Int
  let scale: ComparisonScale
  /// A folder of its own; nil where nothing is to be done.
  let place: RunFolder?

  var folder: RunFolder {
    guard let place else { preconditionFailure("a training that is only listed has no folder") }
    return place
  }

  /// The real images of both sides.
  package struct References: Sendable {
    let validation: ComparisonScale.Reference
    let test: ComparisonScale.Reference
    let validationImages: TensorRows
    let testImages: TensorRows
  }

  /// So many images of each method are kept to be shown.
  static let shownImages = 8

  private var recordFile: URL { folder.url.appending(path: "scores.json") }
  private var imagesFile: URL { folder.url.appending(path: "samples.safetensors") }

  private var training: ModelTraining { ModelTraining(recipe: recipe, data: data, progress: .silent) }

  private var modelStage: Stage {
    training.stage(
      of: ComparisonData.className,
      inputs: ["images": Checksum.of(data.indices(in: .train).map { "\($0)\n" }.joined())])
  }

  private func scoreStage(_ weights: String) -> Stage {
    Stage(
      "scores", recipe: recipe,
      sections: ["preprocessing", "generator", "data", "metric", "sampler", "synthetic"],
      inputs: [
        "model": modelStage.digest, "methods": methods.map(\.rawValue).joined(separator: " "), "samples": "\(samples)",
        "features": scale.features, "weights": weights,
      ])
  }

  /// Whether all of it is done.
  package func isDone(weights: String) -> Bool { folder.isDone(scoreStage(weights)) && (try? read()) != nil }

  /// Epochs that are still to be trained.
  package var pendingEpochs: Int {
    folder.isDone(modelStage)
      ? 0 : GeneratorTraining(recipe.generatorConfiguration).epochs(images: data.indices(in: .train).count)
  }

  /// Trains and scores what is not done; what fails in a model or a method alone is noted, not thrown.
  ///
  /// - Parameter weights: a digest of the features' weights, if they have some.
  func run(
    _ references: References, weights: String, epochs: ProgressReporter.Stage, draws: ProgressReporter.Stage
  ) throws {
    if try train(weights: weights, epochs: epochs) {
      try measure(references, weights: weights, draws: draws)
    }
  }

  /// Trains the model unless it is there. When it cannot be trained the scores say so, and all is done.
  ///
  /// - Returns: whether there is a model.
  package func train(
    weights: String, epochs: ProgressReporter.Stage, checkpoints: Checkpoints = Checkpoints()
  ) throws -> Bool {
    guard !folder.isDone(modelStage) else { return true }
    do {
      try AtomicFile.makeFolder(folder.url.appending(path: "models", directoryHint: .isDirectory))
      var training = training
      training.checkpoints = checkpoints
      try training.train(ComparisonData.className, in: folder, stage: modelStage, bar: epochs)
      return true
    } catch {
      var record = record
      record.failures[""] = try Self.reason(error)
      try write(record, shown: [], weights: weights)
      return false
    }
  }

  /// Draws from the model by every method, and scores.
  package func measure(_ references: References, weights: String, draws: ProgressReporter.Stage) throws {
    var record = record
    var shown: [(name: String, entry: SafeTensors.Entry)] = []
    do {
      let model = try TrainedModel(contentsOf: folder.modelFolder(class: ComparisonData.className))
      for method in methods {
        do {
          let images = try draw(method, from: model)
          record.entries += try entries(method.rawValue, images, images, references)
          let few = images.rows(Array(0..<min(Self.shownImages, images.shape[0])))
          shown.append((method.rawValue, .float32(few)))
        } catch {
          record.failures[method.rawValue] = try Self.reason(error)
        }
        draws.advance()
      }
      record.entries += try entries(
        ComparisonRecord.reconstruction, reconstructed(references.validationImages, by: model),
        reconstructed(references.testImages, by: model), references)
    } catch {
      record.failures[""] = try Self.reason(error)
    }
    try write(record, shown: shown, weights: weights)
  }

  private func write(
    _ record: ComparisonRecord, shown: [(name: String, entry: SafeTensors.Entry)], weights: String
  ) throws {
    var outputs = [recordFile]
    if !shown.isEmpty {
      try AtomicFile.write(try SafeTensors.encode(shown), to: imagesFile)
      outputs.append(imagesFile)
    }
    try RunFolder.write(record, to: recordFile)
    try folder.markDone(scoreStage(weights), outputs: outputs)
  }

  /// What a run of this training left.
  func read() throws -> ComparisonRecord {
    guard let bytes = try? Data(contentsOf: recordFile),
      let found = try? JSONDecoder().decode(ComparisonRecord.self, from: bytes)
    else {
      throw ExperimentsError.damaged(
        path: recordFile.relativePath, line: nil, problem: "these are no scores of a comparison")
    }
    return found
  }

  /// The first images of each method, `[image, height, width, channel]`.
  func shownImages() throws -> [String: Tensor] {
    guard let bytes = try? Data(contentsOf: imagesFile) else { return [:] }
    let shape = [data.set.size.height, data.set.size.width, data.set.channels]
    return try SafeTensors.decode(bytes, path: imagesFile.relativePath).entries.compactMapValues { entry in
      guard case .float32(let images) = entry, Array(images.shape.dropFirst()) == shape else { return nil }
      return images
    }
  }

  // MARK: Parts.

  private func draw(_ method: SyntheticMethod, from model: TrainedModel) throws -> Tensor {
    try model.generate(
      samples, by: method, recipe: recipe, among: [model],
      training: TrainingImages([ComparisonData.className], progress: .silent) { _ in nil }
    ).images
  }

  private func reconstructed(_ images: TensorRows, by model: TrainedModel) -> Tensor {
    model.generator.decode(model.generator.encode(images).means)
  }

  private struct NotFinite: Error {}

  private func entries(
    _ name: String, _ forValidation: Tensor, _ forTest: Tensor, _ references: References
  ) throws -> [ComparisonRecord.Entry] {
    func features(_ images: Tensor) throws -> ComparisonScale.Features {
      guard images.buffer.allSatisfy(\.isFinite) else { throw NotFinite() }
      return try scale.features(images)
    }
    let test = try features(forTest)
    let validation = name == ComparisonRecord.reconstruction ? try features(forValidation) : test
    return [
      .init(
        method: name, side: .validation, images: validation.count,
        score: scale.score(validation, against: references.validation, seed: recipe.seed)),
      .init(
        method: name, side: .test, images: test.count,
        score: scale.score(test, against: references.test, seed: recipe.seed)),
    ]
  }

  /// Why a model or a method has no images; other errors are thrown on.
  private static func reason(_ error: any Error) throws -> String {
    switch error {
    case let error as GeneratorError: return error.description
    case let error as GeometryError: return error.description
    case is NotFinite: return "Some of its images are not of finite numbers."
    default: throw error
    }
  }
}
