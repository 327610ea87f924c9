import Foundation
import Runs

/// How far the parts of an experiment are.
public struct PartStatus: Encodable, Sendable {
  public struct Entry: Encodable, Sendable {
    public let id: String
    public let host: String
    public let process: Int32
    /// That it was at work, when it last said so.
    public let seconds: Double
    public let problem: String?
  }

  public let parts: Int
  /// Of each kind, done and all.
  public let kinds: [String: [Int]]
  public let done: Int
  public let running: [Entry]
  public let failed: [Entry]
  /// Told to stop, by a time limit or a person.
  public let stopped: [Entry]
  /// Whose process has not written for a minute.
  public let killed: [Entry]
  /// Not begun, with all that they need done.
  public let ready: Int
  /// Seconds to the end with as many workers as are at work now, at least one; by the forecast, corrected by how long
  /// parts of the same kind took.
  public let secondsLeft: Double
  /// Ids of parts that are not done, those with the longest way to the end first.
  public let missing: [String]

  private enum CodingKeys: String, CodingKey {
    case parts, kinds, done, running, failed, stopped, killed, ready, missing
    case secondsLeft = "seconds_left"
  }

  /// Reads the status files of all parts.
  ///
  /// - Parameters:
  ///   - plan: the parts that there are.
  ///   - folder: where they leave their marks.
  ///   - kinds: of parts to look at; nil for all.
  public init(_ plan: PartPlan, _ folder: PartsFolder, kinds: Set<Part.Kind>? = nil) {
    var finished = folder.doneIDs()
    // The last part has no folder of its own when it was done by `gather`.
    if FileManager.default.fileExists(atPath: folder.marker("gather").path) { finished.insert("gather") }
    let all = plan.parts.filter { kinds?.contains($0.kind) ?? true }
    parts = all.count
    done = all.count { finished.contains($0.id) }
    self.kinds = Dictionary(grouping: all, by: \.kind.rawValue).mapValues { own in
      [own.count { finished.contains($0.id) }, own.count]
    }
    let open = all.filter { !finished.contains($0.id) }
    missing = open.enumerated().sorted { ($1.element.secondsToEnd, $0.offset) < ($0.element.secondsToEnd, $1.offset) }
      .map(\.element.id)
    var (running, failed, stopped, killed) = ([Entry](), [Entry](), [Entry](), [Entry]())
    var begun: [String: Double] = [:]
    let states = Set((try? FileManager.default.contentsOfDirectory(atPath: folder.url.path + "/status")) ?? [])
    for part in open where states.contains("\(part.id).json") {
      guard let (state, age) = PartState.read(folder.status(part.id)) else { continue }
      let entry = Entry(
        id: part.id, host: state.host, process: state.process, seconds: state.seconds, problem: state.problem)
      switch state.phase {
      case .running where age < PartState.patience:
        running.append(entry)
        begun[part.id] = state.seconds + max(0, age)
      case .running: killed.append(entry)
      case .failed: failed.append(entry)
      case .stopped: stopped.append(entry)
      }
    }
    (self.running, self.failed, self.stopped, self.killed) = (running, failed, stopped, killed)
    let isRunning = Set(running.map(\.id))
    ready = open.count { !isRunning.contains($0.id) && $0.inputs.allSatisfy(finished.contains) }
    let factors = Self.factors(plan.parts.filter { finished.contains($0.id) }, folder)
    let work = open.reduce(0.0) { sum, part in
      sum + max(0, part.seconds * (factors[part.kind] ?? factors[nil] ?? 1) - (begun[part.id] ?? 0))
    }
    secondsLeft = work / Double(max(1, running.count))
  }

  /// How many times the forecast the parts that are done took, by kind, and in all under nil.
  private static func factors(_ parts: [Part], _ folder: PartsFolder) -> [Part.Kind?: Double] {
    var sums: [Part.Kind?: (forecast: Double, taken: Double)] = [:]
    // Enough to tell, however many there are.
    for (_, own) in Dictionary(grouping: parts, by: \.kind) {
      for part in own.prefix(100) {
        guard let record = PartRecord.read(from: folder.done(part.id)) else { continue }
        for key in [part.kind, nil] as [Part.Kind?] {
          sums[key, default: (0, 0)].forecast += part.seconds
          sums[key, default: (0, 0)].taken += record.seconds
        }
      }
    }
    return sums.compactMapValues { $0.forecast > 0 ? $0.taken / $0.forecast : nil }
  }

  /// For the screen.
  public var text: String {
    let counts = Part.Kind.allCases.compactMap { kind in
      kinds[kind.rawValue].map { "\(kind.rawValue) \($0[0]) of \($0[1])" }
    }
    var lines = ["\(done) of \(parts) parts done (\(counts.joined(separator: ", ")))"]
    for (name, entries) in [("running", running), ("failed", failed), ("stopped", stopped), ("killed", killed)] {
      lines += entries.prefix(20).map { entry in
        "\(name): \(entry.id) on \(entry.host), process \(entry.process), after \(ProgressText.duration(entry.seconds))"
          + (entry.problem.map { ": \($0)" } ?? "")
      }
      if entries.count > 20 { lines.append("\(name): \(entries.count - 20) more") }
    }
    if !missing.isEmpty {
      lines.append(
        "\(ready) ready to begin; about \(ProgressText.duration(secondsLeft)) left with \(max(1, running.count)) at work"
      )
    }
    return lines.joined(separator: "\n")
  }
}
