import Automation
import Foundation
import Testing

@Suite struct SimpleWaysTests {
  /// Of ten images the first ones are right.
  private static func heldOut(right: Int) -> HeldOut {
    let labels = (0..<10).map { $0 % 2 }
    return HeldOut(
      images: Array(0..<10), subjects: Array(0..<10), labels: labels,
      probabilities: labels.indices.map { index in
        let second: Float = (labels[index] == 1) == (index < right) ? 0.8 : 0.2
        return [1 - second, second]
      })
  }

  private static func result(_ division: Int, right: Int, linear: Int?) -> DivisionResult {
    DivisionResult(
      division: division, choice: nil, standings: [], baseline: [heldOut(right: 4)], procedure: [heldOut(right: right)],
      others: linear.map { ["linear": [heldOut(right: $0)]] } ?? [:],
      missing: linear == nil ? ["linear": "no time"] : [:], trainSubjects: 40, testSubjects: 10)
  }

  /// The gain over a simple way, by hand, and the primary one, which it leaves alone.
  @Test func theGainIsThatOverTheSimpleWay() throws {
    let results = [(8, 6), (10, 6), (8, 8)].enumerated().map { Self.result($0, right: $1.0, linear: $1.1) }
    let beside = AutoAnswer.Beside.all(results, classes: 2, seed: 0)
    #expect(beside.map(\.way) == ["linear"] && beside[0].divisions == 3 && beside[0].missing.isEmpty)
    let gain = try #require(beside[0].gain)
    #expect(gain.accuracy.baseline == "linear")
    let difference: Double = try #require(gain.accuracy.meanDifference)
    let own: Double = try #require(gain.meanAccuracies[1])
    #expect(abs(difference - 0.2) < 1e-12 && abs(own - 2.0 / 3) < 1e-12)
    // sqrt(1 / 3 + 10 / 40) times the deviation of 0.2, 0.4 and 0.
    let error: Double = try #require(gain.accuracy.test).standardError
    let expected: Double = 0.2 * (7.0 / 12).squareRoot()
    #expect(abs(error - expected) < 1e-12)
    let primary = ProcedureGain(results, classes: 2, seed: 0)
    let alone = results.map { result in
      var alone = result
      alone.others = [:]
      return alone
    }
    #expect(primary == ProcedureGain(alone, classes: 2, seed: 0))
    // 0.4, 0.6 and 0.4.
    let mean: Double = try #require(primary.accuracy.meanDifference)
    #expect(abs(mean - 1.4 / 3) < 1e-12)
  }

  @Test func whatWasNotScoredIsSaid() {
    let beside = AutoAnswer.Beside.all(
      [Self.result(0, right: 8, linear: nil), Self.result(1, right: 8, linear: 6)], classes: 2, seed: 0)
    #expect(beside[0].divisions == 1)
    #expect(beside[0].sentences.contains("There was no time to score linear beside the choice in 1 of 2 divisions."))
    let none = AutoAnswer.Beside.all([Self.result(0, right: 8, linear: nil)], classes: 2, seed: 0)
    #expect(none[0].gain == nil)
    #expect(none[0].sentences == ["There was no time to score linear beside the choice on the given split."])
  }
}
