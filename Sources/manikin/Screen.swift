import ArgumentParser
import Files
import Foundation
import Recipes
import Runs

/// What a person sees: results on stdout, all else on stderr.
enum Screen {
  static func result(_ text: String) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data((text.hasSuffix("\n") ? text : text + "\n").utf8))
    } catch {
      note("manikin: the result cannot be written to standard output; check where it goes and that its disk has room")
      exit(1)
    }
  }

  static func note(_ text: String) { write(text + "\n", to: .standardError) }

  static func reporter(quiet: Bool) -> ProgressReporter {
    let isTerminal = isatty(STDERR_FILENO) == 1
    return ProgressReporter(style: quiet ? .silent : isTerminal ? .bar : .lines) { write($0, to: .standardError) }
  }

  static func json(_ value: some Encodable) throws -> String {
    try ReadableJSON.text(value)
  }

  /// Says what went wrong in one sentence and gives the exit code: 2 for a misuse, 1 for a failure, 0 for help.
  static func report(_ error: any Error) -> Int32 {
    if let code = error as? ExitCode { return code.rawValue }
    let code = ManikinCommand.exitCode(for: error)
    if code == .success {
      result(ManikinCommand.fullMessage(for: error))
      return 0
    }
    if code == .validationFailure {
      note(ManikinCommand.fullMessage(for: error))
      return 2
    }
    note("manikin: \(error)")
    switch error as? ExperimentsError {
    case .recipe, .option, .settings: return 2
    default: return 1
    }
  }

  private static func write(_ text: String, to file: FileHandle) {
    try? file.write(contentsOf: Data(text.utf8))
  }
}
