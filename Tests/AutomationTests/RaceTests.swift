import Automation
import Foundation
import Testing

@Suite struct RaceTests {
  @Test func chanceIsTold() throws {
    func isNearChance(_ accuracy: Double, _ area: Double, classes: Int = 2) throws -> Bool {
      try JSONDecoder().decode(
        Choice.self, from: Data("{\"members\": [\"a\"], \"balancedAccuracy\": \(accuracy), \"rocArea\": \(area)}".utf8)
      ).isNearChance(classes: classes)
    }
    #expect(try isNearChance(0.47, 0.43) && isNearChance(0.54, 0.59) && isNearChance(0.37, 0.5, classes: 3))
    #expect(try !isNearChance(0.56, 0.5) && !isNearChance(0.5, 0.8) && !isNearChance(0.5, 0.5, classes: 3))
  }

  private static func ways(_ skills: [Double]) -> [(name: String, way: SimulatedWay)] {
    skills.enumerated().map { ("way \($0)", SimulatedWay(skill: $1)) }
  }

  /// A way that knows much more than the others is among what is chosen, nearly always at the head of the finalists.
  @Test func aClearWinnerIsFound() {
    var first = 0
    for seed in 0..<8 {
      let cohort = SimulatedCohort(seed: UInt64(seed))
      let ways = Self.ways([0.3, 0.3, 0.3, 0.3, 0.3, 3, 0.3, 0.3, 0.3, 0.3])
      let outcome = cohort.race(ways)
      if outcome.finalists.first == "way 5" { first += 1 }
      #expect(outcome.places.count == 10 && outcome.standings.count == 10)
      // Some stopped early: fewer folds than the finalists.
      #expect(outcome.standings.contains { $0.folds == 2 })
      #expect(Choice(outcome, ways: ways.map(\.name), classes: 2)!.members.contains("way 5"))
    }
    #expect(first >= 7)
  }

  /// Where nothing is clearly behind, halving alone decides how much is measured: the number that progress is shown of.
  @Test(arguments: [1, 3, 4, 7, 25]) func measurementsAreForetold(ways: Int) {
    let cohort = SimulatedCohort(seed: 4)
    let same = SimulatedWay(skill: 1)
    let race = Race(rungs: Procedure.rungs(cohort.folds), classes: 2)
    var measured = 0
    _ = race.run((0..<ways).map { "way \($0)" }) { _, jobs in
      measured += jobs.count
      return jobs.map { job in
        let images = cohort.folds.sides(job.place).heldOut
        return same.heldOut(images, labels: images.map { cohort.labels[$0] }, name: "one", cohort: cohort.stream)
      }
    }
    #expect(measured == race.mostMeasurements(of: ways))
  }

  /// Ways that say the same thing tie, and the simplest is taken first.
  @Test func tiesGoToTheSimpler() {
    let cohort = SimulatedCohort(seed: 4)
    let same = SimulatedWay(skill: 1)
    let evidence = Race(rungs: Procedure.rungs(cohort.folds), classes: 2).run(["c", "a", "b"]) { _, jobs in
      jobs.map { job in
        let images = cohort.folds.sides(job.place).heldOut
        return same.heldOut(images, labels: images.map { cohort.labels[$0] }, name: "one", cohort: cohort.stream)
      }
    }
    #expect(evidence.finalists == ["c", "a", "b"])
    #expect(Choice(evidence, ways: ["c", "a", "b"], classes: 2)?.members.first == "c")
    // In the other order of simplicity it is the other one.
    #expect(Choice(evidence, ways: ["b", "a", "c"], classes: 2)?.members.first == "b")
  }

  /// What is better by less than chance does not displace the simplest.
  @Test func luckDoesNotChoose() {
    let simplest = (0..<20).count { seed in
      SimulatedCohort(seed: UInt64(100 + seed)).choice(Self.ways([1, 1, 1, 1, 1, 1]))!.members.first == "way 0"
    }
    // By the best score alone it would be one in six.
    #expect(simplest >= 7, "\(simplest) of 20")
  }

