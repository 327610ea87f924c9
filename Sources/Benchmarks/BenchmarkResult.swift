/// What one case came to. As JSON the first eight fields are those of the scripts that time other libraries.
public struct BenchmarkResult: Codable, Sendable, Equatable {
  public var name: String
  public var precision: String
  public var layout: String
  public var threads: Int
  /// The median of the repeats, by the clock on the wall.
  public var seconds: Double
  /// Images or chains in a run.
  public var images: Int
  public var imagesPerSecond: Double
  /// The most memory that the process held, in units of 1024 x 1024 bytes.
  public var peakMegabytes: Int
  /// The median of the processor time of all threads: what a machine that is shared slows down least.
  public var processorSeconds: Double
  /// Floating point operations, by the plain formulas, over the wall time, in 10^9 a second; nil where they are not what counts.
  public var gigaflops: Double?
  /// Bytes over the wall time, in 10^9 a second; nil where they are not what counts.
  public var gigabytes: Double?
  /// What the machine reached in the same run: matrix products or copies. Nil if it was not measured.
  public var ceiling: Double?

  package init(
    name: String, precision: String, layout: String, threads: Int, seconds: Double, images: Int, peakMegabytes: Int,
    processorSeconds: Double, ceiling: Double? = nil
  ) {
    self.name = name
    self.precision = precision
    self.layout = layout
    self.threads = threads
    self.seconds = seconds
    self.images = images
    imagesPerSecond = Double(images) / seconds
    self.peakMegabytes = peakMegabytes
    self.processorSeconds = processorSeconds
    self.ceiling = ceiling
  }

  enum CodingKeys: String, CodingKey {
    case name, precision, layout, threads, seconds, images
    case imagesPerSecond = "images_per_second"
    case peakMegabytes = "peak_mb"
    case processorSeconds = "cpu_seconds"
    case gigaflops = "gflop_per_second"
    case gigabytes = "gb_per_second"
    case ceiling
  }

  /// The part of the ceiling that was reached; above 1 where an algorithm needs fewer operations than the plain one.
  public var share: Double? {
    guard let ceiling, ceiling > 0 else { return nil }
    return (gigaflops ?? gigabytes).map { $0 / ceiling }
  }
}
