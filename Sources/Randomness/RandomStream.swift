import CRandomness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A stream of random numbers that depends only on (seed, purpose, index), never on what ran before or beside it.
///
/// The key of the generator is the seed; the upper half of its counter is a hash of the purpose and the index; the
/// lower half counts blocks. Two streams of one seed overlap only if their 64-bit hashes collide.
///
/// The generator is Philox 4x32-10. Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
/// 1, 2, 3", SC 2011.
public struct RandomStream: RandomNumberGenerator, Sendable, Codable {
  private let key: SIMD2<UInt32>
  private let identity: UInt64
  private var block: UInt64 = 0
  private var buffer = SIMD2<UInt64>()
  private var buffered = 0
  private var spareNormal: Double?

  /// - Parameters:
  ///   - seed: what the user chose.
  ///   - purpose: what the numbers are for, such as `"hmc/AD"`; a stream of its own for each.
  ///   - index: which of many alike (a chain, a run, an image).
  public init(seed: UInt64, purpose: String, index: Int = 0) {
    self.init(
      key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)),
      identity: Self.mixed(Self.hash(purpose), UInt64(bitPattern: Int64(index))))
  }

  private init(key: SIMD2<UInt32>, identity: UInt64) {
    self.key = key
    self.identity = identity
  }

  /// A stream for a part of this stream's purpose. It does not depend on how much of this one was used.
  public func substream(_ purpose: String, index: Int = 0) -> RandomStream {
    RandomStream(
      key: key, identity: Self.mixed(identity ^ Self.hash(purpose), UInt64(bitPattern: Int64(index)) &+ 1))
  }

  public mutating func next() -> UInt64 {
    if buffered == 0 {
      let words = Philox.block(
        counter: SIMD4(
          UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
          UInt32(truncatingIfNeeded: identity), UInt32(truncatingIfNeeded: identity >> 32)),
        key: key)
      buffer = SIMD2(
        UInt64(words[0]) | UInt64(words[1]) << 32,
        UInt64(words[2]) | UInt64(words[3]) << 32)
      block &+= 1
      buffered = 2
    }
    buffered -= 1
    return buffer[1 - buffered]
  }

  /// Uniform on [0, 1), 53 random bits.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Uniform on [lower, upper).
  public mutating func uniform(_ lower: Double, _ upper: Double) -> Double {
    lower + (upper - lower) * uniform()
  }

  /// Standard normal, by Box and Muller's polar-free transform.
  public mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    let radius = (-2 * log(1 - uniform())).squareRoot()
    let angle = 2 * Double.pi * uniform()
    spareNormal = radius * sin(angle)
    return radius * cos(angle)
  }

  /// Fills a buffer with standard normals: those that `normal` gives one by one, to the rounding of float32, about ten times
  /// as fast.
  public mutating func fillNormal(_ target: UnsafeMutableBufferPointer<Float>) {
    var filled = 0
    if spareNormal != nil, !target.isEmpty {
      target[0] = Float(normal())
      filled = 1
    }
    let pairs = (target.count - filled) / 2
    if pairs > 0 {
      var state = crandomness_stream(
        key: (key[0], key[1]), identity: identity, block: block, rest: buffer[1], has_rest: Int32(buffered))
      crandomness_normals(&state, Int64(pairs), target.baseAddress! + filled)
      (block, buffer[1]) = (state.block, state.rest)
      filled += 2 * pairs
    }
    if filled < target.count { target[filled] = Float(normal()) }
  }

  /// Uniform on 0 ..< bound. `bound` must be positive.
  public mutating func index(below bound: Int) -> Int {
    Int.random(in: 0..<bound, using: &self)
  }

  /// The numbers 0 ..< count in random order.
  public mutating func permutation(_ count: Int) -> [Int] {
    Array(0..<count).shuffled(using: &self)
  }

  /// `count` of the numbers 0 ..< `members`, each as often as any other, give or take one: rounds of all of them, each in an order
  /// of its own.
  ///
  /// - Parameters:
  ///   - members: at least 1, unless `count` is 0.
  ///   - count: at least 0.
  public mutating func rounds(of members: Int, count: Int) -> [Int] {
    Self.rounds(of: members, count: count) { _ in permutation(members) }
  }

  /// The same, with round i from the substream (`name`, i).
  public func rounds(_ name: String, of members: Int, count: Int) -> [Int] {
    Self.rounds(of: members, count: count) { round in
      var order = substream(name, index: round)
      return order.permutation(members)
    }
  }

  private static func rounds(of members: Int, count: Int, _ order: (_ round: Int) -> [Int]) -> [Int] {
    precondition(count == 0 || members > 0, "\(count) of no members")
    var numbers: [Int] = []
    while numbers.count < count { numbers += order(numbers.count / members) }
    return Array(numbers.prefix(count))
  }

  /// FNV-1a, 64 bits.
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  /// A bijection of `value` for every `index` (the finaliser of SplitMix64), so that neighbours end far apart.
  private static func mixed(_ value: UInt64, _ index: UInt64) -> UInt64 {
    var mixed = value &+ index &* 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
