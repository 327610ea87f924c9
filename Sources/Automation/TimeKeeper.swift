import Foundation
import Recipes
import Runs

/// The clock of a run with what steps cost so far, from any thread, and on disk for later starts.
package final class TimeKeeper: @unchecked Sendable {
  private struct Record: Codable {
    var elapsed: Double
    var costs: StepCosts
  }

  private let lock = NSLock()
  private let clock: BudgetClock
  private var costs = StepCosts()
  private let file: URL?
  private var saved = -Double.infinity
  /// Seconds that a killed process may lose.
  private static let saveInterval = 2.0

  /// - Parameter file: where earlier starts left the time they took; nil for none.
  package init(
    budget: Double, file: URL? = nil,
    now: @escaping @Sendable () -> Double = { ProcessInfo.processInfo.systemUptime }
  ) throws {
    self.file = file
    var before = 0.0
    if let file, let data = try? Data(contentsOf: file) {
      guard let record = try? JSONDecoder().decode(Record.self, from: data) else {
        throw ExperimentsError.damaged(path: file.relativePath, line: nil, problem: "this is no time of a run")
      }
      (before, costs) = (record.elapsed, record.costs)
    }
    clock = BudgetClock(budget: budget, before: before, now: now)
  }

  package var elapsed: Double { clock.elapsed }
  package var budget: Double { clock.budget }

  package func end(ofNextOf parts: Int, keeping reserve: Double = 0) -> Double {
    clock.end(ofNextOf: parts, keeping: reserve)
  }

  /// Does a step and notes what it took.
  package func timed<Result>(_ kind: String, units: Double, _ body: () throws -> Result) throws -> Result {
    let start = clock.elapsed
    let result = try body()
    lock.withLock { costs.record(kind, units: units, seconds: clock.elapsed - start) }
    return result
  }

  /// Seconds; nil for a kind of which nothing was done yet.
  package func forecast(_ kind: String, units: Double) -> Double? {
    lock.withLock { costs.forecast(kind, units: units) }
  }

  /// Puts the time on disk.
  ///
  /// - Parameter always: also where that was done a moment ago.
  package func save(always: Bool = true) throws {
    guard let file else { return }
    try lock.withLock {
      guard always || clock.elapsed - saved >= Self.saveInterval else { return }
      saved = clock.elapsed
      try AtomicFile.write(try JSONEncoder().encode(Record(elapsed: clock.elapsed, costs: costs)), to: file)
    }
  }
}
