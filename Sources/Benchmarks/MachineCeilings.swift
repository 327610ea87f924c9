import COpenBLAS
import Dispatch
import Tensors

/// What this machine can do, measured on as many threads as the cases get.
public struct MachineCeilings: Codable, Sendable, Equatable {
  /// Products of 1024 x 1024 matrices, one on each thread, in 10^9 operations a second.
  public var singlePrecision: Double
  /// The same in bfloat16, added up in float32; nil where the processor has no instructions for it.
  public var halfPrecision: Double?
  /// The same in double precision.
  public var doublePrecision: Double
  /// Copies of 64 MiB, one on each thread, in 10^9 bytes read and written a second.
  public var copy: Double

  enum CodingKeys: String, CodingKey {
    case singlePrecision = "sgemm_gflop_per_second"
    case halfPrecision = "bfloat16_gflop_per_second"
    case doublePrecision = "dgemm_gflop_per_second"
    case copy = "copy_gb_per_second"
  }

  /// Measures; a second or two.
  public static func measure(threads: Int) -> MachineCeilings {
    openblas_set_num_threads(1)
    let size = 1024
    let operations = 2 * Double(size) * Double(size) * Double(size) * Double(threads)
    let elements = size * size
    let single = best(threads) { () -> () -> Void in
      let (a, b, c) = (filled(elements, Float(0.5)), filled(elements, Float(0.25)), filled(elements, Float(0)))
      return {
        cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(size), Int32(size), Int32(size), 1, a.pointer, Int32(size),
          b.pointer, Int32(size), 0, c.pointer, Int32(size))
      }
    }
    let half =
      !Tensor.multipliesBFloat16
      ? nil
      : best(threads) { () -> () -> Void in
        let a = Tensor([size, size], repeating: 0.5).converted(to: .bfloat16)
        let c = Tensor([size, size], repeating: 0)
        return { Tensor.multiply(halves: a, by: a, into: c) }
      }
    let double = best(threads) { () -> () -> Void in
      let (a, b, c) = (filled(elements, 0.5), filled(elements, 0.25), filled(elements, 0.0))
      return {
        cblas_dgemm(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(size), Int32(size), Int32(size), 1, a.pointer, Int32(size),
          b.pointer, Int32(size), 0, c.pointer, Int32(size))
      }
    }
    let copied = 64 << 20
    let copy = best(threads) { () -> () -> Void in
      let (a, b) = (filled(copied / 4, Float(1)), filled(copied / 4, Float(0)))
      return { b.pointer.update(from: a.pointer, count: copied / 4) }
    }
    return MachineCeilings(
      singlePrecision: operations / single / 1e9, halfPrecision: half.map { operations / $0 / 1e9 },
      doublePrecision: operations / double / 1e9,
      copy: 2 * Double(copied) * Double(threads) / copy / 1e9)
  }

  /// The ceiling of a case.
  public func ceiling(of load: BenchmarkCase.Load) -> Double? {
    switch load {
    case .arithmetic(_, .float32): singlePrecision
    case .arithmetic(_, .bfloat16): halfPrecision ?? singlePrecision
    case .arithmetic(_, .float64): doublePrecision
    case .bytes: copy
    case .mixed: nil
    }
  }

  /// The shortest of ten runs on all threads at once, in seconds.
  private static func best(_ threads: Int, _ make: () -> () -> Void) -> Double {
    let work = Work((0..<threads).map { _ in make() })
    return (0..<10).map { _ in
      Stopwatch.measure { DispatchQueue.concurrentPerform(iterations: threads) { work.bodies[$0]() } }.wall
    }.min()!
  }

  private static func filled<Value>(_ count: Int, _ value: Value) -> Memory<Value> { Memory(count, value) }

  /// Buffers that end with their owner.
  private final class Memory<Value> {
    let pointer: UnsafeMutablePointer<Value>
    init(_ count: Int, _ value: Value) {
      pointer = .allocate(capacity: count)
      pointer.initialize(repeating: value, count: count)
    }
    deinit { pointer.deallocate() }
  }

  /// Work of which each thread runs its own.
  private final class Work: @unchecked Sendable {
    let bodies: [() -> Void]
    init(_ bodies: [() -> Void]) { self.bodies = bodies }
  }
}
