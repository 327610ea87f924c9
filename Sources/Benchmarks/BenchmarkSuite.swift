import Parallelism
import Tensors

/// All cases, and how they are measured.
public enum BenchmarkSuite {
  /// Timed runs after a first one that is not timed.
  public static let repeats = 5

  /// Every case, in the order in which they are run; in bfloat16 where the processor has instructions for it.
  public static let cases: [BenchmarkCase] =
    (ModelCases.all + GeneratorCases.all + [ModelCases.classifierRepeats] + SamplingCases.all + ImageCases.all)
    .filter { Tensor.multipliesBFloat16 || !$0.isInBFloat16 }

  /// The cases whose name holds `text`; all for an empty one.
  public static func cases(matching text: String) -> [BenchmarkCase] {
    text.isEmpty ? cases : cases.filter { $0.name.contains(text) }
  }

  /// Runs a case in this process.
  ///
  /// - Parameters:
  ///   - benchmark: the case; preparing it is not timed.
  ///   - threads: for each operation, for Hamiltonian Monte Carlo and for image files; it holds for the process from
  ///     then on.
  ///   - repeats: timed runs, at least 1; the median is reported.
  ///   - ceilings: of the machine, measured in the same run; nil leaves out what part of them the case reaches.
  /// - Throws: what preparing the case or its work throws.
  public static func measure(
    _ benchmark: BenchmarkCase, threads: Int, repeats: Int = repeats, ceilings: MachineCeilings? = nil
  ) throws -> BenchmarkResult {
    WorkerThreads.limit = threads
    return try ComputeThreads.with(threads) {
      let work = try benchmark.prepare()
      try work()
      let readings = try (0..<repeats).map { _ in try Stopwatch.measure(work) }
      let seconds = median(readings.map(\.wall))
      var result = BenchmarkResult(
        name: benchmark.name, precision: "float32", layout: "channels_last", threads: threads, seconds: seconds,
        images: benchmark.images, peakMegabytes: Stopwatch.peakMegabytes,
        processorSeconds: median(readings.map(\.processor)),
        ceiling: ceilings.flatMap { $0.ceiling(of: benchmark.load) })
      switch benchmark.load {
      case .arithmetic(let operations, let number):
        result.gigaflops = operations / seconds / 1e9
        result.precision = number.rawValue
      case .bytes(let bytes): result.gigabytes = bytes / seconds / 1e9
      case .mixed: break
      }
      return result
    }
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
