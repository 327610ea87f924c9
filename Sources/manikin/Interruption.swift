import Dispatch
import Files
import Foundation
import Runs
import Synchronization

/// Ends the process on Ctrl-C or a polite kill without leaving half-written folders behind.
enum Interruption {
  /// Whether the command writes nothing that could be kept.
  static let keepsNothing = Atomic(false)
  private static let queue = DispatchQueue(label: "interruption")

  /// Watches for the signals from now on; the exit code is 128 and the signal's number, as a shell's is.
  static func watch() {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        // A scheduler gives half a minute or more; Slurm's least is 30 seconds.
        let outcome = TrainingStop.ask(within: 4, writes: 20)
        ends.call()
        UnfinishedFolders.removeAll()
        Screen.note(
          "\nmanikin: stopped; " + (keepsNothing.load(ordering: .relaxed) ? "nothing was written" : outcome.sentence))
        fflush(nil)
        // Not `exit`: its handlers free what threads of the libraries are still at work with.
        _exit(128 + number)
      }
      source.resume()
      sources.withLock { $0.append(source) }
    }
  }

  /// Has something done first when a signal comes.
  static func atEnd(_ body: @escaping @Sendable () -> Void) { ends.add(body) }

  private static let ends = EndList()

  /// What is done first.
  private final class EndList: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [@Sendable () -> Void] = []
    func add(_ body: @escaping @Sendable () -> Void) { lock.withLock { list.append(body) } }
    func call() { for body in lock.withLock({ list }) { body() } }
  }

  private static let sources = SourceList()

  /// Keeps the sources alive.
  private final class SourceList: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [any DispatchSourceSignal] = []
    func withLock(_ body: (inout [any DispatchSourceSignal]) -> Void) { lock.withLock { body(&list) } }
  }
}
