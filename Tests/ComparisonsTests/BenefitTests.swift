import Comparisons
import Foundation
import Judgement
import Randomness
import Recipes
import Testing

@Suite struct BenefitTests {
  private let stream = RandomStream(seed: 1, purpose: "rows")

  private func counts(_ rows: [Int], _ labels: [Int]) -> [Int] {
    rows.reduce(into: [0, 0]) { $0[labels[$1]] += 1 }
  }

  /// 3 images of class 0, 8 of class 1; synthetic ones fill up class 0, or come to both.
  @Test(arguments: [([5, 0], 8), ([10, 10], 18), ([0, 4], 12), ([0, 0], 8)])
  func everyArmHasAsManyImagesOfEachClass(counts: [Int], total: Int) {
    let labels = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1]
    let synthetic = [0, 1].flatMap { Array(repeating: $0, count: counts[$0]) }
    let all = labels + synthetic
    let baseline = BenefitTrial.rows(labels: labels, synthetic: [], beside: counts, stream: stream)
    #expect(baseline.allSatisfy(labels.indices.contains))
    let augmented = BenefitTrial.rows(labels: labels, synthetic: synthetic, beside: counts, stream: stream)
    #expect(Set(all.indices).subtracting(augmented).allSatisfy { $0 < labels.count })
    for rows in [baseline, augmented] {
      #expect(self.counts(rows, all) == [total, total])
      for label in 0...1 {
        let uses = labels.indices.filter { labels[$0] == label }.map { image in rows.count { $0 == image } }
        #expect(uses.max()! - uses.min()! <= 1)
      }
    }
    guard counts.allSatisfy({ $0 > 0 }) else { return }
    let alone = BenefitTrial.rows(
      labels: labels, synthetic: synthetic, beside: counts, trainOn: .synthetic, stream: stream)
    #expect(self.counts(alone, all) == [total, total] && alone.allSatisfy { $0 >= labels.count })
    #expect(Set(alone).count == synthetic.count)
  }

  @Test func theCheckSaysItsNumbers() {
    func outcome(_ real: [Double], _ augmented: [Double]) -> BenefitCheck.Outcome {
      BenefitCheck.Outcome(real: real, augmented: augmented, images: 40, usedValidationImages: true)
    }
    let helps = outcome([0.70, 0.72, 0.74], [0.80, 0.83, 0.82])
    #expect(helps.isHelpful && helps.sentence.hasSuffix(": they help"))
    #expect(helps.sentence.contains("from 72.0 to 81.7 %: +9.7 points") && helps.sentence.contains("40 validation"))
    let hurts = outcome([0.80, 0.83, 0.82], [0.70, 0.72, 0.74])
    #expect(!hurts.isHelpful && hurts.sentence.hasSuffix(": they hurt"))
    let open = outcome([0.70, 0.80, 0.72], [0.74, 0.76, 0.75])
    #expect(!open.isHelpful && open.sentence.hasSuffix("no evidence that they help"))
    #expect(!outcome([0.7], [0.9]).isHelpful)
  }

  @Test func theGridChoosesOnValidationImages() {
    var table = BenefitTable(arms: [BenefitTable.baseline, "a", "b"], leaks: [:])
    #expect(table.chosen == BenefitTable.baseline)
    for run in 0..<3 {
      let offset = 0.01 * Double(run)
      table.add(.init(arm: "b", run: run, validation: 0.72 + offset, test: 0.60 + offset))
      table.add(.init(arm: "a", run: run, validation: 0.71 + offset, test: 0.90 + offset))
      table.add(.init(arm: BenefitTable.baseline, run: run, validation: 0.70 + offset, test: 0.65 + offset))
    }
    #expect(table.chosen == "b")
    let gain = table.gain("b", \.test)
    #expect(abs(gain!.mean + 5) < 1e-9 && gain!.standardError! < 1e-9 && gain!.repeats == 3)
    #expect(table.text.contains("Chosen on validation images: b; on test images it gains -5.0"))
  }

  /// One repeat has a gain but no standard error: a dash in the table, null for programs.
  @Test func oneRepeatHasNoInterval() throws {
    var table = BenefitTable(arms: [BenefitTable.baseline, "a"], leaks: [:])
    table.add(.init(arm: BenefitTable.baseline, run: 0, validation: 0.70, test: 0.65))
    table.add(.init(arm: "a", run: 0, validation: 0.72, test: 0.66))
    #expect(table.gain("a", \.test)?.standardError == nil)
    #expect(table.text.contains("+2.0 ± - ") && table.text.contains("One repeat: no interval"), "\(table.text)")
    #expect(table.text.contains("it gains +1.0 ± - points (one repeat: no interval)."))
    #expect(!table.text.contains("inf") && !table.text.contains("nan"))

    func ways() throws -> [[String: Any]] {
      let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(BenefitSummary(table)))
      return try #require((object as? [String: Any])?["ways"] as? [[String: Any]])
    }
    let one = try ways()
    #expect(one[1]["testStandardError"] is NSNull && one[1]["validationStandardError"] is NSNull)
    #expect(abs((one[1]["testGain"] as? Double ?? 0) - 1) < 1e-9 && one[1]["repeats"] as? Int == 1)
    #expect(one[0]["testGain"] is NSNull && one[0]["repeats"] as? Int == 1)

    table.add(.init(arm: BenefitTable.baseline, run: 1, validation: 0.70, test: 0.65))
    table.add(.init(arm: "a", run: 1, validation: 0.74, test: 0.68))
    #expect(table.text.contains("+3.0 ± 1.0") && table.text.contains("means over 2 paired repeats"))
    #expect(abs((try ways()[1]["testStandardError"] as? Double ?? 0) - 1) < 1e-9)
  }
}
