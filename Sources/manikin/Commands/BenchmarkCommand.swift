import ArgumentParser
import Benchmarks
import Foundation
import Recipes

struct BenchmarkCommand: ComputingCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Time Manikin's work on this machine, and compare it with what the machine can do.",
    discussion: """
      For training steps, sampling, decoding and image files it gives the median of 5 runs after a first one; the \
      processor time of all threads; the operations or bytes a second, counted by the plain formulas; the percentage of \
      this machine's own ceiling that this is (large matrix products, copies of memory; above 100 % where an algorithm \
      needs fewer operations than the plain one); and the peak memory. Each case runs in a process of its own. All cases \
      together take some minutes.

      Example: manikin benchmark --only vae
      """)

  @Option(help: ArgumentHelp("Only the cases with this in their name.", valueName: "name"))
  var only = ""

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Threads to use (default: one for each core).", valueName: "n"))
  var threads: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Timed runs of each case, after a first one that is not timed.", valueName: "n"))
  var repeats = BenchmarkSuite.repeats

  @Flag(help: "List the cases, and run none.")
  var list = false

  @Flag(help: "Print results as JSON, one object for each case.")
  var json = false

  /// Runs one case in this process, for the process that the user started.
  @Option(help: .hidden) var ceiling: Double?
  @Flag(help: .hidden) var alone = false

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads takes a number of at least 1, not \(threads).") }
    guard repeats >= 1 else { throw ValidationError("--repeats takes a number of at least 1, not \(repeats).") }
    guard BenchmarkSuite.cases(matching: only).isEmpty else { return }
    throw ValidationError("no case is named '\(only)'; 'manikin benchmark --list' shows all.")
  }

  func run() throws {
    let cases = BenchmarkSuite.cases(matching: only)
    if list {
      let width = cases.map(\.name.count).max() ?? 0
      for benchmark in cases { Screen.result(Self.padded(benchmark.name, width) + "  " + benchmark.summary) }
      return
    }
    let count = threads ?? ProcessInfo.processInfo.activeProcessorCount
    if alone {
      var result = try BenchmarkSuite.measure(
        cases.first { $0.name == only } ?? cases[0], threads: count, repeats: repeats)
      result.ceiling = ceiling
      return Screen.result(try Self.line(result))
    }
    let ceilings = MachineCeilings.measure(threads: count)
    if json {
      Screen.result(try Self.line(ceilings))
    } else {
      Screen.result(
        String(
          format: "This machine on %d threads, in GFLOP/s: %.0f in float32, %@%.0f in float64; copies at %.1f GB/s",
          count, ceilings.singlePrecision,
          ceilings.halfPrecision.map { String(format: "%.0f in bfloat16, ", $0) } ?? "",
          ceilings.doublePrecision, ceilings.copy))
      Screen.result(
        Self.padded("case", 22) + "   seconds  cpu seconds    images/s       rate  of ceiling  peak MB")
    }
    for benchmark in cases {
      let result = try Self.runAlone(
        benchmark, threads: count, repeats: repeats, ceiling: ceilings.ceiling(of: benchmark.load))
      Screen.result(json ? try Self.line(result) : Self.row(result))
    }
  }

  /// Starts this program again for one case, so that the memory is that case's alone.
  private static func runAlone(_ benchmark: BenchmarkCase, threads: Int, repeats: Int, ceiling: Double?) throws
    -> BenchmarkResult
  {
    let process = Process()
    process.executableURL = Bundle.main.executableURL
    process.arguments =
      [
        "benchmark", "--only", benchmark.name, "--threads", "\(threads)", "--repeats", "\(repeats)", "--alone",
      ] + (ceiling.map { ["--ceiling", "\($0)"] } ?? [])
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0, let result = try? JSONDecoder().decode(BenchmarkResult.self, from: data)
    else {
      throw ExperimentsError.settings(
        problem:
          "the case '\(benchmark.name)' failed; run 'manikin benchmark --only \(benchmark.name)' with more memory "
          + "free")
    }
    return result
  }

  private static func row(_ result: BenchmarkResult) -> String {
    let rate =
      result.gigaflops.map { String(format: "%6.1f GF/s", $0) }
      ?? result.gigabytes.map { String(format: "%6.2f GB/s", $0) } ?? "          -"
    let share = result.share.map { String(format: "%9.0f %%", 100 * $0) } ?? "          -"
    return padded(result.name, 22)
      + String(format: "%10.4f %12.4f %11.1f", result.seconds, result.processorSeconds, result.imagesPerSecond)
      + " \(rate) \(share) " + String(format: "%8d", result.peakMegabytes)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func line(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
