import Cohorts
import Foundation
import ImageSets
import TestFiles
import Testing

@Suite struct CohortTableTests {
  @Test func idsMatchNamesStemsAndSubjects() throws {
    let scratch = try ImageScratch()
    try scratch.touch([
      "sub-01/ses-1/sub-01_ses-1_T1w.nii.gz", "sub-01/ses-2/sub-01_ses-2_T1w.nii.gz", "flat/scan7.nii.gz", "02.nii",
      "x/y.png.nii", "OAS1_0003_MR1.hdr", "OAS1_0003_MR1.img",
    ])
    let table = try scratch.text(
      """
      participant_id\tgroup\tage
      01\tAD\t70
      scan7\tCN\t
      02.nii\tCN\t1
      x/y.png.nii\tMCI\t1
      OAS1_0003\tAD\t2

      """, "participants.tsv")
    let cohort = try Cohort.load(scratch.url, labels: LabelTable(url: table, classColumn: "group"))
    #expect(cohort.classes == ["AD", "CN", "MCI"])
    #expect(
      cohort.images.map { "\($0.path) \($0.className)" } == [
        "02.nii CN", "OAS1_0003_MR1.hdr AD", "flat/scan7.nii.gz CN", "sub-01/ses-1/sub-01_ses-1_T1w.nii.gz AD",
        "sub-01/ses-2/sub-01_ses-2_T1w.nii.gz AD", "x/y.png.nii MCI",
      ])
    // The column participant_id names the subjects.
    #expect(cohort.images.map(\.subject) == ["02.nii", "OAS1_0003", "scan7", "01", "01", "x/y.png.nii"])
    #expect(cohort.notes.isEmpty)
  }

  @Test func particularRowsWinOverTheSubjects() throws {
    let scratch = try ImageScratch()
    try scratch.touch(["sub-1_ses-1.nii", "sub-1_ses-2.nii"])
    let table = try scratch.text("id,class\nsub-1,CN\nsub-1_ses-2,AD\n", "labels.csv")
    let cohort = try Cohort.load(scratch.url, labels: LabelTable(url: table, idColumn: "id"))
    #expect(cohort.images.map(\.className) == ["CN", "AD"])
    #expect(cohort.images.map(\.subject) == ["sub-1", "sub-1"])
  }

  @Test(arguments: ["a.csv", "b.txt", "c.tsv"])
  func quotesSeparatorsAndByteOrderMarksAreRead(name: String) throws {
    let scratch = try ImageScratch()
    try scratch.touch(["1.png", "2.png"])
    let separator = name == "a.csv" ? "," : name == "b.txt" ? ";" : "\t"
    let lines = [["id", "class", "note"], ["1", "\"AD\"", "\"a, b; c\""], ["2", "CN", "\"say \"\"x\"\"\""]]
    let text = "\u{FEFF}" + lines.map { $0.joined(separator: separator) }.joined(separator: "\r\n")
    let table = try scratch.text(text, name)
    let cohort = try Cohort.load(scratch.url, labels: LabelTable(url: table, idColumn: "id"))
    #expect(cohort.images.map(\.className) == ["AD", "CN"])
  }

  @Test func missingValuesAndStrangersAreNoted() throws {
    let scratch = try ImageScratch()
    try scratch.touch((1...7).map { "sub-\($0).nii" })
    let table = try scratch.text(
      "participant_id\tclass\nsub-1\tAD\nsub-2\tCN\nsub-3\tn/a\nsub-8\tAD\nsub-9\tAD\n", "participants.tsv")
    let cohort = try Cohort.load(scratch.url, labels: LabelTable(url: table))
    #expect(cohort.images.map(\.subject) == ["sub-1", "sub-2"])
    #expect(
      cohort.notes == [
        "2 rows of participants.tsv have no image file: sub-8 and sub-9",
        "1 row of participants.tsv has no class and is not used: sub-3",
        "4 images have no row in participants.tsv and are not used: sub-4.nii, sub-5.nii, sub-6.nii and 1 more",
      ])
  }

  @Test func splitAndSubjectComeFromColumns() throws {
    let scratch = try ImageScratch()
    try scratch.touch(["1.png", "2.png", "3.png", "4.png", "5.png", "6.png"])
    let text = """
      file,class,split,who
      1,A,train,p
      2,B,Training,q
      3,A,val,r
      4,B,validation,s
      5,A,xtest,t
      6,B,,u
      """
    let table = try scratch.text(text, "labels.csv")
    let labels = LabelTable(url: table, idColumn: "file", splitColumn: "split", subjectColumn: "who")
    let cohort = try Cohort.load(scratch.url, labels: labels)
    #expect(cohort.isSplit)
    #expect(cohort.images.map(\.split) == [.train, .train, .validation, .validation])
    #expect(cohort.images.map(\.subject) == ["p", "q", "r", "s"])
    #expect(cohort.notes.contains { $0.hasPrefix("2 images are neither of train, validation nor test") })
    let unused = try Cohort.load(scratch.url, labels: LabelTable(url: table, idColumn: "file"))
    #expect(!unused.isSplit && unused.notes.contains { $0.contains("'split'") })
    _ = try scratch.text(text.replacing("val,r", with: "val,p"), "labels.csv")
    expectError("subject p ", "1.png", "3.png") { _ = try Cohort.load(scratch.url, labels: labels) }
  }

  @Test func splitFoldersHoldWithATable() throws {
    let scratch = try ImageScratch()
    try scratch.touch(["train/sub-1.png", "train/sub-2.png", "test/sub-3.png", "test/sub-4.png", "other/sub-5.png"])
    let table = try scratch.text("participant_id\tclass\nsub-1\tA\nsub-2\tB\nsub-3\tA\nsub-4\tB\n", "participants.tsv")
    let cohort = try Cohort.load(scratch.url, labels: LabelTable(url: table))
    #expect(cohort.images.map(\.split) == [.test, .test, .train, .train])
    #expect(cohort.notes.contains { $0.contains("other (1 image)") })
  }

  @Test(
    arguments: [
      ("", "no column 'participant_id'"),
      ("participant_id\tclass\n", "no row with a value"),
      ("participant_id\tgroup\nsub-1\tA\n", "no column 'class' (its columns are participant_id and group)"),
      ("participant_id\tclass\tclass\nsub-1\tA\tB\n", "2 columns 'class'"),
      ("participant_id\tclass\nsub-7\tA\nsub-8\tA\n", "(sub-7 and sub-8)"),
      ("participant_id\tclass\nsub-1\tA\nsub-1\tB\n", "the id sub-1 has two rows with different classes"),
      ("participant_id\tclass\nsub-1\t\n", "both a class and a side"),
      ("participant_id\tclass\nsub-1\t../etc\n", "the class name '../etc'"),
      ("participant_id\tclass\nsub-1\t\"A\"x\n", "quotes"),
    ])
  func unfitTablesAreRefused(text: String, part: String) throws {
    let scratch = try ImageScratch()
    try scratch.touch(["sub-1.nii.gz"])
    let table = try scratch.text(text, "participants.tsv")
    expectError(part) { _ = try Cohort.load(scratch.url, labels: LabelTable(url: table)) }
  }

  @Test func missingTableIsNamed() throws {
    let scratch = try ImageScratch()
    try scratch.touch(["sub-1.nii.gz"])
    expectError("nowhere.tsv", "no such file") {
      _ = try Cohort.load(scratch.url, labels: LabelTable(url: scratch.path("nowhere.tsv")))
    }
    try Data([0xff, 0xfe, 0x41]).write(to: scratch.path("latin.csv"))
    expectError("latin.csv", "UTF-8") {
      _ = try Cohort.load(scratch.url, labels: LabelTable(url: scratch.path("latin.csv")))
    }
  }
}
