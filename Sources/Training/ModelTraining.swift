import Datasets
import Foundation
import Generators
import ImageFiles
import ImageSets
import Randomness
import Recipes
import Runs
import Tensors

/// Trains the generative model of every class of an experiment, classes side by side, or one for all of them.
package struct ModelTraining: Sendable {
  package let recipe: Recipe
  package let data: ExperimentData
  package let progress: ProgressReporter
  /// Whether classifiers are trained afterwards, in the same process.
  package var isEvaluated = true
  /// Whether the memory that training takes is still to be said.
  package var saysMemory = true
  package var checkpoints = Checkpoints()

  package init(
    recipe: Recipe, data: ExperimentData, progress: ProgressReporter, isEvaluated: Bool = true, saysMemory: Bool = true,
    checkpoints: Checkpoints = Checkpoints()
  ) {
    self.recipe = recipe
    self.data = data
    self.progress = progress
    self.isEvaluated = isEvaluated
    self.saysMemory = saysMemory
    self.checkpoints = checkpoints
  }

  /// Trains what is not done yet.
  ///
  /// - Returns: one model for each class, in the order of the classes.
  package func run(in folder: RunFolder) throws -> [TrainedModel] {
    try train(data.classes, in: folder)
    try writeTrainingTable(in: folder)
    return try data.classes.map { try TrainedModel(contentsOf: folder.modelFolder(class: $0)) }
  }

  /// Whether the models of all classes are there.
  package func isDone(in folder: RunFolder) -> Bool { data.classes.allSatisfy { folder.isDone(stage(of: $0)) } }

  /// Trains the models of some classes that are not done yet; where one model serves all, all of them.
  package func train(_ chosen: [String], in folder: RunFolder) throws {
    try AtomicFile.makeFolder(folder.url.appending(path: "models", directoryHint: .isDirectory))
    let training = GeneratorTraining(recipe.generatorConfiguration)
    let counts = data.classes.map { data.indices(of: $0, in: .train).count }
    let stages = data.classes.map { stage(of: $0) }
    let pending = data.classes.indices.filter { chosen.contains(data.classes[$0]) && !folder.isDone(stages[$0]) }
    if !pending.isEmpty {
      if saysMemory { progress.note(try Self.memory(data, recipe, isEvaluated: isEvaluated).sentence) }
      if let precision = Self.precisionSentence(recipe) { progress.note(precision) }
    }
    if !pending.isEmpty, recipe.generator.share == .all {
      let bar = progress.stage(
        "Training 1 model of all classes",
        total: training.epochs(images: balancedClasses(validation: []).rowsInPass), unit: "epochs")
      try ComputeThreads.with(recipe.threadCount) { try trainShared(in: folder, stages: stages, bar: bar) }
      bar.finish()
    } else if !pending.isEmpty {
      let total = pending.reduce(0) { $0 + training.epochs(images: counts[$1]) }
      let bar = progress.stage(
        pending.count == 1 ? "Training 1 model" : "Training \(pending.count) models", total: total, unit: "epochs")
      // Each with as many threads as if none were done: sums over another number of threads would round otherwise.
      let threads = max(1, recipe.threadCount / min(recipe.threadCount, chosen.count))
      let workers = min(recipe.threadCount, threads * pending.count)
      try ComputeThreads.sideBySide(jobs: pending.count, workers: workers) { job in
        let index = pending[job]
        try train(data.classes[index], in: folder, stage: stages[index], bar: bar)
      }
      bar.finish()
    }
  }

  /// The training of one class's model.
  package func stage(of className: String, inputs: [String: String] = [:]) -> Stage {
    Stage(
      "model \(className)", recipe: recipe, sections: ["preprocessing", "generator", "data"],
      inputs: inputs.merging(["data": data.digest]) { $1 })
  }

  /// Checks what would fail after minutes: the number of images of each class, and whether the network fits their size.
  ///
  /// - Parameter checksMemory: whether this machine must have the memory for all of it.
  package static func check(
    _ data: ExperimentData, _ recipe: Recipe, isEvaluated: Bool = true, checksMemory: Bool = true
  ) throws {
    for className in data.classes {
      let count = data.indices(of: className, in: .train).count
      guard count < 2 else { continue }
      throw ExperimentsError.settings(
        problem: "class '\(className)' has \(count) training image\(count == 1 ? "" : "s"), and a model needs at "
          + "least 2; add images of that class or leave it out")
    }
    _ = try VAEArchitecture(
      recipe.generatorConfiguration.architecture, height: data.set.size.height, width: data.set.size.width,
      channels: data.set.channels)
    guard checksMemory else { return }
    try memory(data, recipe, isEvaluated: isEvaluated).require(available: MemoryPlan.available)
  }

  /// What the experiment will take, images that are already read included.
  ///
  /// - Parameter drawnImages: synthetic ones in memory together; nil for those of the recipe's evaluation.
  package static func memory(
    _ data: ExperimentData, _ recipe: Recipe, isEvaluated: Bool, drawnImages: Int? = nil
  ) throws -> MemoryPlan {
    var recipe = recipe
    if !isEvaluated { recipe.evaluation.runs = 0 }
    return try MemoryPlan(
      recipe, size: data.set.size, channels: data.set.channels, images: data.set.images.count,
      largestClass: data.classes.map { data.indices(of: $0, in: .train).count }.max() ?? 1, classes: data.classes.count,
      trainsModels: recipe.needsModels, drawnImages: drawnImages)
  }

  /// What to say of convolutions in bfloat16; nil for float32.
  package static func precisionSentence(_ recipe: Recipe, multipliesBFloat16: Bool = Tensor.multipliesBFloat16)
    -> String?
  {
    guard recipe.generatorConfiguration.precision == .bfloat16 else { return nil }
    return multipliesBFloat16
      ? "Precision: convolutions multiply bfloat16 numbers ('precision: float32' in 'generator' turns it off)"
      : "Precision: bfloat16, which saves memory but no time here: this processor has no instructions for it"
  }

  private func generator(_ stream: RandomStream) throws -> any GenerativeModel {
    try recipe.generatorConfiguration.model(
      height: data.set.size.height, width: data.set.size.width, channels: data.set.channels, stream: stream)
  }

  /// Trains the model of one class and writes it; the bar gets all epochs planned.
  package func train(_ className: String, in folder: RunFolder, stage: Stage, bar: ProgressReporter.Stage) throws {
    let seed = UInt64(recipe.seed)
    let indices = data.indices(of: className, in: .train)
    let images = data.rows(indices)
    let validationIndices = data.indices(of: className, in: .validation)
    let generator = try generator(RandomStream(seed: seed, purpose: "weights/\(className)"))
    let file = checkpointFile(of: className, [stage], images: (indices, validationIndices), in: folder)
    let history = try fit(
      generator, on: images, validation: validationIndices.isEmpty ? nil : data.rows(validationIndices), classes: nil,
      stream: RandomStream(seed: seed, purpose: "training/\(className)"), file, bar: bar)
    try write(
      className, generator, images: indices, history, sharedAmong: nil, in: folder, stage: stage, without: file)
  }

  /// - Parameter className: nil for the model of all classes.
  private func checkpointFile(
    of className: String?, _ stages: [Stage], images: (training: [Int], validation: [Int]), in folder: RunFolder
  ) -> CheckpointFile {
    var inputs: [String: String] = [:]
    for stage in stages { inputs.merge(stage.inputs) { $1 } }
    func digest(_ indices: [Int]) -> String { Checksum.of(indices.map { data.set.images[$0].path + "\n" }.joined()) }
    inputs["training images"] = digest(images.training)
    inputs["validation images"] = digest(images.validation)
    inputs["model"] = stages.map(\.name).joined(separator: ", ")
    let place = checkpoints.folder ?? folder.url.appending(path: "models", directoryHint: .isDirectory)
    return CheckpointFile(
      place.appending(component: className.map { ".\(RunFolder.fileName(for: $0)).checkpoint" } ?? ".checkpoint"),
      inputs: inputs, settings: checkpoints, progress: progress)
  }

  /// Trains, or goes on where an earlier start left a checkpoint; the bar gets all epochs planned.
  private func fit(
    _ generator: any GenerativeModel, on images: TensorRows, validation: TensorRows?, classes: BalancedClasses?,
    stream: RandomStream, _ file: CheckpointFile, bar: ProgressReporter.Stage
  ) throws -> [GeneratorTraining.Epoch] {
    let training = GeneratorTraining(recipe.generatorConfiguration)
    let planned = training.epochs(images: classes?.rowsInPass ?? images.count)
    do {
      let history = try TrainingStop.during {
        let found = try file.open()
        if let found {
          progress.note("Continuing a training in epoch \(found.epoch) of \(planned)")
          bar.advance(by: found.epoch - 1)
        }
        return try training.train(
          generator, on: images, validation: validation, classes: classes, stream: stream, from: found,
          onStep: file.step
        ) { _ in bar.advance() }
      }
      bar.advance(by: planned - history.count)
      return history
    } catch let error as GeneratorError {
      // It would come to the same again.
      file.remove()
      throw error
    }
  }

  private func balancedClasses(validation: [Int]) -> BalancedClasses {
    func labels(_ indices: [Int]) -> [Int] { indices.map { data.label(data.set.images[$0].className) } }
    return BalancedClasses(
      labels: labels(data.indices(in: .train)), validationLabels: validation.isEmpty ? nil : labels(validation))
  }

  /// Trains one model on all classes and writes it for each of them, with that class's codes.
  private func trainShared(in folder: RunFolder, stages: [Stage], bar: ProgressReporter.Stage) throws {
    let seed = UInt64(recipe.seed)
    let validation = data.indices(in: .validation)
    let classes = balancedClasses(validation: validation)
    let generator = try generator(RandomStream(seed: seed, purpose: "weights"))
    let training = data.indices(in: .train)
    let file = checkpointFile(of: nil, stages, images: (training, validation), in: folder)
    let history = try fit(
      generator, on: data.rows(training), validation: validation.isEmpty ? nil : data.rows(validation),
      classes: classes, stream: RandomStream(seed: seed, purpose: "training"), file, bar: bar)
    for (className, stage) in zip(data.classes, stages) {
      try write(
        className, generator, images: data.indices(of: className, in: .train), history, sharedAmong: data.classes,
        in: folder, stage: stage, without: className == data.classes.last ? file : nil)
    }
  }

  /// Writes a class's model folder: weights, the codes of its training images, and what the training came to.
  ///
  /// - Parameter checkpoint: of the training, when this is the last of its folders: it goes before the model counts as done, so
  ///   that none is left over.
  private func write(
    _ className: String, _ generator: any GenerativeModel, images indices: [Int], _ history: [GeneratorTraining.Epoch],
    sharedAmong: [String]?, in folder: RunFolder, stage: Stage, without checkpoint: CheckpointFile?
  ) throws {
    let images = data.rows(indices)
    ComputeMemory.release()
    let configuration = recipe.generatorConfiguration
    try generator.finish(on: images, stream: RandomStream(seed: UInt64(recipe.seed), purpose: "finish/\(className)"))
    let size = data.set.size
    let shape = configuration.shape(height: size.height, width: size.width, channels: data.set.channels)
    let digest = Checksum.of(try TrainedModel.weights(of: generator, shape, className: className))
    let codes = generator.encode(images)
    let card = TrainedModel.Card(
      className: className, sharedAmong: sharedAmong, kind: configuration.kind, settings: configuration.settings,
      beta: configuration.resolvedBeta(height: shape.height, width: shape.width, channels: shape.channels),
      architecture: shape.architecture, precision: configuration.precision, height: shape.height, width: shape.width,
      channels: shape.channels == 1 ? nil : shape.channels,
      latentDimensions: shape.latentDimensions, preprocessing: recipe.preprocessingConfiguration,
      selection: recipe.sliceSelection, frame: data.set.frames[indices[0]], dataFolder: recipe.sourceName,
      trainingImages: indices.map { data.set.images[$0].path },
      trainingDigest: try Checksum.ofFiles(indices.map { (data.set.images[$0].path, data.set.images[$0].url) }),
      seed: recipe.seed, digest: digest,
      residualSpectrum: ResidualSpectrum(of: images) { range in
        generator.decode(codes.means.selectingRows(Array(range)))
      }.power, storage: data.set.storage,
      limits: data.set.limits.isEmpty ? nil : indices.map { data.set.limits[$0] })
    let target = folder.modelFolder(class: className)
    try TrainedModel(card: card, generator: generator, codes: codes).write(to: target)
    let historyFile = target.appending(path: "training.csv")
    try AtomicFile.write(Self.table(history), to: historyFile)
    checkpoint?.remove()
    try folder.markDone(stage, outputs: TrainedModel.files(in: target) + [historyFile])
  }

  private static let columns =
    "epoch,training_loss,validation_loss,reconstruction,divergence,learning_rate,seconds"

  private static func table(_ history: [GeneratorTraining.Epoch]) -> String {
    columns + "\n"
      + history.map { epoch in
        let validation = epoch.validationLoss.map { "\($0)" } ?? "NA"
        return "\(epoch.number),\(epoch.trainingLoss),\(validation),\(epoch.reconstruction),\(epoch.divergence),"
          + "\(epoch.learningRate),\(String(format: "%.4f", epoch.seconds))\n"
      }.joined()
  }

  /// Every class's epochs in one table at the top of the run folder.
  private func writeTrainingTable(in folder: RunFolder) throws {
    var text = "class," + Self.columns + "\n"
    for className in data.classes {
      let file = folder.modelFolder(class: className).appending(path: "training.csv")
      let lines = ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n").dropFirst()
      text += lines.map { "\(CSVText.field(className)),\($0)\n" }.joined()
    }
    try AtomicFile.write(text, to: folder.trainingFile)
  }
}
