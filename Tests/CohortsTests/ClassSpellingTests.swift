import Cohorts
import Foundation
import TestFiles
import Testing

/// Classes whose names differ only in how they are spelt are refused, and an inspection lists them.
@Suite struct ClassSpellingTests {
  @Test(arguments: [
    ("AD", "ad"), ("AD", "AD "), ("early AD", "earlyAD"), ("early AD", "early  AD"), ("early AD", "early\u{A0}AD"),
    ("caf\u{E9}", "cafe\u{301}"), ("AD", "A\u{200B}D"), ("Stra\u{DF}e", "STRASSE"),
  ])
  func oneClassUnderTwoFoldersIsRefused(first: String, second: String) throws {
    let scratch = try ImageScratch()
    for (index, name) in [first, second, "CN", "CN"].enumerated() {
      try scratch.noise("\(name)/sub-\(index).nii.gz", seed: UInt64(index))
    }
    expectError("differ only by case, spaces", "(1 image)", "give one class one name", scratch.url.path) {
      _ = try Cohort.load(scratch.url)
    }
    let inspection = try CohortInspection(of: Cohort.load(scratch.url, checksSplit: false))
    #expect(inspection.problems.count { $0.contains("give one class one name") } == 1)
  }

  @Test(arguments: [("AD", "CN"), ("grade 1", "grade 2"), ("T1", "T\u{2081}"), ("stage-1", "stage1")])
  func otherNamesAreTwoClasses(first: String, second: String) throws {
    let scratch = try ImageScratch()
    try scratch.touch(["\(first)/1.nii", "\(second)/2.nii"])
    #expect(try Cohort.load(scratch.url).classes.count == 2)
  }

  @Test func spellingsOfATableAreCounted() throws {
    let scratch = try ImageScratch()
    try scratch.touch((1...6).map { "\($0).nii" })
    let table = try scratch.text("participant_id,class\n1,AD\n2,ad\n3,AD\n4,CN\n5,Ad \n6,CN\n", "labels.csv")
    expectError("'AD' (2 images), 'Ad' (1 image) and 'ad' (1 image)", "3 classes") {
      _ = try Cohort.load(scratch.url, labels: LabelTable(url: table))
    }
  }

  /// Two names that print alike are spelt out.
  @Test func whatLooksAlikeIsSpeltOut() throws {
    let scratch = try ImageScratch()
    try scratch.touch(["caf\u{E9}/1.nii", "cafe\u{301}/2.nii"])
    expectError("'cafe\\u{0301}'", "'caf\\u{00E9}'") { _ = try Cohort.load(scratch.url) }
  }

  @Test func sidesOfASplitAreLookedAtTogether() throws {
    let scratch = try ImageScratch()
    try scratch.touch(["train/AD/1.nii", "train/CN/2.nii", "test/ad/3.nii", "test/CN/4.nii"])
    expectError("'AD' (1 image) and 'ad' (1 image)") { _ = try Cohort.load(scratch.url) }
  }
}
