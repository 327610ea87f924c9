import Foundation
import Testing

/// Parts that begin in the order of their longest way to the end keep many workers busy.
@Suite struct PartScheduleTests {
  /// Seconds until all parts are done by so many workers, when of the parts whose inputs are done the one that
  /// comes first in `order` begins as soon as a worker is free.
  private static func makespan(
    _ parts: [PartsTests.Part], workers: Int, seconds: (PartsTests.Part) -> Double,
    order: (PartsTests.Part, PartsTests.Part) -> Bool
  ) -> Double {
    var waiting = parts
    var running: [(end: Double, id: String)] = []
    var done: Set<String> = []
    var now = 0.0
    while !waiting.isEmpty || !running.isEmpty {
      let ready = waiting.filter { $0.inputs.allSatisfy(done.contains) }.sorted(by: order)
      let begun = ready.prefix(workers - running.count)
      running += begun.map { (now + seconds($0), $0.id) }
      let ids = Set(begun.map(\.id))
      waiting.removeAll { ids.contains($0.id) }
      guard let next = running.map(\.end).min() else { return .infinity }
      now = next
      done.formUnion(running.filter { $0.end <= now }.map(\.id))
      running.removeAll { $0.end <= now }
    }
    return now
  }

  /// No schedule is shorter: the work over the workers, and the longest way; the last part waits for all others.
  private static func bound(_ parts: [PartsTests.Part], workers: Int, seconds: (PartsTests.Part) -> Double) -> Double {
    var ends: [String: Double] = [:]
    for part in parts { ends[part.id] = seconds(part) + (part.inputs.map { ends[$0]! }.max() ?? 0) }
    let last = seconds(parts.last!)
    let work = parts.dropLast().reduce(0) { $0 + seconds($1) }
    return max(ends.values.max()!, work / Double(workers) + last)
  }

  @Test func aThousandPartsOn32WorkersEndNearTheBound() throws {
    try withTemporaryFolder { folder in
      let made = try Command.run(
        ["phantom", "data", "--subjects", "40", "--minority", "15", "--size", "32x32"], in: folder)
      try #require(made.code == 0, "\(made.errors)")
      let parts = try PartsTests.plan(
        ["data", "--out", "run", "--splits", "40", "--runs", "45", "--runs-per-part", "2"], in: folder)
      #expect(parts.count == 1_002 && parts.last?.id == "gather")
      // Forecasts are off: each part takes up to twice or half as long, told by its id alone.
      func surprised(_ part: PartsTests.Part) -> Double {
        let number = part.id.utf8.reduce(7) { ($0 &* 31 &+ Int($1)) % 1_009 }
        return part.seconds * pow(2, 2 * Double(number) / 1_008 - 1)
      }
      for seconds in [{ (part: PartsTests.Part) in part.seconds }, surprised] {
        let longestFirst = Self.makespan(parts, workers: 32, seconds: seconds) { $0.secondsToEnd > $1.secondsToEnd }
        let bound = Self.bound(parts, workers: 32, seconds: seconds)
        #expect(
          longestFirst >= bound * (1 - 1e-9) && longestFirst <= 1.1 * bound, "\(longestFirst) s, bound \(bound) s")
      }
      // The check can fail: the shortest way first leaves the models of the last splits to the end.
      let shortestFirst = Self.makespan(parts, workers: 32, seconds: { $0.seconds }) {
        $0.secondsToEnd < $1.secondsToEnd
      }
      let longestFirst = Self.makespan(parts, workers: 32, seconds: { $0.seconds }) {
        $0.secondsToEnd > $1.secondsToEnd
      }
      #expect(shortestFirst > longestFirst)
    }
  }
}
