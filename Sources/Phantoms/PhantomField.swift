import Randomness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A smooth random function of the plane: a cubic B-spline over a lattice of independent normals.
///
/// Its values have mean 0 and standard deviation close to 1; it varies over about twice its `period`.
struct PhantomField: Sendable {
  private let period: Double
  private let halfExtent: Double
  private let side: Int
  private let lattice: [Double]

  /// One over the standard deviation of a cubic B-spline of independent normals, averaged over the plane.
  private static let gain = 2.09

  /// - Parameters:
  ///   - period: spacing of the lattice in millimetres.
  ///   - halfExtent: the field is defined for coordinates from minus to plus this many millimetres, and is held at its
  ///     border value beyond.
  init(period: Double, halfExtent: Double = 135, random: inout RandomStream) {
    self.period = period
    self.halfExtent = halfExtent
    side = Int((2 * halfExtent / period).rounded(.up)) + 4
    lattice = (0..<side * side).map { _ in random.normal() * Self.gain }
  }

  /// The value at a point in millimetres.
  func value(_ x: Double, _ y: Double) -> Double {
    let u = (min(max(x, -halfExtent), halfExtent) + halfExtent) / period
    let v = (min(max(y, -halfExtent), halfExtent) + halfExtent) / period
    let column = Int(u)
    let row = Int(v)
    let across = Self.weights(u - Double(column))
    let down = Self.weights(v - Double(row))
    return lattice.withUnsafeBufferPointer { lattice in
      var total = 0.0
      for j in 0..<4 {
        let start = (row + j) * side + column
        total +=
          down[j]
          * (across[0] * lattice[start] + across[1] * lattice[start + 1] + across[2] * lattice[start + 2]
            + across[3] * lattice[start + 3])
      }
      return total
    }
  }

  /// The four weights of a uniform cubic B-spline.
  private static func weights(_ t: Double) -> SIMD4<Double> {
    let s = 1 - t
    return SIMD4(
      s * s * s, 3 * t * t * t - 6 * t * t + 4, 3 * s * s * s - 6 * s * s + 4, t * t * t) / 6
  }
}

/// Two independent smooth fields: a displacement in millimetres.
struct PhantomWarp: Sendable {
  private let across: PhantomField
  private let down: PhantomField
  private let amplitude: Double

  init(period: Double, amplitude: Double, random: inout RandomStream) {
    across = PhantomField(period: period, random: &random)
    down = PhantomField(period: period, random: &random)
    self.amplitude = amplitude
  }

  /// The displacement at a point, in millimetres.
  func displacement(_ point: SIMD2<Double>) -> SIMD2<Double> {
    SIMD2(across.value(point.x, point.y), down.value(point.x, point.y)) * amplitude
  }
}
