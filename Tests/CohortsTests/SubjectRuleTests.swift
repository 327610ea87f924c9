import Cohorts
import Foundation
import ImageSets
import TestFiles
import Testing

/// Subjects by a user's pattern, by a column, and in tables whose ids are nearly theirs.
@Suite struct SubjectRuleTests {
  private func subjects(_ pattern: String?, _ paths: [String] = ["AD/x12-3.png", "AD/x13-3.png"]) throws -> [String] {
    let scratch = try ImageScratch()
    try scratch.touch(paths)
    return try Cohort.load(scratch.url, subjects: SubjectRule(pattern: pattern)).images.map(\.subject)
  }

  @Test func thePatternIsLookedForInNameThenPath() throws {
    #expect(try subjects(nil) == ["x12", "x13"])
    #expect(try subjects(#"^(x\d)"#) == ["x1", "x1"])
    #expect(try subjects(#"-(\d)\.png$"#) == ["3", "3"])
    #expect(try subjects("none") == ["AD/x12-3", "AD/x13-3"])
    #expect(try subjects(#"/(person\w)/"#, ["AD/personA/1.png", "CN/personB/1.png"]) == ["personA", "personB"])
  }

  @Test func patternsThatSayNothingAreRefused() throws {
    expectError("'x(' is no regular expression") { _ = try SubjectRule(pattern: "x(") }
    expectError("'x' has no group", "brackets") { _ = try SubjectRule(pattern: "x") }
    expectError("does not fit AD/x13-3.png") { _ = try subjects("(x12)") }
    let name = String(repeating: "a", count: 60)
    expectError("more than a second", name) { _ = try subjects("(a+)+$b", ["AD/\(name).png"]) }
  }

  @Test func aRowServesAllFilesOfItsSubject() throws {
    let scratch = try ImageScratch()
    try scratch.touch(["a/patient01_slice1.png", "a/patient01_slice2.png", "a/patient02_slice1.png"])
    let table = try scratch.text("participant_id,class\npatient01,AD\npatient02,CN\npatient03,CN\n", "people.csv")
    let cohort = try Cohort.load(scratch.url, labels: LabelTable(url: table))
    #expect(cohort.images.map(\.className) == ["AD", "AD", "CN"])
    #expect(cohort.images.map(\.subject) == ["patient01", "patient01", "patient02"])
    #expect(cohort.notes == ["1 row of people.csv has no image file: patient03"])
  }

  /// Rows of single files in a column called participant_id do not part a person's slices.
  @Test func rowsOfFilesKeepTheSubjectOfTheName() throws {
    let scratch = try ImageScratch()
    try scratch.touch(["patient1_slice1.png", "patient1_slice2.png"])
    let table = try scratch.text(
      "participant_id,class,who\npatient1_slice1,AD,x\npatient1_slice2.png,AD,y\n", "t.csv")
    func subjects(_ column: String?) throws -> [String] {
      try Cohort.load(scratch.url, labels: LabelTable(url: table, subjectColumn: column)).images.map(\.subject)
    }
    #expect(try subjects(nil) == ["patient1", "patient1"])
    #expect(try subjects("who") == ["x", "y"])
  }

  @Test func zerosAndSubAreNoDifference() throws {
    let scratch = try ImageScratch()
    try scratch.touch(["001.nii", "sub-002.nii", "10.nii", "100.nii"])
    let table = try scratch.text("participant_id,class\n1,AD\n2,CN\n010,AD\n5,CN\n", "t.csv")
    let cohort = try Cohort.load(scratch.url, labels: LabelTable(url: table))
    #expect(cohort.images.map(\.path) == ["001.nii", "10.nii", "sub-002.nii"])
    #expect(cohort.images.map(\.subject) == ["1", "010", "2"])
    #expect(cohort.notes.contains { $0.contains("3 subjects matched") && $0.contains("001 and 1") })
    #expect(cohort.notes.contains { $0.hasPrefix("1 row of t.csv has no image file: 5") })
    #expect(cohort.notes.contains { $0.hasPrefix("1 image has no row in t.csv") && $0.hasSuffix("100.nii") })
  }

  /// The control: two people, or two rows, who differ by zeros alone are not mixed up.
  @Test func whatIsAmbiguousIsNotMatched() throws {
    let scratch = try ImageScratch()
    try scratch.touch(["1.nii", "01.nii", "003.nii", "4.nii"])
    let table = try scratch.text("id,class\n1,AD\n3,CN\n03,AD\n4,CN\n", "t.csv")
    let cohort = try Cohort.load(scratch.url, labels: LabelTable(url: table, idColumn: "id"))
    #expect(cohort.images.map(\.path) == ["1.nii", "4.nii"])
    #expect(cohort.notes.contains { $0.contains("2 subjects not matched") && $0.contains("003 and 01") })
  }
}
