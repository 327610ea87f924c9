import Automation
import Randomness
import Testing

@Suite struct InnerFoldsTests {
  private let stream = RandomStream(seed: 0, purpose: "folds")

  /// 30 subjects with two images each, ten of the first class.
  @Test func subjectsStayTogetherAndClassesAreSpread() throws {
    let subjects = (0..<60).map { "s\($0 / 2)" }
    let labels = (0..<60).map { $0 < 20 ? 0 : 1 }
    let images = (100..<160).map { $0 }
    let folds = try #require(
      InnerFolds(images: images, labels: labels, subjects: subjects, classes: 2, most: 5, repeats: 2, stream: stream))
    #expect(folds.count == 5 && folds.repeats == 2)
    for number in 0..<2 {
      var seen: [Int] = []
      for fold in 0..<5 {
        let (heldOut, training) = folds.sides(.init(repeat: number, fold: fold))
        seen += heldOut
        #expect(Set(heldOut).union(training) == Set(images) && Set(heldOut).isDisjoint(with: training))
        let people = Set(heldOut.map { subjects[$0 - 100] })
        #expect(people.isDisjoint(with: training.map { subjects[$0 - 100] }))
        #expect(heldOut.count { labels[$0 - 100] == 0 } == 4 && heldOut.count == 12)
      }
      #expect(seen.sorted() == images)
    }
    #expect(folds.sides(.init(repeat: 0, fold: 0)).heldOut != folds.sides(.init(repeat: 1, fold: 0)).heldOut)
  }

  @Test func fewSubjectsMakeFewFolds() throws {
    func folds(_ few: Int) -> InnerFolds? {
      let labels = Array(repeating: 0, count: few) + Array(repeating: 1, count: 9)
      return InnerFolds(
        images: Array(labels.indices), labels: labels, subjects: labels.indices.map { "\($0)" }, classes: 2, most: 5,
        repeats: 1, stream: stream)
    }
    #expect(folds(1) == nil)
    #expect(try #require(folds(3)).count == 3)
    // Fewer folds than rungs want.
    #expect(Procedure.rungs(try #require(folds(2))).map(\.count) == [2])
  }
}
