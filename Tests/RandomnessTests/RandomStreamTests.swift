import Randomness
import Testing

@Suite struct RandomStreamTests {
  /// Known answers distributed with the authors' Random123 library (file kat_vectors, philox4x32 with 10 rounds).
  @Test(
    arguments: [
      ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
      (
        [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff],
        [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])])
  func philoxMeetsPublishedAnswers(counter: [UInt32], key: [UInt32], expected: [UInt32]) {
    #expect(Philox.block(counter: SIMD4(counter), key: SIMD2(key)) == SIMD4(expected))
  }

  @Test func streamDependsOnlyOnSeedPurposeAndIndex() {
    var first = RandomStream(seed: 7, purpose: "hmc/AD", index: 3)
    var same = RandomStream(seed: 7, purpose: "hmc/AD", index: 3)
    let expected = (0..<100).map { _ in first.next() }
    #expect((0..<100).map { _ in same.next() } == expected)
    for (seed, purpose, index) in [(8, "hmc/AD", 3), (7, "hmc/CN", 3), (7, "hmc/AD", 4)] as [(UInt64, String, Int)] {
      var other = RandomStream(seed: seed, purpose: purpose, index: index)
      #expect(Set((0..<100).map { _ in other.next() }).isDisjoint(with: expected))
    }
    var used = RandomStream(seed: 7, purpose: "hmc/AD", index: 3)
    for _ in 0..<5 { _ = used.normal() }
    var childOfUsed = used.substream("noise", index: 1)
    var childOfFresh = RandomStream(seed: 7, purpose: "hmc/AD", index: 3).substream("noise", index: 1)
    #expect(childOfUsed.next() == childOfFresh.next())
  }

  /// Four moments of 200,000 normals, each within 4.5 Monte Carlo standard errors of its known value.
  @Test func normalsHaveTheMomentsOfANormal() {
    var stream = RandomStream(seed: 1, purpose: "test")
    let count = 200_000
    var sums = [0.0, 0.0, 0.0, 0.0]
    for _ in 0..<count {
      let value = stream.normal()
      sums[0] += value
      sums[1] += value * value
      sums[2] += value * value * value
      sums[3] += value * value * value * value
    }
    for (sum, (mean, variance)) in zip(sums, [(0.0, 1.0), (1, 2), (0, 15), (3, 96)]) {
      #expect(abs(sum / Double(count) - mean) < 4.5 * (variance / Double(count)).squareRoot())
    }
  }

  /// Counts in 64 equal bins, by the chi-squared statistic (63 degrees of freedom: 99.99 % lie below 114).
  @Test func uniformsFillTheUnitIntervalEvenly() {
    var stream = RandomStream(seed: 2, purpose: "test")
    var counts = [Int](repeating: 0, count: 64)
    for _ in 0..<64_000 { counts[Int(stream.uniform() * 64)] += 1 }
    let statistic = counts.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
    #expect(statistic < 114)
    #expect(statistic > 27)
  }

  @Test func permutationHoldsEveryIndexOnce() {
    var stream = RandomStream(seed: 3, purpose: "test")
    #expect(stream.permutation(500).sorted() == Array(0..<500))
  }

  /// Every member comes as often as any other, give or take one, in rounds that have orders of their own.
  @Test(arguments: [0, 1, 6, 7, 8, 20])
  func roundsUseEveryMemberAlike(count: Int) {
    let stream = RandomStream(seed: 3, purpose: "test")
    var consecutive = stream
    let both = [stream.rounds("order", of: 7, count: count), consecutive.rounds(of: 7, count: count)]
    for numbers in both {
      #expect(numbers.count == count)
      for start in stride(from: 0, to: count, by: 7) {
        let round = numbers[start..<min(start + 7, count)]
        #expect(Set(round).count == round.count && round.allSatisfy((0..<7).contains))
      }
    }
    guard count == 20 else { return }
    for numbers in both { #expect(Array(numbers[0..<7]) != Array(numbers[7..<14])) }
    var second = stream.substream("order", index: 1)
    #expect(Array(both[0][7..<14]) == second.permutation(7))
    var third = stream
    #expect(Array(both[1][0..<14]) == third.permutation(7) + third.permutation(7))
  }

  /// Many at a time are the same numbers as one by one, whatever was drawn before and after, to the rounding of float32: the
  /// absolute error counts where a sine or cosine is near 0.
  @Test(arguments: [0, 1, 2, 3], [0, 1, 2, 7, 127, 128, 129, 1000])
  func manyNormalsAreThoseOneByOne(uniformsBefore: Int, count: Int) {
    for normalsBefore in 0...1 {
      var one = RandomStream(seed: 5, purpose: "test", index: count)
      var many = one
      for _ in 0..<uniformsBefore { #expect(one.uniform() == many.uniform()) }
      for _ in 0..<normalsBefore { #expect(one.normal() == many.normal()) }
      let expected = (0..<count).map { _ in one.normal() }
      var found = [Float](repeating: .nan, count: count)
      found.withUnsafeMutableBufferPointer { many.fillNormal($0) }
      #expect(zip(found, expected).allSatisfy { abs(Double($0) - $1) < 1e-6 * max(1, abs($1)) })
      #expect(abs(one.normal() - many.normal()) < 1e-12 && one.next() == many.next())
    }
  }

  /// The tails: of a million, as many beyond 4 as a normal distribution has (63, at most 100 with 99.999 %), none at infinity.
  @Test func manyNormalsHaveTheTailsOfANormal() {
    var stream = RandomStream(seed: 6, purpose: "test")
    var values = [Float](repeating: 0, count: 1_000_000)
    values.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
    let far = values.count { abs($0) > 4 }
    #expect(far > 30 && far < 100 && values.allSatisfy { abs($0) < 7 })
    let square = values.reduce(0.0) { $0 + Double($1) * Double($1) } / 1e6
    #expect(abs(square - 1) < 4.5 * (2.0 / 1e6).squareRoot())
  }
}
