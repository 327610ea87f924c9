import Cohorts
import Foundation
import ImageSets
import TestFiles
import Testing

@Suite struct SplittingTests {
  /// A cohort that exists in memory only.
  private func cohort(_ images: [(className: String, subject: String, split: Split?)]) -> Cohort {
    let images = images.enumerated().map { index, image in
      let path = "\(image.className)/\(image.subject)_\(index)"
      return CohortImage(
        url: URL(filePath: "/DATA/\(path)"), path: path, subject: image.subject, className: image.className,
        split: image.split)
    }
    return Cohort(root: URL(filePath: "/DATA"), images: images)
  }

  /// One image for each subject, no split.
  private func plain(_ counts: [String: Int]) -> Cohort {
    cohort(counts.sorted { $0.key < $1.key }.flatMap { name, count in (0..<count).map { (name, "\(name)\($0)", nil) } })
  }

  private func counts(_ cohort: Cohort, _ className: String) -> [Int] {
    Split.allCases.map { Cohort.subjects(of: cohort.images(of: className, in: $0)).count }
  }

  /// 100 and 316 subjects give the counts of the published OASIS split; small classes get one on each side.
  @Test(
    arguments: [
      (100, [70, 10, 20]), (316, [221, 32, 63]), (3, [1, 1, 1]), (4, [2, 1, 1]), (5, [3, 1, 1]), (10, [7, 1, 2]),
    ])
  func everyClassIsDividedByItself(count: Int, expected: [Int]) throws {
    let split = try plain(["AD": count, "CN": 50]).split(seed: 1)
    #expect(split.isSplit)
    #expect(counts(split, "AD") == expected)
    #expect(counts(split, "CN") == [35, 5, 10])
    #expect(split.assignments.map(\.path) == split.images.map(\.path))
  }

  @Test func subjectsStayTogether() throws {
    let images = (0..<40).flatMap { subject in
      (0...subject % 3).map { _ in (className: subject < 15 ? "A" : "B", subject: "s\(subject)", split: Split?.none) }
    }
    for index in 0..<20 {
      let split = try cohort(images).split(seed: 3, index: index)
      for (subject, images) in Dictionary(grouping: split.images, by: \.subject) {
        #expect(Set(images.map(\.split)).count == 1, "\(subject) is on two sides")
      }
      #expect(counts(split, "A") == [10, 2, 3] && counts(split, "B") == [17, 3, 5])
    }
  }

  @Test func seedAndIndexDecide() throws {
    let cohort = plain(["A": 30, "B": 40])
    let first = try cohort.split(seed: 5, index: 2)
    #expect(try cohort.split(seed: 5, index: 2) == first)
    #expect(try cohort.split(seed: 5, index: 3) != first)
    #expect(try cohort.split(seed: 6, index: 2) != first)
    // Another class changes nothing for this one.
    let wider = try plain(["A": 30, "B": 40, "C": 9]).split(seed: 5, index: 2)
    #expect(wider.assignments.filter { $0.className == "A" } == first.assignments.filter { $0.className == "A" })
  }

  /// Over 400 splits a subject is in test 20 % of the time: 80 +- 8 times, so beyond 45...115 is over 4 deviations.
  @Test func everySubjectComesToEverySide() throws {
    let cohort = plain(["A": 20])
    var times: [String: Int] = [:]
    for index in 0..<400 {
      for image in try cohort.split(seed: 9, index: index).images(in: .test) { times[image.subject, default: 0] += 1 }
    }
    #expect(times.count == 20)
    #expect(times.values.allSatisfy { (45...115).contains($0) }, "\(times)")
  }

  /// Files numbered alike in every class, `A/1`, `B/1`, ...: one subject of two classes each.
  @Test func subjectsOfSeveralClassesStayTogether() throws {
    let images = (0..<50).flatMap { [("A", "s\($0)", Split?.none), ("B", "s\($0)", nil)] }
    let split = try cohort(images.map { (className: $0.0, subject: $0.1, split: $0.2) }).split(seed: 1)
    #expect(counts(split, "A") == [35, 5, 10] && counts(split, "B") == [35, 5, 10])
    #expect(Dictionary(grouping: split.images, by: \.subject).values.allSatisfy { Set($0.map(\.split)).count == 1 })
  }

  @Test func givenSplitIsKept() throws {
    let given = cohort((0..<20).map { ($0 % 2 == 0 ? "A" : "B", "s\($0)", $0 < 16 ? .train : .test) })
    #expect(try given.split(seed: 1) == given)
    let parted = try given.split(seed: 1, validationFromTraining: true)
    #expect(counts(parted, "A") == [7, 1, 2] && counts(parted, "B") == [7, 1, 2])
    #expect(parted.images(in: .test) == given.images(in: .test))
    #expect(try given.split(seed: 1, index: 1, validationFromTraining: true) != parted)
    // With a validation side there is nothing to take.
    #expect(try parted.split(seed: 2, validationFromTraining: true) == parted)
  }

  @Test func sidesOfNoFractionStayEmpty() throws {
    let split = try plain(["A": 2, "B": 10]).split(
      by: SplitFractions(train: 0.8, validation: 0, test: 0.2), seed: 1)
    #expect(counts(split, "A") == [1, 0, 1] && counts(split, "B") == [8, 0, 2])
  }

  @Test func tooFewSubjectsAreRefused() throws {
    expectError("class A", "/DATA", "2 subjects", "train, validation and test") {
      _ = try plain(["A": 2, "B": 10]).split(seed: 1)
    }
    // Ten images of two subjects are two subjects.
    let images = (0..<10).map { (className: "A", subject: "s\($0 % 2)", split: Split?.none) }
    expectError("class A", "2 subjects") { _ = try cohort(images).split(seed: 1) }
  }

  @Test(arguments: [(0.7, 0.1, 0.1), (0, 0.5, 0.5), (1.2, -0.1, -0.1), (.nan, 0, 1)])
  func fractionsMustDivide(train: Double, validation: Double, test: Double) throws {
    expectError("add up to 1") {
      _ = try plain(["A": 9]).split(by: SplitFractions(train: train, validation: validation, test: test), seed: 1)
    }
  }
}
