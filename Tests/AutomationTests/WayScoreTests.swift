import Automation
import Foundation
import Randomness
import Testing

@Suite struct WayScoreTests {
  /// Four images of one class, three of the other: by hand.
  @Test func aTableByHand() throws {
    let odds: [Double] = [-2, -1, 0.5, -0.5, 1, -0.7, 2]
    let heldOut = HeldOut(
      images: Array(0..<7), subjects: Array(0..<7), labels: [0, 0, 0, 0, 1, 1, 1],
      probabilities: odds.map { [Float(1 / (1 + exp($0))), Float(1 / (1 + exp(-$0)))] })
    let score = try #require(WayScore(heldOut, classes: 2))
    // 3 of 4 and 2 of 3 are right; of 12 pairs the third class-1 image loses two.
    #expect(abs(score.balancedAccuracy - (3.0 / 4 + 2.0 / 3) / 2) < 1e-12)
    #expect(abs(score.rocArea - 10.0 / 12) < 1e-12)
    #expect(score.standardError(ofDifferenceTo: score) == 0)
  }

  @Test func tiesCountHalf() throws {
    let heldOut = HeldOut(
      images: [0, 1, 2], subjects: [0, 1, 2], labels: [0, 1, 1],
      probabilities: [[0.5, 0.5], [0.5, 0.5], [0.2, 0.8]])
    #expect(abs(try #require(WayScore(heldOut, classes: 2)).rocArea - 0.75) < 1e-12)
    #expect(WayScore(HeldOut(images: [0], subjects: [0], labels: [0], probabilities: [[1, 0]]), classes: 2) == nil)
  }

  /// The standard error of a difference is the standard deviation of that difference over cohorts.
  @Test func theStandardErrorIsThatOfRepeatedCohorts() throws {
    var (differences, errors): ([Double], [Double]) = ([], [])
    for seed in 0..<400 {
      let stream = RandomStream(seed: UInt64(seed), purpose: "cohort")
      let labels = (0..<80).map { $0 < 20 ? 0 : 1 }
      let scores = [("a", 1.0), ("b", 1.4)].map { name, skill in
        WayScore(
          SimulatedWay(skill: skill).heldOut(Array(0..<80), labels: labels, name: name, cohort: stream), classes: 2)!
      }
      differences.append(scores[1].value - scores[0].value)
      errors.append(scores[1].standardError(ofDifferenceTo: scores[0]))
    }
    let mean = differences.reduce(0, +) / 400
    let deviation = (differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399).squareRoot()
    let error = (errors.reduce(0) { $0 + $1 * $1 } / 400).squareRoot()
    // The deviation of 400 draws is known to 3.5 %.
    #expect(abs(error / deviation - 1) < 0.12, "\(error) and \(deviation)")
    // Without pairing it would be far off: both ways find the same images hard.
    #expect(deviation < 0.8 * 2.0.squareRoot() * deviation)
  }

  /// Images of one subject count as one.
  @Test func subjectsCountOnce() throws {
    let stream = RandomStream(seed: 5, purpose: "cohort")
    let labels = (0..<40).map { $0 % 2 }
    func twice(_ name: String, subjects: [Int]) -> WayScore {
      let one = SimulatedWay(skill: 1).heldOut(Array(0..<40), labels: labels, name: name, cohort: stream)
      return WayScore(
        HeldOut(
          images: Array(0..<80), subjects: subjects, labels: one.labels + one.labels,
          probabilities: one.probabilities + one.probabilities), classes: 2)!
    }
    let people = (0..<80).map { $0 % 40 }
    let error = twice("a", subjects: people).standardError(ofDifferenceTo: twice("b", subjects: people))
    let wrong = twice("a", subjects: Array(0..<80)).standardError(ofDifferenceTo: twice("b", subjects: Array(0..<80)))
    #expect(error > 1.3 * wrong)
  }
}
