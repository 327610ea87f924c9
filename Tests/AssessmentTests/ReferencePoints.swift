import Geometry

/// Numbers that another program makes alike: the linear congruential generator x -> 1664525 x + 1013904223 modulo 2^32,
/// divided by 2^32.
func congruential(seed: UInt32, count: Int) -> [Double] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 1_664_525 &+ 1_013_904_223
    return Double(state) / 4_294_967_296
  }
}

/// Points whose coordinates are `scale` times (the sum of four uniforms - 2), plus `shift`.
func points(seed: UInt32, count: Int, dimension: Int = 6, shift: Double = 0, scale: Double = 1) -> Matrix {
  let numbers = congruential(seed: seed, count: 4 * count * dimension)
  return Matrix(
    rows: count, columns: dimension,
    values: (0..<count * dimension).map { scale * (numbers[4 * $0..<4 * $0 + 4].reduce(0, +) - 2) + shift })
}

func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-10) -> Bool { abs(a - b) <= tolerance * max(1, abs(b)) }
