import Cohorts
import Foundation
import ImageSets
import TestFiles
import Testing

@Suite struct CohortFolderTests {
  @Test func classFoldersGiveSortedImages() throws {
    let scratch = try ImageScratch()
    try scratch.touch([
      "CN/sub-10.nii.gz", "CN/sub-9.nii", "AD/sub-2.hdr", "AD/sub-2.img", "AD/Sub-3.nii.gz", "AD/.hidden.nii.gz",
      "AD/sub-2.json", "participants.tsv", "dataset_description.json", "manifest.csv", ".git/config",
    ])
    let cohort = try Cohort.load(scratch.url)
    #expect(cohort.classes == ["AD", "CN"])
    #expect(cohort.images.map(\.path) == ["AD/Sub-3.nii.gz", "AD/sub-2.hdr", "CN/sub-10.nii.gz", "CN/sub-9.nii"])
    #expect(cohort.images.map(\.className) == ["AD", "AD", "CN", "CN"])
    #expect(cohort.images.map(\.subject) == ["Sub-3", "sub-2", "sub-10", "sub-9"])
    #expect(cohort.images.allSatisfy { FileManager.default.fileExists(atPath: $0.url.path) })
    #expect(!cohort.isSplit && cohort.images.allSatisfy { $0.split == nil })
    #expect(cohort.notes.isEmpty)
  }

  @Test(arguments: [("train", "val", "test"), ("Train", "valid", "testing"), ("training", "validation", "TEST")])
  func splitFoldersGiveTheSplit(train: String, validation: String, test: String) throws {
    let scratch = try ImageScratch()
    for (side, subject) in [(train, "1"), (validation, "2"), (test, "3"), ("extra-test", "4")] {
      for name in ["AD/sub-a\(subject)_1", "AD/sub-a\(subject)_2", "CN/sub-b\(subject)_1", "CN/sub-b\(subject)_2"] {
        try scratch.touch(["\(side)/\(name).nii.gz"])
      }
    }
    let cohort = try Cohort.load(scratch.url)
    #expect(cohort.isSplit)
    #expect(cohort.images.count == 12)
    for (side, subject) in [(Split.train, "1"), (.validation, "2"), (.test, "3")] {
      #expect(Cohort.subjects(of: cohort.images(in: side)) == ["sub-a\(subject)", "sub-b\(subject)"])
    }
    #expect(cohort.notes.count == 1)
    #expect(cohort.notes[0].contains("extra-test (4 images) is not used"))
    try cohort.requireForEvaluation()
  }

  @Test func classesMayBeCalledTestAndTrain() throws {
    let scratch = try ImageScratch()
    try scratch.touch(["control/1.png", "test/2.png"])
    #expect(try Cohort.load(scratch.url).classes == ["control", "test"])
    let other = try ImageScratch()
    try other.touch(["car/1.png", "train/2.png"])
    #expect(try Cohort.load(other.url).classes == ["car", "train"])
  }

  @Test func previewsBesideNIfTIAreNotImages() throws {
    let scratch = try ImageScratch()
    try scratch.touch(["AD/a.nii.gz", "AD/a.png", "CN/b.nii.gz", "CN/b.png"])
    let cohort = try Cohort.load(scratch.url)
    #expect(cohort.images.map(\.path) == ["AD/a.nii.gz", "CN/b.nii.gz"])
    #expect(cohort.notes.contains { $0.contains("2 PNG files") && $0.contains("AD/a.png") })
    try scratch.touch(["MCI/c.png"])
    expectError("MCI", "PNG") { _ = try Cohort.load(scratch.url) }
  }

  @Test func linksThatFormLoopsEnd() throws {
    let scratch = try ImageScratch()
    try scratch.touch(["AD/deep/a.nii.gz", "CN/b.nii.gz"])
    for (link, target) in [("AD/up", ".."), ("AD/self", "."), ("CN/deep", "../AD/deep/x"), ("AD/deep/x", "../../CN")] {
      try FileManager.default.createSymbolicLink(atPath: scratch.path(link).path, withDestinationPath: target)
    }
    let cohort = try Cohort.load(scratch.url)
    #expect(cohort.images(of: "CN").map(\.path) == ["CN/b.nii.gz"])
    #expect(cohort.images(of: "AD").map(\.path) == ["AD/deep/a.nii.gz", "AD/deep/x/b.nii.gz"])
  }

