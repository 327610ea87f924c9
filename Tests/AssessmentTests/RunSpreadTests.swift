import Assessment
import Randomness
import Testing

/// What other random starts would change, told from the few that there are.
@Suite struct RunSpreadTests {
  private func spread(_ splits: [[Double]]) -> RunSpread {
    RunSpread(
      Dictionary(
        uniqueKeysWithValues: splits.enumerated().flatMap { split, values in
          values.enumerated().map { (RunSpread.Key(split: split, run: $0), $1) }
        }))
  }

  @Test func standardErrorAndDegreesOfFreedom() {
    let one = spread([[0.5, 0.7, 0.9]])
    #expect(isClose(one.standardError, 0.2 / 3.0.squareRoot()) && one.degreesOfFreedom == 2)
    // Squares about the means of two splits: 0.02 + 0.08, with two degrees of freedom, over four runs.
    let two = spread([[0.5, 0.7], [0.2, 0.6]])
    #expect(isClose(two.standardError, (0.1 / 2 / 4).squareRoot()) && two.degreesOfFreedom == 2)
    for none in [spread([[0.5]]), spread([[0.5], [0.7]]), spread([[0.5, 0.5]]), spread([])] {
      #expect(none.standardError == 0)
    }
    // Welch: equal variances of three runs each have four degrees of freedom, unequal ones fewer, never below the smaller.
    let beside = one.beside(spread([[0.1, 0.3, 0.5]]))
    #expect(isClose(beside.standardError, (2 * 0.04 / 3).squareRoot()) && beside.degreesOfFreedom == 4)
    #expect(one.beside(spread([[0.1, 0.101, 0.102]])).degreesOfFreedom == 2)
    #expect(one.beside(spread([[0.5]])) == one && spread([[0.5]]).beside(one) == one)
  }

  @Test(arguments: [1, 3, 10]) func quantilesAreStudents(degrees: Int) {
    let values = StudentQuantiles(count: 2001).values(degreesOfFreedom: degrees)
    let distribution = StudentDistribution(degreesOfFreedom: Double(degrees))
    #expect(values.count == 2001 && values == values.sorted() && values[1000] == 0)
    #expect(values.enumerated().allSatisfy { abs(distribution.cumulative($1) - (Double($0) + 0.5) / 2001) < 1e-9 })
  }

  /// Two equally good methods whose thresholds differ from training to training, many test subjects and few trainings:
  /// at most 6 % of such experiments may find a difference at 5 %. Drawing the runs with replacement finds one in a fifth
  /// and more, since two runs show no more than the two of them.
  @Test(arguments: [(2, 0.2), (5, 0.08)]) func fewRunsClaimLittle(runs: Int, broken: Double) {
    let count = 400
    let names = (0..<2 * count).map { "s\($0)" }
    let actual = names.indices.map { $0 % 2 }
    var random = RandomStream(seed: 7, purpose: "test")
    func method() -> [RunPredictions] {
      (0..<runs).map { run in
        let shift = 0.3 * random.normal()
        return RunPredictions(
          run: run, subjects: names, actual: actual,
          predicted: actual.map { random.normal() + (Double($0) - 0.5) > shift * (Double($0) * 3 - 1) ? 1 : 0 })
      }
    }
    let bootstrap = SubjectBootstrap(method(), classes: 2, draws: 200, stream: RandomStream(seed: 8, purpose: "test"))
    let trials = 200
    var (found, unpaired, redrawn) = (0, 0, 0)
    for _ in 0..<trials {
      let (first, second) = (method(), method())
      let own = bootstrap.figures([.balancedAccuracy], of: first)
      let other = bootstrap.figures([.balancedAccuracy], of: second)
      found += bootstrap.difference(0, of: own, over: other).pValue! < 0.05 ? 1 : 0
      unpaired += bootstrap.difference(0, of: own, over: other, pairsRuns: false).pValue! < 0.05 ? 1 : 0
      let gains = zip(first, second).map {
        ClassificationMetric.balancedAccuracy.value(of: $0, classes: 2)!
          - ClassificationMetric.balancedAccuracy.value(of: $1, classes: 2)!
      }
      let means = (0..<200).map { _ in gains.indices.reduce(0) { sum, _ in sum + gains[random.index(below: runs)] } }
      redrawn += min(means.count { $0 <= 0 }, means.count { $0 >= 0 }) < 5 ? 1 : 0
    }
    #expect(Double(found) <= 0.06 * Double(trials) && Double(unpaired) <= 0.06 * Double(trials))
    #expect(Double(redrawn) > broken * Double(trials))
  }
}
