import Foundation
import Recipes
import Runs
import Synchronization

/// Does one part of a planned experiment.
public final class PartWork: Sendable {
  public let folder: PartsFolder
  public let part: Part
  private let head: PartPlan
  private let recipe: Recipe
  private let inputs: [String: String]
  private let progress: ProgressReporter
  private let running = Mutex<(attempt: URL, heartbeat: PartHeartbeat)?>(nil)
  private let isStopped = Atomic(false)

  /// Finds the part in the plan and the recipe that it was made from.
  ///
  /// - Parameters:
  ///   - run: the run folder.
  ///   - id: of the part, as the plan names it.
  ///   - threads: processor threads to use; nil for those of the plan.
  ///   - progress: shows how far the part is.
  /// - Throws: `ExperimentsError` when there is no plan, no such part, or the recipe was changed since.
  public init(run: URL, id: String, threads: Int?, progress: ProgressReporter) throws {
    folder = PartsFolder(run: run)
    head = try folder.readHead()
    part = try folder.part(id, of: head)
    if let points = head.points, let value = part.item, let point = points[value] {
      // The run of a sweep's value.
      recipe = try Self.recipe(
        of: run.appending(path: value, directoryHint: .isDirectory), digest: point.recipe,
        threads: threads ?? part.threads)
      inputs = point.inputs
    } else {
      recipe = try Self.recipe(of: run, digest: head.recipe, threads: threads ?? part.threads)
      inputs = head.inputs
    }
    self.progress = progress
  }

  /// The recipe that a plan was made from, with the threads of this process.
  static func recipe(of run: URL, digest: String, threads: Int?) throws -> Recipe {
    var recipe = try Recipe(contentsOf: run.appending(path: "recipe.yaml"))
    recipe.out = run.standardizedFileURL.path
    guard recipe.digestOfParts == digest else {
      throw ExperimentsError.otherRecipe(
        path: run.relativePath, difference: "recipe.yaml was changed since the plan")
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
    let context = PartContext(
      part: part, recipe: recipe, inputs: inputs, folder: folder, attempt: attempt,
      progress: progress)
    switch head.task {
    case .evaluate: try EvaluationWork(context).run()
    case .grid: try GridWork(context).run()
    case .compare: try ComparisonWork(context).run()
    }
  }
}

/// What the work of a part is about.
struct PartContext {
  let part: Part
  let recipe: Recipe
  /// Digests that the plan was made with.
  let inputs: [String: String]
  let folder: PartsFolder
  let attempt: URL
  let progress: ProgressReporter

  /// Where the part makes what is laid over the run folder.
  func target() throws -> RunFolder { try RunFolder(unshared: made(attempt)) }

  /// What a part made that is laid over the run folder.
  func made(_ place: URL) -> URL { place.appending(path: "run", directoryHint: .isDirectory) }

  /// Synthetic images that a part leaves to others.
  func sets(_ place: URL) -> URL { place.appending(path: "sets", directoryHint: .isDirectory) }

  /// Lays what the parts before have made over this one's.
  func layInputs(over target: RunFolder) throws {
    for input in part.inputs { try PartsFolder.lay(made(folder.done(input)), over: target.url) }
  }

  /// Where the checkpoints of this part's training go.
  var checkpoints: Checkpoints {
    var checkpoints = Checkpoints()
    checkpoints.folder = folder.progress(part.id)
    return checkpoints
  }

  /// The folders of done parts that did runs of the same with other first and last runs, of an earlier plan.
  func otherRuns() -> [URL] {
    folder.doneIDs().filter { $0 != part.id && $0.hasPrefix(part.idOfAllRuns) }.sorted().map {
      folder.done($0)
    }
  }

  /// - Throws: `ExperimentsError.otherInput` when images or tables are not those of the plan.
  func require(_ digests: [(name: String, digest: String)]) throws {
    for (name, digest) in digests {
      guard let planned = inputs[name] else { continue }
      guard planned == digest else {
        throw ExperimentsError.otherInput(path: folder.run.relativePath, input: name)
      }
    }
  }
}
