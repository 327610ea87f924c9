import Foundation
import Generators
import Synchronization

/// Does one part of a planned experiment.
public final class PartWork: Sendable {
  public let folder: PartsFolder
  public let part: Part
  private let head: PartPlan
  private let recipe: Recipe
  private let progress: ProgressReporter
  private let running = Mutex<(attempt: URL, heartbeat: PartHeartbeat)?>(nil)
  private let isStopped = Atomic(false)

  /// - Parameters:
  ///   - run: the run folder.
  ///   - id: of the part.
  ///   - threads: to use; nil for those of the plan.
  /// - Throws: `ExperimentsError` when there is no plan, no such part, or the recipe was changed since.
  public init(run: URL, id: String, threads: Int?, progress: ProgressReporter) throws {
    folder = PartsFolder(run: run)
    head = try folder.readHead()
    part = try folder.part(id, of: head)
    recipe = try Self.recipe(of: run, head: head, threads: threads ?? part.threads)
    self.progress = progress
  }

  /// The recipe that a plan was made from, with the threads of this process.
  static func recipe(of run: URL, head: PartPlan, threads: Int?) throws -> Recipe {
    var recipe = try Recipe(contentsOf: run.appending(path: "recipe.yaml"))
    recipe.out = run.standardizedFileURL.path
    guard recipe.digestOfParts == head.recipe else {
      throw ExperimentsError.otherRecipe(path: run.relativePath, difference: "recipe.yaml was changed since the plan")
    }
    if let threads { recipe.threads = threads }
    return recipe
  }

  /// Threads that the part uses.
  public var threads: Int { recipe.threadCount }

  /// Does the part unless it is done.
  ///
  /// - Parameter wait: seconds to wait for parts that have to be done first, for file systems that show late what another
  ///   machine wrote.
  /// - Returns: whether the work was done now.
  /// - Throws: `ExperimentsError.partsMissing` when others have to be done first, and whatever the work throws.
  @discardableResult
  public func run(wait: Double = 0) throws -> Bool {
    if folder.doneIDs().contains(part.id) {
      try folder.mark(part.id)
      return false
    }
    let limit = ContinuousClock.now + .seconds(wait)
    while true {
      let done = folder.doneIDs()
      let missing = part.inputs.filter { !done.contains($0) }
      if missing.isEmpty { break }
      guard ContinuousClock.now < limit else {
        throw ExperimentsError.partsMissing(path: folder.run.relativePath, parts: missing)
      }
      Thread.sleep(forTimeInterval: 1)
    }
    let heartbeat = PartHeartbeat(folder.status(part.id))
    do {
      let attempt = try folder.beginAttempt(part.id)
      running.withLock { $0 = (attempt, heartbeat) }
      try work(in: attempt)
      try RunFolder.write(
        PartRecord(
          id: part.id, host: PartsFolder.host, seconds: heartbeat.seconds, peakMebibytes: PartRecord.peakOfProcess,
          threads: recipe.threadCount, versions: Manikin.versions), to: attempt.appending(path: PartRecord.fileName))
      heartbeat.end(nil)
      try folder.publish(attempt, as: part.id)
      try? FileManager.default.removeItem(at: folder.progress(part.id))
      return true
    } catch {
      // The process is about to end by the signal's own exit code: what went wrong went with its files.
      while isStopped.load(ordering: .acquiring) { Thread.sleep(forTimeInterval: 1) }
      running.withLock { running in
        if let attempt = running?.attempt { try? FileManager.default.removeItem(at: attempt) }
      }
      // Whoever else did it in the meantime: it is done.
      if folder.doneIDs().contains(part.id) {
        heartbeat.end(nil)
        try folder.mark(part.id)
        return false
      }
      heartbeat.end(.failed, problem: "\(error)")
      throw error
    }
  }

  /// Notes that the process is told to end. What classifiers are done stays; the rest of the attempt goes.
  public func stop() {
    isStopped.store(true, ordering: .releasing)
    running.withLock { running in
      guard let (attempt, heartbeat) = running else { return }
      heartbeat.end(.stopped)
      try? FileManager.default.removeItem(at: attempt)
    }
  }

