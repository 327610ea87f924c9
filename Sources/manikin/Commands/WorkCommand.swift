import ArgumentParser
import ClusterParts
import Foundation
import Parallelism
import Recipes
import Runs

struct WorkCommand: ComputingCommand {
  static let configuration = CommandConfiguration(
    commandName: "work",
    abstract: "Do one part of a planned experiment.",
    discussion: """
      A part that is done is not done again; an interrupted part continues after its last finished classifier. Any number \
      of parts may be at work on one file system, even the same part twice. RUN.parts/logs/ID.log keeps what a part says.
      Exit codes: 0 done, 1 failed, 2 misused, 75 other parts have to be done first, 130 and 143 told to stop (by a time \
      limit, for example): start it again.

      Example: manikin work RUN --part train-01
      """)

  @Argument(help: ArgumentHelp("The run folder that was planned.", valueName: "run"))
  var folder: String

  @Option(help: ArgumentHelp("The part, as the plan calls it.", valueName: "id"))
  var part: String

  @Option(help: ArgumentHelp("Threads to use (default: as planned).", valueName: "n"))
  var threads: Int?

  @Option(help: ArgumentHelp("The most seconds to wait for other parts that this one needs.", valueName: "seconds"))
  var wait = 0.0

  @Flag(name: .shortAndLong, help: "Say nothing on stderr but warnings and errors; the log has everything.")
  var quiet = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads takes a number from 1 to 1024, not \(threads).")
    }
    guard wait >= 0, wait <= 86_400 else {
      throw ValidationError("--wait takes seconds from 0 to 86400, not \(wait).")
    }
  }

  func run() throws {
    let parts = PartsFolder(run: URL(filePath: folder, directoryHint: .isDirectory))
    let log = PartLog(quiet: quiet)
    let work = try PartWork(
      run: parts.run, id: part, threads: threads, progress: ProgressReporter(style: .lines) { log.write($0) })
    WorkerThreads.limit = work.threads
    log.open(parts.log(part))
    Interruption.atEnd {
      work.stop()
      log.write("manikin: told to stop\n")
    }
    log.write("manikin \(Manikin.version): \(part), \(work.threads) thread\(work.threads == 1 ? "" : "s")\n")
    do {
      let isNew = try work.run(wait: wait)
      log.write(isNew ? "manikin: \(part) is done\n" : "manikin: \(part) was done already\n")
    } catch let error as ExperimentsError {
      log.write("manikin: \(error)\n", isAlwaysShown: false)
      // EX_TEMPFAIL: try again later.
      if case .partsMissing = error {
        Screen.note("manikin: \(error)")
        throw ExitCode(75)
      }
      throw error
    } catch {
      log.write("manikin: \(error)\n", isAlwaysShown: false)
      throw error
    }
  }
}

/// The log file of a part, and the screen beside it. Attempts stand one after the other.
private final class PartLog: @unchecked Sendable {
  private let lock = NSLock()
  private let quiet: Bool
  private var file: FileHandle?
  private let format = ISO8601DateFormatter()

  init(quiet: Bool) { self.quiet = quiet }

  /// A log that cannot be written stops no work.
  func open(_ url: URL) {
    let descriptor = Foundation.open(url.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    if descriptor >= 0 { file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true) }
  }

  /// - Parameter isAlwaysShown: whether the screen gets it too, unless it is to be quiet.
  func write(_ text: String, isAlwaysShown: Bool = true) {
    lock.withLock {
      let time = format.string(from: Date())
      try? file?.write(contentsOf: Data("\(time) \(text)".utf8))
      if !quiet, isAlwaysShown { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
    }
  }
}
