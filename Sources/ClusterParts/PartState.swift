import Foundation
import Runs

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a part that is done leaves of its making; `part.json` beside what it made.
public struct PartRecord: Codable, Sendable, Equatable {
  public var id: String
  public var host: String
  /// Of the attempt that made it, from the start of the process.
  public var seconds: Double
  public var peakMebibytes: Int
  public var threads: Int
  public var versions: Versions

  private enum CodingKeys: String, CodingKey {
    case id, host, seconds, threads, versions
    case peakMebibytes = "peak_mib"
  }

  static let fileName = "part.json"

  static func read(from folder: URL) -> PartRecord? {
    guard let data = try? Data(contentsOf: folder.appending(path: fileName)) else { return nil }
    return try? JSONDecoder().decode(PartRecord.self, from: data)
  }

  /// The most memory that this process has held, in MiB.
  static var peakOfProcess: Int {
    var usage = rusage()
    #if canImport(Glibc)
      guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
      return Int(usage.ru_maxrss) / 1024
    #else
      guard getrusage(RUSAGE_SELF, &usage) == 0 else { return 0 }
      return Int(usage.ru_maxrss) >> 20
    #endif
  }
}

/// Who is at a part that is not done, or how it ended; a file that is written again every ten seconds of work.
public struct PartState: Codable, Sendable, Equatable {
  public enum Phase: String, Codable, Sendable {
    case running, failed, stopped
  }

  public var phase: Phase
  public var host: String
  public var process: Int32
  /// Seconds since it began.
  public var seconds: Double
  /// What went wrong.
  public var problem: String?

  /// Seconds between two writings, and after how many without one a part is taken for killed.
  static let interval = 10.0
  static let patience = 60.0

  /// The state in a file, and how many seconds ago it was written; nil where there is none.
  static func read(_ file: URL) -> (state: PartState, age: Double)? {
    guard let data = try? Data(contentsOf: file), let state = try? JSONDecoder().decode(PartState.self, from: data),
      let attributes = try? FileManager.default.attributesOfItem(atPath: file.path),
      let date = attributes[.modificationDate] as? Date
    else { return nil }
    return (state, Date().timeIntervalSince(date))
  }
}

/// Keeps the state of one part on disk while it is worked at.
final class PartHeartbeat: @unchecked Sendable {
  private let lock = NSLock()
  private let file: URL
  private let start = ContinuousClock.now
  private var timer: (any DispatchSourceTimer)?
  private var isOver = false

  init(_ file: URL) {
    self.file = file
    write(.running, nil)
    let timer = DispatchSource.makeTimerSource(queue: .global(qos: .utility))
    timer.schedule(deadline: .now() + PartState.interval, repeating: PartState.interval)
    timer.setEventHandler { [weak self] in self?.write(.running, nil) }
    timer.resume()
    self.timer = timer
  }

  /// Seconds since the beginning.
  var seconds: Double {
    let duration = ContinuousClock.now - start
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }

  /// Ends it: with a last state, or with none when the part is done, whose file goes.
  func end(_ phase: PartState.Phase?, problem: String? = nil) {
    timer?.cancel()
    if let phase { write(phase, problem) }
    lock.withLock { isOver = true }
  }

  /// The work does not depend on it: what cannot be written is left.
  private func write(_ phase: PartState.Phase, _ problem: String?) {
    let state = PartState(
      phase: phase, host: PartsFolder.host, process: ProcessInfo.processInfo.processIdentifier, seconds: seconds,
      problem: problem)
    lock.withLock {
      if !isOver { try? RunFolder.write(state, to: file) }
    }
  }
}