  @Test func linkedFilesAndFoldersAreRead() throws {
    let scratch = try ImageScratch()
    try scratch.touch(["store/1.nii.gz", "store/2.nii.gz", "DATA/CN/3.nii.gz"])
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path("DATA/CN/4.nii.gz").path, withDestinationPath: "../../store/1.nii.gz")
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path("DATA/AD").path, withDestinationPath: "../store")
    let cohort = try Cohort.load(scratch.path("DATA"))
    #expect(cohort.images.map(\.path) == ["AD/1.nii.gz", "AD/2.nii.gz", "CN/3.nii.gz", "CN/4.nii.gz"])
  }

  @Test(
    arguments: [
      ("AD/a.nii.gz", "CN/", ["CN", "the class folder is empty"]),
      ("AD/a.nii.gz", "CN/notes.txt", ["CN", "none of the 1 file in the class folder is an image"]),
      ("a.nii.gz", "b.nii.gz", ["the 2 images in", "are in no class folder", "--labels"]),
      ("readme.txt", "participants.tsv", ["none of the 2 files in it (participants.tsv and readme.txt) is an image"]),
      ("sub-01/anat/sub-01_T1w.nii.gz", "sub-02/anat/sub-02_T1w.nii.gz", ["a folder for each subject", "--labels"]),
      ("test/AD/a.nii.gz", "val/AD/b.nii.gz", ["no folder train"]),
      ("train/a.nii.gz", "test/b.nii.gz", ["in no class folder"]),
      ("train/AD/a.nii.gz", "test/", ["test", "no class folders"]),
      ("train/AD/a.nii.gz", "test/CN/b.nii.gz", ["the class CN has no image in the train side"]),
      ("AD/a.nii.gz", "AD/a.nii", ["AD/a.nii and AD/a.nii.gz", "keep one"]),
      ("train/AD/a.nii.gz", "training/AD/b.nii.gz", ["train and training", "keep one"]),
    ])
  func unfitFoldersAreRefused(first: String, second: String, parts: [String]) throws {
    let scratch = try ImageScratch()
    for path in [first, second] { path.hasSuffix("/") ? try scratch.folder(path) : try scratch.touch([path]) }
    for part in parts { expectError(part, scratch.url.path) { _ = try Cohort.load(scratch.url) } }
  }

  @Test func missingFolderAndFileAreRefused() throws {
    let scratch = try ImageScratch()
    expectError("nowhere", "no such folder") { _ = try Cohort.load(scratch.path("nowhere")) }
    try scratch.touch(["file"])
    expectError("it is a file") { _ = try Cohort.load(scratch.path("file")) }
  }

  @Test(arguments: ["test/AD/sub-1_ses-2.nii.gz", "test/CN/sub-1.nii.gz", "val/AD/sub-1_T1w.nii"])
  func subjectOnTwoSidesIsRefused(second: String) throws {
    let scratch = try ImageScratch()
    let side = second.prefix { $0 != "/" }
    try scratch.touch([
      "train/AD/sub-1_ses-1.nii.gz", "train/CN/sub-2.nii.gz", "\(side)/AD/sub-3.nii.gz", "\(side)/CN/sub-4.nii.gz",
      second,
    ])
    expectError("subject sub-1 ", "train/AD/sub-1_ses-1.nii.gz", second) { _ = try Cohort.load(scratch.url) }
  }

  @Test func requirementsNameTheClass() throws {
    let scratch = try ImageScratch()
    try scratch.touch(["AD/a.nii.gz", "AD/b.nii.gz"])
    let cohort = try Cohort.load(scratch.url)
    try cohort.requireForGeneration()
    expectError("1 class (AD)", "at least 2") { try cohort.requireForEvaluation() }
    try scratch.touch(["CN/c.nii.gz"])
    expectError("class CN", "1 image,", "at least 2") { try Cohort.load(scratch.url).requireForGeneration() }
    let split = try ImageScratch()
    try split.touch(["train/A/1.png", "train/A/2.png", "train/B/3.png", "train/B/4.png"])
    expectError("no test side") { try Cohort.load(split.url).requireForEvaluation() }
  }

  @Test(
    arguments: [
      ("sub-01_ses-1_T1w.nii.gz", "sub-01"), ("sub-01.nii", "sub-01"), ("OAS1_0001_MR1.hdr", "OAS1_0001"),
      ("OAS1_0001_MR1_mpr_n4_anon_111_t88_gfc.hdr", "OAS1_0001"), ("OAS30001_MR_d0129.nii.gz", "OAS30001"),
      ("patient_7.png", "patient_7"), ("patient_7/slice_1.png", "patient_7"), ("sub-3/anat/T1w.nii.gz", "sub-3"),
      ("batch1/sub-4_T1w.nii.gz", "sub-4"), ("OASIS_7.png", "OASIS_7"), ("sub-.png", "sub-"), ("a.b.png", "a.b"),
    ])
  func subjectsAreReadFromNames(path: String, subject: String) {
    #expect(SubjectName.of(path: path) == subject)
  }
}