  private func work(in attempt: URL) throws {
    if part.kind == .gather {
      _ = try PartGathering(run: folder.run, progress: progress).gather()
      return
    }
    let split = part.split! - 1
    let data = try ExperimentData(
      recipe, split: recipe.evaluation.runs > 0, phantomFolder: recipe.drawnFolder, progress: progress)
    let inputs = try ExperimentInputs(
      recipe, data: data, isScoring: part.kind == .classify, progress: progress)
    for (name, digest) in inputs.digests {
      guard let planned = head.inputs[name] else { continue }
      guard planned == digest else { throw ExperimentsError.otherInput(path: folder.run.relativePath, input: name) }
    }
    let division = try inputs.division(split)
    let target = try RunFolder(unshared: attempt.appending(path: "run", directoryHint: .isDirectory))
    switch part.kind {
    case .train: try train(inputs, division, split, in: target)
    case .draw: try draw(inputs, division, split, in: target, sets: attempt.appending(path: "sets"))
    case .judge: try judge(inputs, division, split, in: target)
    case .classify: try classify(inputs, division, split, in: attempt)
    case .gather: break
    }
  }

  private func train(
    _ inputs: ExperimentInputs, _ division: ExperimentData, _ split: Int, in target: RunFolder
  ) throws {
    let own = try inputs.split(split, division, in: target, progress: progress)
    var training = ModelTraining(recipe: own.recipe, data: division, progress: progress)
    training.checkpoints.folder = folder.progress(part.id)
    try training.train(part.className.map { [$0] } ?? division.classes, in: own.folder)
  }

  private func draw(
    _ inputs: ExperimentInputs, _ division: ExperimentData, _ split: Int, in target: RunFolder, sets: URL
  ) throws {
    for input in part.inputs { try PartsFolder.lay(folder.done(input).appending(path: "run"), over: target.url) }
    let own = try inputs.split(split, division, in: target, progress: progress)
    guard ModelTraining(recipe: own.recipe, data: division, progress: progress).isDone(in: own.folder) else {
      throw ExperimentsError.damaged(
        path: folder.url.relativePath, line: nil, problem: "the models of split \(split + 1) are not those of this plan"
      )
    }
    try DrawnFiles(folder: sets).write(own.drawAndJudge(own.models()).synthetic)
  }

  /// The part that drew this part's images.
  private var drawn: URL { folder.done(part.inputs.first { $0.hasPrefix("draw-") }!) }

  private var drawnFiles: DrawnFiles { DrawnFiles(folder: drawn.appending(path: "sets", directoryHint: .isDirectory)) }

  private func judge(
    _ inputs: ExperimentInputs, _ division: ExperimentData, _ split: Int, in target: RunFolder
  ) throws {
    let made = try RunFolder(unshared: drawn.appending(path: "run", directoryHint: .isDirectory))
    let own = try inputs.split(split, division, in: made, progress: progress)
    let models = try division.classes.map { try TrainedModel(contentsOf: own.folder.modelFolder(class: $0)) }
    _ = try SyntheticJudgement(
      recipe: own.recipe,
      shown: .init(data: division, models: models, synthetic: drawnFiles.read(inputs.methods), folder: own.folder),
      folder: target, isScored: inputs.isScored, progress: progress
    ).run()
  }

  private func classify(
    _ inputs: ExperimentInputs, _ division: ExperimentData, _ split: Int, in attempt: URL
  ) throws {
    let (plan, classes) = (inputs.plan, inputs.data.classes)
    // What killed attempts have recorded is taken up; two processes that write here write the same lines.
    let kept = try RunFolder(unshared: folder.progress(part.id))
    let recorder = try EvaluationRecorder(methods: plan.methods, classes: classes, folder: kept)
    let elsewhere = try inputs.external.map { _ in
      try EvaluationRecorder(methods: plan.methods, classes: classes, folder: kept.part("external"))
    }
    let evaluation = inputs.evaluation(
      split, division, recorder: recorder, elsewhere: elsewhere, runs: part.runs, progress: progress)
    if try !evaluation.isDone() { try evaluation.run(drawnFiles.read(inputs.methods)) }
    try recorder.write(to: RunFolder(unshared: attempt))
    try elsewhere?.write(to: RunFolder(unshared: attempt).part("external"))
  }
}
