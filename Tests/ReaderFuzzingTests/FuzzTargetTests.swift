import ImageFiles
import Randomness
import ReaderFuzzing
import Testing

/// A short, repeatable run of what `make fuzz` does at length.
@Suite struct FuzzTargetTests {
  @Test(arguments: FuzzTarget.allCases) func seedsAreAccepted(target: FuzzTarget) throws {
    for (index, seed) in target.seeds.enumerated() {
      #expect(try target.run(seed), "seed \(index) of \(target)")
    }
  }

  @Test(arguments: FuzzTarget.allCases) func mutantsBreakNoPromise(target: FuzzTarget) throws {
    let seeds = target.seeds
    let words = target.words.map { Array($0.utf8) }
    var mutation = Mutation(random: RandomStream(seed: 1, purpose: "test/mutants/\(target)"), words: words)
    var accepted = 0
    let rounds = 2000
    for round in 0..<rounds {
      let mutant = mutation.mutant(of: seeds[round % seeds.count], among: seeds)
      do {
        if try target.run(mutant) { accepted += 1 }
      } catch { Issue.record("\(target), round \(round): \(error); the bytes are \(mutant)") }
    }
    // A harness that sends everything astray, or nowhere, would find nothing.
    #expect(accepted > 20 && accepted < rounds * 9 / 10, "\(accepted) of \(rounds) were accepted")
  }

  @Test func aBrokenReaderIsNoticed() throws {
    func slice(_ value: Float) -> Slice { Slice(height: 1, width: 1, pixels: [value], frame: .unoriented()) }
    #expect(throws: FuzzTarget.BrokenPromise.self) { try FuzzTarget.check { _ in slice(.nan) } }
    try FuzzTarget.check { _ in slice(1) }
    // A frame whose normal axis has no unit size cannot come back.
    var turned = Slice(height: 1, width: 2, pixels: [1, 2], frame: .unoriented())
    turned.frame.layout = .init(rowAxis: 1, columnAxis: 2)
    #expect(throws: FuzzTarget.BrokenPromise.self) { try FuzzTarget.check { _ in turned } }
  }
}
