import Automation
import Randomness
import Testing

@Suite struct HindsightTableTests {
  private static func cells(_ scores: [Double]) -> [HindsightTable.Cell?] {
    scores.map { .init(balancedAccuracy: $0 - 0.05, rocArea: $0 + 0.05) }
  }

  /// By hand: "a" has the best mean by its first division alone, on which it is not chosen.
  @Test func leavingOneOutByHand() throws {
    let table = HindsightTable(
      ["a", "b", "c"],
      cells: [
        "a": Self.cells([0.9, 0.6, 0.63]), "b": Self.cells([0.7, 0.7, 0.7]),
        "c": [.init(balancedAccuracy: 1, rocArea: 1), nil, nil],
      ], divisions: 3)
    #expect(table.ways == ["a", "b"] && table.best == "a")
    let mean = try #require(table.mean("a"))
    #expect(abs(mean.score - 0.71) < 1e-12 && abs(mean.rocArea - 0.76) < 1e-12)
    let chosen = try #require(table.leavingOneOut)
    #expect(chosen.map(\.way) == ["b", "a", "a"])
    #expect(zip(chosen.map(\.cell.balancedAccuracy), [0.65, 0.55, 0.58]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func equalsGoToTheSimplerAndOneDivisionSaysNothing() {
    let same = ["a": Self.cells([0.6, 0.6]), "b": Self.cells([0.6, 0.6])]
    #expect(HindsightTable(["b", "a"], cells: same, divisions: 2).best == "b")
    let one = HindsightTable(["a"], cells: ["a": Self.cells([0.6])], divisions: 1)
    #expect(one.best == "a" && one.leavingOneOut == nil)
    #expect(HindsightTable(["a"], cells: ["a": [nil, nil]], divisions: 2).best == nil)
  }

  /// On noise the best of many ways seems good, and left out of its own choice it is worth nothing.
  @Test func noiseHasALuckyBestButNoHonestOne() throws {
    var (naive, honest) = (0.0, 0.0)
    let (cohorts, ways, divisions) = (200, (0..<25).map { "way \($0)" }, 5)
    for seed in 0..<cohorts {
      var random = RandomStream(seed: UInt64(seed), purpose: "hindsight")
      let cells = Dictionary(
        uniqueKeysWithValues: ways.map { ($0, Self.cells((0..<divisions).map { _ in 0.5 + 0.05 * random.normal() })) })
      let table = HindsightTable(ways, cells: cells, divisions: divisions)
      naive += try #require(table.best.flatMap(table.mean)).score / Double(cohorts)
      let chosen = try #require(table.leavingOneOut)
      honest += chosen.reduce(0) { $0 + $1.cell.score } / Double(divisions * cohorts)
    }
    // The largest of 25 means with a deviation of 0.05 / sqrt(5) lies two deviations up; the standard error of `honest` is 0.002.
    #expect(naive > 0.53 && abs(honest - 0.5) < 0.008, "\(naive) and \(honest)")
  }
}
