/// One piece of work that is timed.
///
/// The names, and the fields of its result, are those of the scripts that time the same work in other libraries.
public struct BenchmarkCase: Sendable {
  /// Such as `vae-oasis`.
  public let name: String
  /// What is timed, in one line.
  public let summary: String
  /// Images, or chains, that one run works on.
  public let images: Int
  /// How much of the machine one run takes, to be set against the machine's ceiling.
  public let load: Load
  /// Makes what is needed and returns the work itself, which is run several times.
  let prepare: @Sendable () throws -> () throws -> Void

  /// What bounds the work.
  public enum Load: Sendable, Equatable {
    /// Floating point operations of a run by the plain formulas, and the kind of number.
    case arithmetic(Double, Number)
    /// Bytes that a run reads or writes.
    case bytes(Double)
    /// Nothing single bounds it.
    case mixed
  }

  /// What is computed with; each has a ceiling of its own.
  public enum Number: String, Sendable { case float32, float64, bfloat16 }

  var isInBFloat16: Bool {
    if case .arithmetic(_, .bfloat16) = load { true } else { false }
  }

  package init(
    _ name: String, _ summary: String, images: Int, load: Load,
    prepare: @escaping @Sendable () throws -> () throws -> Void
  ) {
    self.name = name
    self.summary = summary
    self.images = images
    self.load = load
    self.prepare = prepare
  }
}
