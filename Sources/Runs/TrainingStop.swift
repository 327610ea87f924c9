import Foundation
import Synchronization

/// The end of a process that trains: every training writes a checkpoint at the end of the step that it is at, and goes no
/// further.
public enum TrainingStop {
  private static let isAsked = Atomic(false)
  private static let active = Atomic(0)
  private static let writing = Atomic(0)
  private static let refusals = Mutex<[String]>([])

  /// What became of the trainings of a process that ends.
  public struct Outcome: Sendable, Equatable {
    /// Trainings that go on from an earlier checkpoint or from their beginning, since none could be written now.
    public var unsaved: Int
    /// Why; nil where a step took too long.
    public var reason: String?

    package init(unsaved: Int, reason: String? = nil) { (self.unsaved, self.reason) = (unsaved, reason) }

    /// What is kept, for the screen.
    public var sentence: String {
      guard unsaved > 0 else { return "what is finished is kept, and the same command goes on from there" }
      let trainings = unsaved == 1 ? "one training" : "\(unsaved) trainings"
      return "what is finished is kept, but \(trainings) could leave no checkpoint now"
        + (reason.map { " (\($0))" } ?? ", in the midst of a long step")
        + ": the same command goes on from an earlier one or begins that training anew"
    }
  }

  /// Asks for it, and waits until all trainings of this process have written theirs. The caller ends the process.
  ///
  /// - Parameters:
  ///   - seconds: for steps to end. Then the checkpoints that were written before have to serve.
  ///   - writes: for checkpoints that are being written, which large models and slow disks need.
  public static func ask(within seconds: Double, writes: Double) -> Outcome {
    isAsked.store(true, ordering: .releasing)
    let start = ContinuousClock.now
    let (limit, last) = (start + .seconds(seconds), start + .seconds(max(seconds, writes)))
    while active.load(ordering: .acquiring) > 0,
      ContinuousClock.now < (writing.load(ordering: .acquiring) > 0 ? last : limit)
    {
      Thread.sleep(forTimeInterval: 0.005)
    }
    let reasons = refusals.withLock { $0 }
    let (left, unfinished) = (active.load(ordering: .acquiring), writing.load(ordering: .acquiring))
    return Outcome(
      unsaved: left + reasons.count, reason: reasons.first ?? (unfinished > 0 ? "the disk is too slow" : nil))
  }

  /// Counts a training while `body` runs.
  package static func during<Result>(_ body: () throws -> Result) rethrows -> Result {
    active.add(1, ordering: .acquiringAndReleasing)
    defer { active.subtract(1, ordering: .acquiringAndReleasing) }
    return try body()
  }

  /// Called by a training after each step: does not return when the process is about to end.
  ///
  /// - Parameter save: writes the checkpoint.
  static func obey(_ save: () throws -> Void) {
    guard isAsked.load(ordering: .acquiring) else { return }
    writing.add(1, ordering: .acquiringAndReleasing)
    do { try save() } catch { refusals.withLock { $0.append("\(error)") } }
    writing.subtract(1, ordering: .acquiringAndReleasing)
    active.subtract(1, ordering: .acquiringAndReleasing)
    while true { Thread.sleep(forTimeInterval: 1) }
  }
}
