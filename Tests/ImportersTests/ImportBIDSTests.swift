import Cohorts
import Foundation
import ImageFiles
import ImageSets
import Importers
import TestFiles
import Testing

@Suite struct ImportBIDSTests {
  private func dataset() throws -> ImageScratch {
    let scratch = try ImageScratch()
    for path in [
      "sub-01/ses-a/anat/sub-01_ses-a_T1w", "sub-01/ses-b/anat/sub-01_ses-b_run-1_T1w",
      "sub-01/ses-b/anat/sub-01_ses-b_FLAIR", "sub-02/anat/sub-02_T1w", "sub-03/anat/sub-03_T1w",
      "sub-04/anat/sub-04_FLAIR", "sub-05/anat/sub-05_T1w", "derivatives/x/sub-01/anat/sub-01_T1w",
    ] {
      try scratch.folder("IN/" + (path as NSString).deletingLastPathComponent)
      _ = try AxisOrder.all[7].volume().write("IN/" + path, path.contains("05") ? .nifti : .niftiGzip, in: scratch)
    }
    _ = try scratch.text(
      """
      participant_id\tage\tdiagnosis\tclass
      sub-01\t70\tAD\t1
      02\t71\tCN\t2
      sub-03\t72\tn/a\t3
      sub-04\t73\tAD\t4
      sub-06\t74\tAD\t6

      """, "IN/participants.tsv")
    return scratch
  }

  @Test func sessionsAreGrouped() throws {
    let scratch = try dataset()
    let plan = try ImportPlan.bids(root: scratch.path("IN"), labelColumn: "diagnosis")
    let outcome = try CohortImport(plan: plan, choice: SliceChoice(position: .at(.index(2))), version: "0")
      .write(to: scratch.path("OUT"))
    #expect(outcome.images == ["AD": 2, "CN": 1] && outcome.subjects == ["AD": 1, "CN": 1])
    let cohort = try Cohort.load(scratch.path("OUT"))
    #expect(
      cohort.images.map(\.path) == [
        "AD/sub-01_ses-a_axial-002.nii.gz", "AD/sub-01_ses-b_run-1_axial-002.nii.gz", "CN/sub-02_axial-002.nii.gz",
      ])
    #expect(cohort.images.map(\.subject) == ["sub-01", "sub-01", "sub-02"])
    #expect(try ImageFile.read(cohort.images[0].url)[0, 0] == 240)
    #expect(
      try String(contentsOf: scratch.path("OUT/participants.tsv"), encoding: .utf8)
        == "participant_id\tclass\tage\tsource_class\nsub-01\tAD\t70\t1\nsub-02\tCN\t71\t2\n")
    for part in [
      "1 folder has no row in participants.tsv: sub-05", "1 subject has no 'diagnosis' and is left out: sub-03",
      "1 subject has no T1w image: sub-04", "1 row of participants.tsv has no folder: sub-06",
    ] { #expect(outcome.notes.contains(part), "\(part) is not in \(outcome.notes)") }
  }

  @Test func otherSuffixesAndFirstSessions() throws {
    let scratch = try dataset()
    #expect(
      try ImportPlan.bids(root: scratch.path("IN"), labelColumn: "diagnosis", repeats: .drop).scansByClass
        == ["AD": 1, "CN": 1])
    #expect(
      try ImportPlan.bids(root: scratch.path("IN"), labelColumn: "diagnosis", suffix: "FLAIR").scansByClass
        == ["AD": 2])
    expectError("no T2w image", "has a class") {
      _ = try ImportPlan.bids(root: scratch.path("IN"), labelColumn: "diagnosis", suffix: "T2w")
    }
    expectError("no column 'dx'", "age, diagnosis") {
      _ = try ImportPlan.bids(root: scratch.path("IN"), labelColumn: "dx")
    }
    expectError("participants.tsv", "no such file") {
      _ = try ImportPlan.bids(root: scratch.path("IN/sub-01"), labelColumn: "diagnosis")
    }
  }

  /// The same source twice gives the same bytes.
  @Test func importIsDeterministic() throws {
    let scratch = try dataset()
    let plan = try ImportPlan.bids(root: scratch.path("IN"), labelColumn: "diagnosis")
    for name in ["X", "Y"] {
      _ = try CohortImport(plan: plan, choice: SliceChoice(extent: .count(3)), version: "0")
        .write(to: scratch.path(name))
    }
    let paths = try FileManager.default.subpathsOfDirectory(atPath: scratch.path("X").path).sorted()
    #expect(try paths == FileManager.default.subpathsOfDirectory(atPath: scratch.path("Y").path).sorted())
    for path in paths where path.contains(".") {
      #expect(try Data(contentsOf: scratch.path("X/" + path)) == Data(contentsOf: scratch.path("Y/" + path)), "\(path)")
    }
  }
}
