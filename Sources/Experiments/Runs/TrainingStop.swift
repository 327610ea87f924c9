import Foundation
import Synchronization

/// The end of a process that trains: every training writes a check point at the end of the step that it is at, and goes no
/// further.
public enum TrainingStop {
  private static let isAsked = Atomic(false)
  private static let active = Atomic(0)

  /// Asks for it, and waits until all trainings of this process have written theirs, or so many seconds: then the last ones
  /// that they wrote have to serve. The caller ends the process.
  public static func ask(within seconds: Double) {
    isAsked.store(true, ordering: .releasing)
    let limit = ContinuousClock.now + .seconds(seconds)
    while active.load(ordering: .acquiring) > 0, ContinuousClock.now < limit { Thread.sleep(forTimeInterval: 0.005) }
  }

  /// Counts a training while `body` runs.
  static func during<Result>(_ body: () throws -> Result) rethrows -> Result {
    active.add(1, ordering: .acquiringAndReleasing)
    defer { active.subtract(1, ordering: .acquiringAndReleasing) }
    return try body()
  }

  /// Called by a training after each step: does not return when the process is about to end.
  ///
  /// - Parameter save: writes the check point; what goes wrong in it is of no account any more.
  static func obey(_ save: () throws -> Void) {
    guard isAsked.load(ordering: .acquiring) else { return }
    try? save()
    active.subtract(1, ordering: .acquiringAndReleasing)
    while true { Thread.sleep(forTimeInterval: 1) }
  }
}