  /// No family has two members in a committee.
  @Test func committeesAreOfSeveralKinds() {
    let cohort = SimulatedCohort(seed: 8)
    let ways = Self.ways([1, 1.2, 1.1, 1, 1.3])
    let families = ["way 0": "a", "way 1": "a", "way 2": "b", "way 3": "b", "way 4": "b"]
    let choice = Choice(cohort.race(ways), ways: ways.map(\.name), classes: 2) { families[$0]! }!
    #expect(Set(choice.members.map { families[$0]! }).count == choice.members.count)
  }

  @Test func whatTimeDoesNotAllowIsSaid() {
    let cohort = SimulatedCohort(seed: 2)
    let ways = Self.ways([1, 1, 1, 1])
    let outcome = cohort.race(ways) { rung, job in job.way != "way 3" && (rung == 0 || job.place.fold < 4) }
    #expect(outcome.standings[3].isUntried && outcome.standings[3].balancedAccuracy == nil)
    // The others are compared on the folds that all of them have.
    #expect(outcome.finalists.count == 3 && outcome.places.count == 4)
    let nothing = cohort.race(ways) { _, _ in false }
    #expect(nothing.finalists.isEmpty && nothing.standings.allSatisfy(\.isUntried))
    #expect(Choice(nothing, ways: ways.map(\.name), classes: 2) == nil)
  }

  @Test func whatIsRefusedIsOutWhateverItsScore() {
    let ways = Self.ways([0.5, 5])
    let outcome = SimulatedCohort(seed: 3).race(ways, refusal: { $0 == "way 1" ? "copies" : nil })
    #expect(outcome.finalists == ["way 0"] && outcome.standings[1].fate == .refused(reason: "copies"))
  }

  /// The gain of a procedure over a baseline, both of pure noise.
  ///
  /// - Parameter honest: whether it is measured on images that the choice has not seen, or on those that it was made by.
  private static func gain(seed: Int, divisions: Int, honest: Bool) -> ProcedureGain {
    let ways = Self.ways(Array(repeating: 0, count: 8))
    let results = (0..<divisions).map { division -> DivisionResult in
      let cohort = SimulatedCohort(seed: UInt64(1000 * seed + division))
      let outcome = cohort.race(ways)
      let choice = Choice(outcome, ways: ways.map(\.name), classes: 2)!
      let test = Array(1000..<1040)
      let labels = test.map { $0 % 2 }
      func noise(_ name: String) -> HeldOut {
        SimulatedWay(skill: 0).heldOut(test, labels: labels, name: name, cohort: cohort.stream)
      }
      let best = outcome.finalists[0]
      return DivisionResult(
        division: division, choice: choice, standings: [], baseline: [noise("baseline")],
        procedure: [honest ? noise(choice.members[0]) : outcome.evidence[best]!.all], trainSubjects: 800,
        testSubjects: 80)
    }
    guard !honest else { return ProcedureGain(results, classes: 2, seed: 0) }
    // Against the same images' baseline.
    let broken = results.enumerated().map { division, result in
      var result = result
      let cohort = SimulatedCohort(seed: UInt64(1000 * seed + division))
      let own = result.procedure[0]
      result.baseline = [
        SimulatedWay(skill: 0).heldOut(own.images, labels: own.labels, name: "baseline", cohort: cohort.stream)
      ]
      result.procedure = [Calibration(own, classes: 2).apply(to: own)]
      return result
    }
    return ProcedureGain(broken, classes: 2, seed: 0)
  }

  private static func gains(_ seeds: Range<Int>, divisions: Int, honest: Bool) -> (helps: Int, mean: Double) {
    let all = seeds.map { gain(seed: $0, divisions: divisions, honest: honest) }
    let means = all.compactMap(\.accuracy.meanDifference)
    return (all.count { $0.verdict == .helps }, means.reduce(0, +) / Double(means.count))
  }

  /// Where labels are noise, nothing "helps" more often than 5 %, and nothing seems to be gained.
  @Test func noiseSeldomHelps() {
    let found = Self.gains(0..<30, divisions: 4, honest: true)
    // A standard error of the mean is about a point.
    #expect(found.helps <= 2 && abs(found.mean) < 0.03, "\(found)")
  }

  /// A procedure that is judged on the images that it chose by sees gains in noise.
  @Test func judgingByTheChoiceFools() {
    let found = Self.gains(0..<10, divisions: 6, honest: false)
    #expect(found.mean > 0.02, "\(found)")
  }
}
