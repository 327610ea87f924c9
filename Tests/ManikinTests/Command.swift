import Foundation
import Testing

/// The built program, run as a user runs it.
enum Command {
  struct Outcome {
    let code: Int32
    let output: String
    let errors: String

    var errorLines: [Substring] { errors.split(separator: "\n") }
  }

  struct NotBuilt: Error, CustomStringConvertible {
    let description: String
  }

  /// The program lies beside the test bundle.
  private static func executable() throws -> URL {
    var folders = [
      Bundle.main.bundleURL, URL(filePath: CommandLine.arguments[0]).absoluteURL.deletingLastPathComponent(),
    ]
    folders += Bundle.allBundles.filter { $0.bundlePath.hasSuffix(".xctest") }
      .map { $0.bundleURL.deletingLastPathComponent() }
    for folder in folders {
      let file = folder.appending(path: "manikin")
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue { return file }
    }
    throw NotBuilt(description: "there is no program 'manikin' in \(folders.map(\.path))")
  }

  /// The program in `folder`, not started, which reads nothing and is not heard.
  private static func silent(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:]
  ) throws -> Process {
    let process = Process()
    process.executableURL = try executable()
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_WAIT_POLICY": "passive"]) { $1 }
      .merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    return process
  }

  /// Starts the program in `folder` and kills it (SIGKILL) after some seconds.
  ///
  /// - Returns: whether it was still running then.
  static func kill(_ arguments: [String], in folder: URL, after seconds: Double) throws -> Bool {
    let process = try silent(arguments, in: folder)
    try process.run()
    Thread.sleep(forTimeInterval: seconds)
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal
  }

  /// Starts the program in `folder` and asks it to end (SIGTERM) as soon as `isReady`, or after a minute.
  ///
  /// - Returns: its exit code, and the seconds from the signal to its end.
  static func stop(_ arguments: [String], in folder: URL, when isReady: () -> Bool) throws -> (
    code: Int32, seconds: Double
  ) {
    let process = try silent(arguments, in: folder)
    try process.run()
    let limit = Date(timeIntervalSinceNow: 60)
    while !isReady(), process.isRunning, Date() < limit { Thread.sleep(forTimeInterval: 0.02) }
    let start = Date()
    process.terminate()
    process.waitUntilExit()
    return (process.terminationStatus, Date().timeIntervalSince(start))
  }

  /// Runs the program in `folder` and waits for its end. It is stopped after two minutes.
  ///
  /// - Parameter environment: variables beside those of the tests.
  static func run(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = try silent(arguments, in: folder, environment: environment)
    // Files, unlike pipes, never fill up.
    let texts = try ["stdout", "stderr"].map { name -> (url: URL, handle: FileHandle) in
      let url = FileManager.default.temporaryDirectory.appending(path: "manikin-\(UUID().uuidString).\(name)")
      try Data().write(to: url)
      return (url, try FileHandle(forWritingTo: url))
    }
    defer { for text in texts { try? FileManager.default.removeItem(at: text.url) } }
    process.standardOutput = texts[0].handle
    process.standardError = texts[1].handle
    try process.run()
    let watchdog = DispatchWorkItem { process.terminate() }
    DispatchQueue.global().asyncAfter(deadline: .now() + 120, execute: watchdog)
    process.waitUntilExit()
    watchdog.cancel()
    let read = try texts.map { String(decoding: try Data(contentsOf: $0.url), as: UTF8.self) }
    return Outcome(
      code: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
      output: read[0], errors: read[1])
  }
}

/// Runs `body` with a new empty folder, which is gone afterwards.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(
    path: "manikin-\(UUID().uuidString)", directoryHint: .isDirectory)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
