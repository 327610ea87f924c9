import Assessment
import Geometry
import Testing

@Suite struct PrivacyTests {
  private let first = congruential(seed: 5, count: 23).map { ($0 * 20).rounded() / 20 }
  private let second = congruential(seed: 6, count: 17).map { ($0 * 20).rounded() / 20 + 0.05 }

  /// scipy 1.17's mannwhitneyu, asymptotic, without continuity correction, with ties.
  @Test func rankSum() throws {
    let test = try #require(RankSumTest([(first, second)]))
    #expect(isClose(test.probability, 0.35038363171355497) && isClose(test.z!, -1.6030218575880228, 1e-9))
    #expect(isClose(RankSumTest([(first, second), ([], [1])])!.z!, test.z!))
    #expect(RankSumTest([([1], [])]) == nil)
  }

  /// The area is scikit-learn's roc_auc_score; DeLong's interval is restated with numpy.
  @Test func membership() throws {
    let test = try #require(MembershipTest([(second, first)]))
    #expect(isClose(test.area, 0.649616368286445))
    #expect(isClose(test.interval!.lower, 0.4759032708927987) && isClose(test.interval!.upper, 0.8233294656800912))
    #expect(MembershipTest([([1], [0])])?.interval == nil)
  }

  /// Restated with scipy's cdist.
  @Test func authenticity() {
    let real = points(seed: 1, count: 40)
    let synthetic = points(seed: 2, count: 30, shift: 0.4, scale: 0.8)
    func count(_ images: Matrix) -> Int {
      Authenticity.judge(
        toTraining: PairwiseDistances.between(images, real), withinTraining: PairwiseDistances.between(real, real)
      ).count { $0 }
    }
    #expect(count(synthetic) == 16)
    #expect(count(real) == 0)
  }
}
